"""Starts the server, the peers and the load generators, and reads what they print."""

import contextlib
import json
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import threading

ADMIN = {"username": "bench-admin", "password": "Bench-of-9-oak-planks"}
START_SECONDS = 30
HERE = pathlib.Path(__file__).parent
BUILT = HERE / ".build" / "release"
PEERS = HERE.parent / ".setup" / "peers"  # by scripts/setup-peers.sh


def raise_descriptor_limit():
    """5,000 watchers are 5,000 descriptors on either side; children inherit the limit."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Listener:
    """A process that said where it listens."""

    def __init__(self, process, port):
        self.process = process
        self.port = port


@contextlib.contextmanager
def listening(arguments, log, environment=None):
    """Starts a server, waits for `listening on http://HOST:PORT`, and ends it with SIGTERM."""
    with open(log, "a") as errors:
        process = subprocess.Popen(
            [str(argument) for argument in arguments], stdout=subprocess.PIPE, stderr=errors, text=True,
            env=dict(os.environ, **(environment or {})))
    try:
        for line in process.stdout:
            if found := re.search(r"listening on http://[^:]+:(\d+)", line):
                break
        else:
            sys.exit(f"{arguments[0]} did not start:\n" + pathlib.Path(log).read_text()[-4000:])
        # Whatever else it prints must not fill the pipe.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield Listener(process, int(found.group(1)))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def postgresql(folder):
    """A PostgreSQL of the run's own in the folder, which syncs every commit; yields a function that makes a database and tells its URL."""
    folder.chmod(0o711)  # it runs as a user of its own
    script, home = HERE.parent / "scripts" / "postgresql.sh", folder / "postgresql"
    url = subprocess.run([script, "start", home, "--durable"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    def create(name):
        subprocess.run(["psql", "--quiet", "--command", f"CREATE DATABASE {name}", url], check=True)
        return url.rsplit("/", 1)[0] + "/" + name

    try:
        yield create
    finally:
        subprocess.run([script, "stop", home], check=False)


@contextlib.contextmanager
def redis(folder):
    """A Redis of the run's own, which keeps nothing; yields its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def ringside(binary, folder, *flags, database=None):
    """Ringside on the run's own SQLite file or on another database; errors alone are logged."""
    environment = {
        "RINGSIDE_ADMIN_USERNAME": ADMIN["username"],
        "RINGSIDE_ADMIN_PASSWORD": ADMIN["password"],
        "RINGSIDE_LOG_LEVEL": "error",
        "RINGSIDE_DRAIN_SECONDS": "0",
    }
    arguments = [binary, "serve", "--host", "127.0.0.1", "--port", "0", "--rooms-port", "off",
                 "--database", database or f"sqlite://{folder}/bench.sqlite", *flags]
    return listening(arguments, folder / "ringside.log", environment)


def peer(folder, payload_bytes):
    """The minimal epoll fan-out server, with frames of a given size."""
    return listening([BUILT / "epollfan", "--bytes", payload_bytes], folder / "peer.log")


def fastapi_is_installed():
    return (PEERS / "installed").exists()


def fastapi(folder, plan, database=None):
    """The FastAPI peer on a database of its own (a SQLite file if no URL is given), filled from a plan if it is empty."""
    url = database.replace("postgres://", "postgresql+psycopg://") if database else f"sqlite:///{folder}/fastapi.sqlite"
    program = [PEERS / "bin" / "python", HERE / "peers" / "fastapi" / "server.py"]
    return listening([*program, "--database", url, "--plan", plan], folder / "fastapi.log")


def load(program, server, *flags):
    """Runs a load generator against a server and returns its figures."""
    arguments = [BUILT / program, "--port", server.port, "--server", server.process.pid, *flags]
    done = subprocess.run([str(argument) for argument in arguments], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{program} failed")
    return json.loads(done.stdout)
