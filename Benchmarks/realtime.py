"""Measures the real-time engine beside nginx with nchan, Node's `ws` and a minimal epoll server: same payload, same subscribers, one run.

    python3 Benchmarks/realtime.py PATH/TO/ringside [--seconds S] [--rounds N] [--only fanout,latency,coalescing,window,deflate,idle,loops]

`make bench` builds everything and runs it. Ringside runs as `ringside realtime` with the whole protocol path: a token for each connection,
a channel that is positioned, recoverable and keeps history. Peers that are not installed are left out. Figures go to stdout as Markdown.
"""

import argparse
import base64
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import typing

from programs import BUILT, Listener, HERE, listening, raise_descriptor_limit
from run import describe_machine, say, table

SECRET = "a secret for a benchmark on loopback"
KEY = "a key for a benchmark on loopback"
PAYLOAD_BYTES = 150  # with the timestamp and a number, messages of about 200 bytes


# MARK: servers

class Server(typing.NamedTuple):
    """A running server and how wsload subscribes and publishes there."""
    name: str
    listener: Listener
    pids: list
    subscribing: list
    publishing: list


def token():
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
    claims = {"sub": "42", "exp": int(time.time()) + 86_400}
    signed = part(b'{"alg":"HS256","typ":"JWT"}') + "." + part(json.dumps(claims).encode())
    return signed + "." + part(hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest())


@contextlib.contextmanager
def ringside(binary, folder, loops=1, window=None, **_):
    settings = {
        "http_server": {"address": "127.0.0.1", "port": 0}, "loops": loops, "log": {"level": "error"},
        "http_api": {"key": KEY}, "shutdown": {"timeout": "0s"},
        "client": {
            "token": {"hmac_secret_key": SECRET}, "user_connection_limit": 1_000_000, "connection_limit": 1_000_000,
            "connection_rate_limit": 1_000_000, "subscribe_to_user_personal_channel": {"enabled": True, "personal_channel_namespace": "personal"},
        },
        "channel": {"namespaces": [
            {"name": name, "history_size": 100, "history_ttl": "60s", "force_recovery": True, "allow_subscribe_for_client": True,
             "allow_user_limited_channels": True}
            for name in ("bench", "personal")
        ]},
    }
    if window is not None:
        settings["coalescing_microseconds_max"] = window
    file = folder / "realtime.json"
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
             "--pub-msg", '{"channel":"bench:$t","data":{"ts":"$ts","n":$i,"d":"$pad"}}'])


@contextlib.contextmanager
def epoll(binary, folder, **_):
    with listening([BUILT / "epollfan", "--echo"], folder / "epollfan.log") as server:
        yield Server("minimal epoll", server, [server.process.pid], ["--path", "/"],
                     ["--pub", "http", "--pub-path", "/", "--pub-msg", message("$t")])


