"""The servers that carry live messages: Ringside's engine, nginx with nchan, Node's `ws` and a minimal epoll server, ready to be measured."""

import base64
import contextlib
import hashlib
import hmac
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import typing

from programs import BUILT, Listener, HERE, listening

SECRET = "a secret for a benchmark on loopback"
KEY = "a key for a benchmark on loopback"
PING = "{}"  # of Ringside's protocol; a client that does not answer it is closed
PAYLOAD_BYTES = 150  # with the timestamp and a number, messages of about 200 bytes

class Server(typing.NamedTuple):
    """A running server and how wsload subscribes and publishes there."""
    name: str
    listener: Listener
    pids: list
    subscribing: list
    publishing: list
    flags: list = []
    publishing_live: list = []  # over a connection of the publisher's own


def token():
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
    claims = {"sub": "42", "exp": int(time.time()) + 86_400}
    signed = part(b'{"alg":"HS256","typ":"JWT"}') + "." + part(json.dumps(claims).encode())
    return signed + "." + part(hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest())


class Certificate(typing.NamedTuple):
    chain: pathlib.Path
    key: pathlib.Path


def certificate(folder):
    """One for 127.0.0.1 that nobody vouches for."""
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    if not made.chain.exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-keyout", made.key, "-out", made.chain], check=True, stderr=subprocess.DEVNULL)
    return made


def tls_flags(tls):
    return ["--tls"] if tls else []


@contextlib.contextmanager
def ringside(binary, folder, loops=1, window=None, tls=False, name="realtime", queue_bytes=1_048_576, **_):
    settings = {
        "http_server": {"address": "127.0.0.1", "port": 0}, "loops": loops, "log": {"level": "error"},
        "http_api": {"key": KEY}, "shutdown": {"timeout": "0s"},
        "client": {
            "token": {"hmac_secret_key": SECRET}, "user_connection_limit": 1_000_000, "connection_limit": 1_000_000,
            "connection_rate_limit": 1_000_000, "commands_per_second": 1_000_000, "user_commands_per_second": 1_000_000,
            "queue_max_size": queue_bytes,
            "subscribe_to_user_personal_channel": {"enabled": True, "personal_channel_namespace": "personal"},
        },
        "channel": {"namespaces": [
            {"name": name, "history_size": 100, "history_ttl": "60s", "force_recovery": True, "allow_subscribe_for_client": True,
             "allow_publish_for_client": True, "allow_user_limited_channels": True}
            for name in ("bench", "personal")
        ]},
    }
    if window is not None:
        settings["coalescing_microseconds_max"] = window
    if tls:
        made = certificate(folder)
        settings["http_server"]["tls"] = {"enabled": True, "cert_pem_file": str(made.chain), "key_pem_file": str(made.key)}
    file = folder / f"{name}.json"
    file.write_text(json.dumps(settings))
    # In one frame, as clients do it: connect, a channel that stays quiet, and the one that is measured.
    hello = "\n".join([
        json.dumps({"id": 1, "connect": {"token": token()}}), '{"id":3,"subscribe":{"channel":"bench:quiet"}}',
        '{"id":2,"subscribe":{"channel":"bench:$t"}}',
    ])
    with listening([binary, "realtime", "--config", file], folder / "ringside.log") as server:
        yield Server(
            "Ringside", server, [server.process.pid],
            ["--path", "/connection/websocket", "--sub-msg", hello, "--sub-ack", '"id":2'],
            ["--pub", "http", "--pub-path", "/api/publish", "--pub-header", f"X-API-Key: {KEY}",
             "--pub-msg", '{"channel":"bench:$t","data":{"ts":"$ts","n":$i,"d":"$pad"}}'],
            ["--echo", PING, *tls_flags(tls)],
            ["--pub", "ws", "--pub-path", "/connection/websocket", "--pub-init", json.dumps({"id": 1, "connect": {"token": token()}}),
             "--pub-msg", '{"id":2,"publish":{"channel":"bench:$t","data":{"ts":"$ts","n":$i,"d":"$pad"}}}'])


@contextlib.contextmanager
def epoll(binary, folder, **_):
    with listening([BUILT / "epollfan", "--echo"], folder / "epollfan.log") as server:
        yield Server("minimal epoll", server, [server.process.pid], ["--path", "/"],
                     ["--pub", "http", "--pub-path", "/", "--pub-msg", message("$t")])


@contextlib.contextmanager
def nchan(binary, folder, deflate=False, tls=False, **_):
    if not shutil.which("nginx") or not pathlib.Path("/usr/lib/nginx/modules/ngx_nchan_module.so").exists():
        yield None
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = folder / "nchan"
    home.mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError):
        (home / "modules").symlink_to("/usr/lib/nginx/modules")
    listener, extra = f"127.0.0.1:{port}", ""
    if tls:
        made = certificate(folder)
        listener += " ssl"
        extra += f"ssl_certificate {made.chain}; ssl_certificate_key {made.key}; "
    if deflate:
        extra += "nchan_deflate_message_for_websocket on; "
    template = (HERE / "peers" / "nchan" / "nginx.conf").read_text()
    (home / "nginx.conf").write_text(template.replace("LISTENER", listener).replace("EXTRA", extra))
    with open(folder / "nchan.log", "a") as errors:
        process = subprocess.Popen(["nginx", "-p", str(home), "-c", "nginx.conf"], stderr=errors)
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
        workers = subprocess.run(["pgrep", "-P", str(process.pid)], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        yield Server("nginx + nchan", Listener(process, port), workers, ["--path", "/sub?id=$t"],
                     ["--pub", "http", "--pub-path", "/pub?id=$t", "--http-type", "text/plain", "--pub-msg", message("$t")],
                     tls_flags(tls))
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def node(binary, folder, deflate=False, tls=False, **_):
    if not shutil.which("node") or not pathlib.Path("/usr/share/nodejs/ws").exists():
        yield None
        return
    arguments = ["node", HERE / "peers" / "node-ws" / "server.js", *(["--deflate"] if deflate else []),
                 *(["--tls", *certificate(folder)] if tls else [])]
    with listening(arguments, folder / "node.log", {"NODE_PATH": "/usr/share/nodejs"}) as server:
        yield Server("Node ws", server, [server.process.pid], ["--path", "/?id=$t"],
                     ["--pub", "http", "--pub-path", "/?id=$t", "--pub-msg", message("$t")], tls_flags(tls))


def message(topic):
    return '{"push":{"channel":"bench:' + topic + '","pub":{"data":{"ts":"$ts","n":$i,"d":"$pad"},"offset":$i}}}'


ALL = (epoll, ringside, nchan, node)
