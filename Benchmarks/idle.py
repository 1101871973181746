"""Holds tens of thousands of connections that do nothing but answer pings, on several Ringsides, because a process may open 20,000 files.

    python3 Benchmarks/idle.py PATH/TO/ringside [--connections N] [--processes N] [--seconds S]

Each connection has a session, its personal channel and two subscriptions. Figures go to stdout as Markdown.
"""

import argparse
import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from programs import HERE, raise_descriptor_limit
from realtime import subscribers
from run import describe_machine, say, table
from servers import ringside


def hold(server, number, connections, seconds):
    # Each load generator has addresses of its own: one address has too few ports for all of them.
    arguments = subscribers(server, connections, "--src", f"127.0.{number + 1}.2", "--settle", 30, "--idle", seconds)
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def row(number, run):
    idle, server, opened = run["idle"], run["server"], run["open"]
    cpu = idle["cpu_user_s"] + idle["cpu_sys_s"]
    return (number, f"{opened:,}", run["failed"] + run["closed"], f"{idle['wall_s']:.0f}", f"{idle['echoed']:,}",
            f"{server['rss_per_conn_b']:,.0f}", f"{cpu:.2f}", f"{1e6 * cpu / (opened * idle['wall_s']):.2f}" if opened else "-")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringside", type=pathlib.Path, help="the release build's executable")
    parser.add_argument("--connections", type=int, default=50_000)
    parser.add_argument("--processes", type=int, default=4, help="servers, and as many load generators")
    parser.add_argument("--seconds", type=int, default=600, help="how long, after half a minute to come to rest")
    parser.add_argument("--loops", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    raise_descriptor_limit()
    describe_machine(options)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="idle-", dir=HERE / ".build"))
    try:
        with contextlib.ExitStack() as running:
            each = options.connections // options.processes
            say(f"{options.processes} servers with {each} connections each, for {options.seconds} s")
            servers = [running.enter_context(ringside(options.ringside, folder, name=f"realtime-{number}")) for number in range(options.processes)]
            clients = [hold(server, number, each, options.seconds) for number, server in enumerate(servers)]
            outputs = [client.communicate()[0] for client in clients]
        if not all(outputs):
            sys.exit("wsload failed")
        rows = [row(number + 1, json.loads(output)) for number, output in enumerate(outputs)]
    finally:
        shutil.rmtree(folder)
    table(f"{options.connections:,} idle connections",
          ("server", "connections", "lost", "seconds", "pings answered", "bytes of process memory each", "server CPU s", "CPU us per connection and second"),
          rows)


if __name__ == "__main__":
    main()
