"""Measures the real-time engine beside nginx with nchan, Node's `ws` and a minimal epoll server: same payload, same subscribers, one run.

    python3 Benchmarks/realtime.py PATH/TO/ringside [--seconds S] [--rounds N] [--only fanout,latency,coalescing,window,slow,deflate,tls,idle,loops]

`make bench` builds everything and runs it. Ringside runs as `ringside realtime` with the whole protocol path: a token for each connection,
a channel that is positioned, recoverable and keeps history. Peers that are not installed are left out. Figures go to stdout as Markdown.
"""

import argparse
import contextlib
import json
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile

from programs import BUILT, HERE, raise_descriptor_limit
from run import describe_machine, say, table
from servers import ALL, PAYLOAD_BYTES, nchan, node, ringside


# MARK: measuring

def subscribers(server, connections, *flags):
    arguments = [BUILT / "wsload", "-p", server.listener.port, "-n", connections, "--pids", ",".join(map(str, server.pids)), "-q",
                 "--src", "127.0.0.2", "--srcs", 4, *server.subscribing, *server.flags, *flags]
    return [str(argument) for argument in arguments]


def wsload(server, connections, *flags, publish=True):
    publishing = (*server.publishing, "--pad", PAYLOAD_BYTES) if publish else ()
    done = subprocess.run(subscribers(server, connections, *publishing, *flags), stdout=subprocess.PIPE, text=True, check=False)
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
    deflated = rounds(options, folder, (ringside, nchan, node), lambda server: wsload(
        server, connections, *flags, "--deflate", "--no-context", "--inflate-sample", 20), deflate=True)
    rows = fanout_rows({"Ringside, plain": plain["Ringside"]} | {f"{name}, deflated": runs for name, runs in deflated.items()},
                       connections, "Ringside, plain")
    table("Deflated broadcasts", (*FANOUT[:3], "of plain", *FANOUT[4:]), rows)


def measure_tls(options, folder):
    connections = 5_000
    say("TLS")
    def load(server):
        return wsload(server, connections, "--saturate", "--window", 2, "-d", options.seconds)
    plain = rounds(options, folder, (ringside,), load)
    encrypted = rounds(options, folder, (ringside, nchan, node), load, tls=True)
    rows = fanout_rows({"Ringside, plain": plain["Ringside"]} | {f"{name}, TLS": runs for name, runs in encrypted.items()},
                       connections, "Ringside, plain")
    table("Broadcasts over TLS", (*FANOUT[:3], "of plain", *FANOUT[4:]), rows)


def measure_latency(options, folder):
    connections = 10_000
    say(f"50,000 deliveries a second to {connections}")
    figures = rounds(options, folder, ALL, lambda server: wsload(server, connections, "-r", 50_000 / connections, "-d", max(options.seconds, 6)))
    rows = [(name, *(milliseconds(runs, quantile) for quantile in ("p50", "p99", "p999")), cpu(runs)) for name, runs in figures.items()]
    table(f"A fixed 50,000 deliveries per second to {connections:,} subscribers",
          ("", "p50 ms", "p99 ms", "p99.9 ms", "server CPU us each (user + sys)"), rows)


def measure_window(options, folder):
    """Small audiences of busy channels, where nothing but waiting makes events leave together. Published over WebSocket: an HTTP request costs
    as much as fifty deliveries, so requests would be the bound."""
    rows = []
    for name, window in (("off", 0), ("on", 2_000)):
        for rate in (100, 500, 1_000, 2_000, 3_000):
            say(f"window {name}, {rate} publications a second")
            figures = rounds(options, folder, (ringside,), lambda server: wsload(
                server._replace(publishing=server.publishing_live), 100, "--publishers", 8, "--topics", 2, "-r", rate, "-d", options.seconds),
                window=window)
            runs = figures["Ringside"]
            rows.append((name, f"{rate:,}", f"{middle(runs, delivered):,.0f}", cpu(runs), milliseconds(runs, "p50"), milliseconds(runs, "p99")))
    table("The coalescing window: 2 channels of 50 subscribers",
          ("window", "publications per second", "deliveries per second", "server CPU us each (user + sys)", "p50 ms", "p99 ms"), rows)