@contextlib.contextmanager
def nchan(binary, folder, **_):
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
    (home / "nginx.conf").write_text((HERE / "peers" / "nchan" / "nginx.conf").read_text().replace("PORT", str(port)))
    with open(folder / "nchan.log", "a") as errors:
        process = subprocess.Popen(["nginx", "-p", str(home), "-c", "nginx.conf"], stderr=errors)
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
        workers = subprocess.run(["pgrep", "-P", str(process.pid)], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        yield Server("nginx + nchan", Listener(process, port), workers, ["--path", "/sub?id=$t"],
                     ["--pub", "http", "--pub-path", "/pub?id=$t", "--http-type", "text/plain", "--pub-msg", message("$t")])
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def node(binary, folder, deflate=False, **_):
    if not shutil.which("node") or not pathlib.Path("/usr/share/nodejs/ws").exists():
        yield None
        return
    arguments = ["node", HERE / "peers" / "node-ws" / "server.js", *(["--deflate"] if deflate else [])]
    with listening(arguments, folder / "node.log", {"NODE_PATH": "/usr/share/nodejs"}) as server:
        yield Server("Node ws", server, [server.process.pid], ["--path", "/?id=$t"],
                     ["--pub", "http", "--pub-path", "/?id=$t", "--pub-msg", message("$t")])


def message(topic):
    return '{"push":{"channel":"bench:' + topic + '","pub":{"data":{"ts":"$ts","n":$i,"d":"$pad"},"offset":$i}}}'


ALL = (epoll, ringside, nchan, node)


# MARK: measuring

def wsload(server, connections, *flags, publish=True):
    arguments = [BUILT / "wsload", "-p", server.listener.port, "-n", connections, "--pids", ",".join(map(str, server.pids)), "-q",
                 "--src", "127.0.0.2", "--srcs", 4, *server.subscribing, *flags]
    if publish:
        arguments += [*server.publishing, "--pad", PAYLOAD_BYTES]
    done = subprocess.run([str(argument) for argument in arguments], stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout.strip():
        sys.exit(f"wsload failed against {server.name}")
    return json.loads(done.stdout)


def rounds(options, folder, servers, measure, **settings):
    """Each server's figures of several rounds, by name; rounds alternate, so that the machine's moods meet everybody."""
    figures = {}
    for number in range(options.rounds):
        for start in servers:
            with start(options.ringside, folder, **settings) as server:
                if server is None:
                    continue
                say(f"  {server.name}, round {number + 1}")
                figures.setdefault(server.name, []).append(measure(server))
    return figures


def middle(runs, key):
    return statistics.median(key(run) for run in runs)


def delivered(run):
    return run["deliv_per_s"]


def cpu(runs):
    user, system = middle(runs, lambda run: run["server"]["user_us_per_deliv"]), middle(runs, lambda run: run["server"]["sys_us_per_deliv"])
    return f"{user + system:.2f} ({user:.2f} + {system:.2f})"


def milliseconds(runs, quantile):
    return f"{middle(runs, lambda run: run['lat_us'][quantile]) / 1_000:.2f}"


FANOUT = ("", "subscribers", "deliveries per second", "of the minimal epoll server", "server CPU us each (user + sys)", "p50 ms", "p99 ms", "lost")


def fanout_rows(figures, connections, base="minimal epoll"):
    limit = middle(figures[base], delivered)
    return [
        (name, f"{connections:,}", f"{middle(runs, delivered):,.0f}", f"{middle(runs, delivered) / limit:.2f}", cpu(runs),
         milliseconds(runs, "p50"), milliseconds(runs, "p99"),
         sum(int(run["expected_total"]) - run["delivered_total"] for run in runs))
        for name, runs in figures.items()
    ]


def measure_fanout(options, folder):
    rows = []
    for connections in options.subscribers:
        say(f"fan-out to {connections}, saturated")
        figures = rounds(options, folder, ALL, lambda server: wsload(server, connections, "--saturate", "--window", 2, "-d", options.seconds))
        rows += fanout_rows(figures, connections)
    table("Fan-out of one publisher on one loop, saturated, one message at a time", FANOUT, rows)


def measure_coalescing(options, folder):
    connections = 5_000
    say(f"coalescing: eight publishers, {connections} subscribers")
    figures = rounds(options, folder, ALL, lambda server: wsload(
        server, connections, "--saturate", "--publishers", 8, "--window", 16, "-d", options.seconds))
    table("Fan-out of eight publishers, two messages each under way", FANOUT, fanout_rows(figures, connections))


def measure_deflate(options, folder):
    connections = 5_000
    say("permessage-deflate")
    flags = ("--saturate", "--window", 2, "-d", options.seconds)
    plain = rounds(options, folder, (ringside,), lambda server: wsload(server, connections, *flags))
    deflated = rounds(options, folder, (ringside, node), lambda server: wsload(
        server, connections, *flags, "--deflate", "--no-context", "--inflate-sample", 20), deflate=True)
    rows = fanout_rows({"Ringside, plain": plain["Ringside"]} | {f"{name}, deflated": runs for name, runs in deflated.items()},
                       connections, "Ringside, plain")
    table("Deflated broadcasts", (*FANOUT[:3], "of plain", *FANOUT[4:]), rows)


def measure_latency(options, folder):
    connections = 10_000
    say(f"50,000 deliveries a second to {connections}")
    figures = rounds(options, folder, ALL, lambda server: wsload(server, connections, "-r", 50_000 / connections, "-d", max(options.seconds, 6)))
    rows = [(name, *(milliseconds(runs, quantile) for quantile in ("p50", "p99", "p999")), cpu(runs)) for name, runs in figures.items()]
    table(f"A fixed 50,000 deliveries per second to {connections:,} subscribers",
          ("", "p50 ms", "p99 ms", "p99.9 ms", "server CPU us each (user + sys)"), rows)


def measure_window(options, folder):
    """Many small audiences, where nothing but waiting makes events leave together."""
    rows = []
    for name, window in (("off", 0), ("on", 2_000)):
        for rate in (100, 2_000, 8_000, 20_000):
            say(f"window {name}, {rate} publications a second")
            figures = rounds(options, folder, (ringside,), lambda server: wsload(
                server, 1_000, "--publishers", 8, "--topics", 20, "-r", rate, "-d", options.seconds), window=window)
            runs = figures["Ringside"]
            rows.append((name, f"{rate:,}", f"{middle(runs, delivered):,.0f}", cpu(runs), milliseconds(runs, "p50"), milliseconds(runs, "p99")))
    table("The coalescing window: 20 channels of 50 subscribers",
          ("window", "publications per second", "deliveries per second", "server CPU us each (user + sys)", "p50 ms", "p99 ms"), rows)


def measure_idle(options, folder):
    connections = 10_000
    rows = []
    say(f"{connections} idle connections")
    for start in ALL:
        with start(options.ringside, folder) as server:
            if server is None:
                continue
            run = wsload(server, connections, "--idle", 1, publish=False)
            rows.append((server.name, f"{run['ramp_s']:.2f}", f"{run['open_ms']['p99']:.0f}", f"{run['server']['rss_per_conn_b']:,.0f}"))
    table(f"{connections:,} connections", ("", "seconds to connect all", "p99 ms to open one", "bytes of process memory each"), rows)


def measure_loops(options, folder):
    rows = []
    for loops in (1, 2):
        for connections, topics in ((5_000, 1), (5_000, 100)):
            say(f"{loops} loops, {topics} channels")
            figures = rounds(options, folder, (ringside,), lambda server: wsload(
                server, connections, "--topics", topics, "--saturate", "--publishers", min(topics, 4), "--window", 2, "-d", options.seconds),
                loops=loops)
            runs = figures["Ringside"]
            rows.append((loops, topics, f"{middle(runs, delivered):,.0f}", cpu(runs), milliseconds(runs, "p99")))
    table("Loops and channels, 5,000 subscribers", ("loops", "channels", "deliveries per second", "server CPU us each (user + sys)", "p99 ms"), rows)


PARTS = {
    "fanout": measure_fanout, "coalescing": measure_coalescing, "latency": measure_latency, "window": measure_window,
    "deflate": measure_deflate, "idle": measure_idle, "loops": measure_loops,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringside", type=pathlib.Path, help="the release build's executable")
    parser.add_argument("--seconds", type=int, default=4, help="length of each measurement, after a second of warm-up")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, in which the servers take turns")
    parser.add_argument("--subscribers", type=lambda text: [int(part) for part in text.split(",")], default=[1_000, 5_000, 10_000])
    parser.add_argument("--only", default=",".join(PARTS), help="which measurements, separated by commas")
    parser.add_argument("--loops", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    raise_descriptor_limit()
    describe_machine(options)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="realtime-", dir=HERE / ".build"))
    try:
        for part in options.only.split(","):
            PARTS[part](options, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