@contextlib.contextmanager
def crowd(server, connections, reads):
    """Subscribers of their own process; those who do not read have it stopped, with all their sockets open."""
    if connections == 0:
        yield
        return
    process = subprocess.Popen(subscribers(server, connections, "--rcvbuf", 4_096, "--hold"), stdout=subprocess.PIPE, text=True)
    try:
        if not process.stdout.readline():
            sys.exit(f"wsload failed against {server.name}")
        if not reads:
            process.send_signal(signal.SIGSTOP)
        yield
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.communicate()


def measure_slow(options, folder):
    """What those who read notice of thousands who do not, in the same channel, until these are sent away with their queues full."""
    rows = []
    for name, connections, reads in (("nobody", 0, True), ("5,000 that read", 5_000, True), ("5,000 that stopped", 5_000, False)):
        say(f"100 subscribers beside {name}")
        def measure(server):
            with crowd(server, connections, reads):
                return wsload(server, 100, "-r", 8, "-d", max(options.seconds, 12), "--pad", 8_000)
        figures = rounds(options, folder, (ringside,), measure, queue_bytes=262_144)
        runs = figures["Ringside"]
        rows.append((name, milliseconds(runs, "p50"), milliseconds(runs, "p99"), milliseconds(runs, "p999"),
                     sum(int(run["expected_total"]) - run["delivered_total"] for run in runs),
                     f"{middle(runs, lambda run: run['server']['rss_end_kb'] - run['server']['rss_idle_kb']) / 1024:.0f}"))
    table("100 subscribers beside others who read slowly, 8 messages of 8 KB a second",
          ("beside", "p50 ms", "p99 ms", "p99.9 ms", "lost", "the server grew by MB"), rows)


def measure_idle(options, folder):
    connections = 10_000
    rows = []
    for tls in (False, True):
        say(f"{connections} idle connections{', TLS' if tls else ''}")
        for start in (ringside, nchan, node) if tls else ALL:
            with start(options.ringside, folder, tls=tls) as server:
                if server is None:
                    continue
                run = wsload(server, connections, "--idle", 1, publish=False)
                rows.append((server.name + (", TLS" if tls else ""), f"{run['ramp_s']:.2f}", f"{run['open_ms']['p99']:.0f}",
                             f"{1e6 * sum(run['server'][key] for key in ('cpu_user_s', 'cpu_sys_s')) / connections:.0f}",
                             f"{run['server']['rss_per_conn_b']:,.0f}"))
    table(f"{connections:,} connections",
          ("", "seconds to connect all", "p99 ms to open one", "server CPU us each", "bytes of process memory each"), rows)


def measure_loops(options, folder):
    rows = []
    for loops in (1, 2):
        for connections, topics in ((5_000, 1), (5_000, 100), (5_000, 1_000)):
            say(f"{loops} loops, {topics} channels")
            figures = rounds(options, folder, (ringside,), lambda server: wsload(
                server, connections, "--topics", topics, "--saturate", "--publishers", min(topics, 4), "--window", 2, "-d", options.seconds),
                loops=loops)
            runs = figures["Ringside"]
            rows.append((loops, topics, f"{middle(runs, delivered):,.0f}", cpu(runs), milliseconds(runs, "p99")))
    table("Loops and channels, 5,000 subscribers", ("loops", "channels", "deliveries per second", "server CPU us each (user + sys)", "p99 ms"), rows)


PARTS = {
    "fanout": measure_fanout, "coalescing": measure_coalescing, "latency": measure_latency, "window": measure_window, "slow": measure_slow,
    "deflate": measure_deflate, "tls": measure_tls, "idle": measure_idle, "loops": measure_loops,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringside", type=pathlib.Path, help="the release build's executable")
    parser.add_argument("--seconds", type=int, default=3, help="length of each measurement, after a second of warm-up")
    parser.add_argument("--rounds", type=int, default=2, help="rounds, in which the servers take turns")
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
