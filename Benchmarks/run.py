"""Measures a release build of Ringside: durable bookings and reads beside a FastAPI server, fan-out beside a minimal epoll server, and how
soon a booking at one node is seen at another.

    python3 Benchmarks/run.py PATH/TO/ringside [--loops N] [--seconds S] [--rounds N] [--only bookings,reads,fanout,postgresql,nodes]

`make bench` builds everything and runs it. Server, load generator and database share the machine; the database lies on
the disk of the checkout, so a commit waits for a real fsync. Figures go to stdout as Markdown, progress to stderr.
"""

import argparse
import contextlib
import datetime
import os
import pathlib
import platform
import shutil
import statistics
import sys
import tempfile
import typing

from club import Club, FastAPIClub, RingsideClub
from programs import Listener, fastapi, fastapi_is_installed, load, peer, postgresql, raise_descriptor_limit, redis, ringside

BOOKINGS_A_SECOND_MOST = 20_000  # sizes the files of bookings, no run gets there
PUBLICATIONS_A_SECOND_MOST = 4_000


def say(text):
    print(text, file=sys.stderr, flush=True)


def table(title, heads, rows):
    widths = [max(len(str(row[column])) for row in [heads, *rows]) for column in range(len(heads))]
    def line(cells):
        return "| " + " | ".join(str(cell).ljust(width) for cell, width in zip(cells, widths)) + " |"
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    print("\n".join([f"\n### {title}\n", line(heads), rule, *map(line, rows)]), flush=True)


class Contender(typing.NamedTuple):
    """A running server with a club of its own."""
    name: str
    server: Listener
    club: Club


@contextlib.contextmanager
def peers(folder, database=None):
    """The servers that bookings and the list of venues are compared with: the FastAPI one, or none without its packages."""
    if not fastapi_is_installed():
        print("\nFastAPI's packages are not installed: measured without that peer.", flush=True)
        yield []
        return
    folder = folder / "fastapi"
    folder.mkdir(exist_ok=True)
    club = FastAPIClub(folder)
    say("seeding the FastAPI peer")
    with fastapi(folder, club.plan, database) as server:
        club.sign_everybody_in(server.port)
        yield [Contender("FastAPI + SQLAlchemy", server, club)]


def compare(what, ours, theirs):
    """One line below a table: how often Ringside does what the peer does once, at 64 clients."""
    def cpu(figures):
        return figures["user_us"] + figures["system_us"]
    print(f"\n{what}, 64 clients, Ringside against FastAPI + SQLAlchemy: {ours['per_second'] / theirs['per_second']:.1f} times as many "
          f"per second, each for 1/{cpu(theirs) / cpu(ours):.1f} of the CPU.", flush=True)


HTTP_HEADS = ("", "clients", "per second", "p50 ms", "p99 ms", "server CPU us each (user + sys)", "refused")


def http_row(name, clients, figures):
    cpu = f"{figures['user_us'] + figures['system_us']:.0f} ({figures['user_us']:.0f} + {figures['system_us']:.0f})"
    return (name, clients, f"{figures['per_second']:,.0f}", f"{figures['p50_ms']:.2f}", f"{figures['p99_ms']:.2f}", cpu,
            figures["refused"] + figures["failed"])


def measure_bookings(contenders, options, engine):
    """A booking is acknowledged after its fsync, and its events are out by then or right after. The servers take turns."""
    rows, spread_widely = [], []
    plan = [("all over the club", 1, True), ("all over the club", 16, True), ("all over the club", 64, True),
            ("64 people at the same slot", 64, False)]
    for what, clients, spread in plan:
        for name, server, club in contenders:
            say(f"bookings, {clients} clients, {name}, {what}")
            file = club.bookings(BOOKINGS_A_SECOND_MOST * (options.seconds + 1), spread)
            figures = load("httpload", server, "--requests", file, "--tokens", club.people, "--connections", clients,
                           "--seconds", options.seconds)
            club.spent(figures["used"])
            rows.append(http_row(f"{name}, {what}", clients, figures))
            if clients == 64 and spread:
                spread_widely.append(figures)
    table(f"Durable bookings on {engine} (HTTP to fsync to event)", HTTP_HEADS, rows)
    for theirs in spread_widely[1:]:
        compare(f"Bookings all over the club on {engine}", spread_widely[0], theirs)


def measure_reads(club, options, folder):
    rows = []

    def measure(name, server, club, path):
        say(name)
        figures = load("httpload", server, "--requests", club.reads(path), "--repeat", "--tokens", club.people,
                       "--connections", 64, "--seconds", options.seconds)
        rows.append(http_row(name, 64, figures))
        return figures

    for how, flags in (("", ()), (", answers not cached", ("--response-cache", 0))):
        with ringside(options.ringside, folder, "--loops", options.loops, *flags) as server:
            list_figures = measure(f"Ringside, list of 20 venues{how}", server, club, club.list_of_venues)
            measure(f"Ringside, calendar of a week, 98 slots{how}", server, club, club.calendar_week)
    with peers(folder) as others:
        theirs = [measure(f"{name}, list of 20 venues", server, club, club.list_of_venues) for name, server, club in others]
    table("Reads with a token", HTTP_HEADS, rows)
    for figures in theirs:
        compare("List of 20 venues, answers not cached", list_figures, figures)


def measure_on_postgresql(options, folder):
    """The same bookings on one PostgreSQL, a database for each contender."""
    with postgresql(folder) as create:
        with ringside(options.ringside, folder, "--loops", options.loops, database=create("ringside")) as server:
            say("seeding a club on PostgreSQL")
            club = RingsideClub(server.port, folder)
            with peers(folder, create("fastapi")) as others:
                measure_bookings([Contender("Ringside", server, club), *others], options, "PostgreSQL")


CALENDARS, CALENDAR_WATCHERS, BOOKINGS_A_SECOND = 100, 200, 500
NODE_HEADS = ("nodes", "watchers at", "bookings per second", "request to delivery p50 ms", "p99 ms", "transaction to delivery p50 ms", "p99 ms",
              "CPU us per booking, node that books", "CPU us per booking, each other node", "refused")


def measure_nodes(options, folder):
    """Bookings at the first node, watchers at the last one. The first clock begins when the request leaves; the second at the instant that the
    transaction has read after its locks, so that it still has the booking itself in it, and its sync to the disk."""
    hello = '{"id":1,"connect":{"token":"$token"}}\\n{"id":2,"subscribe":{"channel":"$channel"}}'
    rows = []
    with postgresql(folder) as create, redis(folder) as bus:
        for count in (1, 2, 3):
            flags = dict(database=create(f"nodes{count}"))
            with contextlib.ExitStack() as nodes:
                servers = [
                    nodes.enter_context(ringside(options.ringside, folder, "--loops", 1, "--bus", bus + f"/{count}", **flags)) for _ in range(count)]
                say(f"seeding calendars for {count} nodes")
                club = RingsideClub(servers[0].port, folder, furnished=False)
                channels, bookings = club.open_calendars(CALENDARS)
                before = [seconds_of_cpu(server) for server in servers]
                figures = load(
                    "wsfan", servers[-1], "--publish-port", servers[0].port, "--watchers", CALENDAR_WATCHERS, "--channels", CALENDARS,
                    "--channel-names", channels, "--publishers", 32, "--rate", BOOKINGS_A_SECOND, "--seconds", max(4, options.seconds), "--hello", hello,
                    "--ready", '"id":2', "--prefix", '{"push":{"channel":"calendar:', "--requests", bookings, "--tokens", club.people,
                    "--watcher-tokens", club.watchers)
                spent = [(seconds_of_cpu(server) - earlier) * 1e6 / figures["used"] for server, earlier in zip(servers, before)]
                others = f"{statistics.mean(spent[1:]):.0f}" if count > 1 else "-"
                rows.append((count, "the same node" if count == 1 else "another node", f"{figures['publications_per_second']:.0f}",
                             f"{figures['p50_ms']:.1f}", f"{figures['p99_ms']:.1f}", f"{figures['told_p50_ms']:.1f}", f"{figures['told_p99_ms']:.1f}",
                             f"{spent[0]:.0f}", others, figures["refused"]))
    table(f"From a booking at one node to {CALENDAR_WATCHERS} watchers of {CALENDARS} calendars at another", NODE_HEADS, rows)


def seconds_of_cpu(server):
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


FANOUT_HEADS = ("", "watchers", "publishers", "deliveries per second", "p50 ms", "p99 ms", "server CPU us each", "messages per read",
                "server busy", "receiver busy", "ratio")


def fanout_row(name, watchers, publishers, runs, ratio):
    def middle(key):
        return statistics.median(run[key] for run in runs)
    cpu = statistics.median(run["user_us"] + run["system_us"] for run in runs)
    return (name, f"{watchers:,}", publishers, f"{middle('deliveries_per_second'):,.0f}", f"{middle('p50_ms'):.1f}",
            f"{middle('p99_ms'):.1f}", f"{cpu:.2f}", f"{middle('deliveries_per_read'):.1f}", f"{middle('server_busy'):.2f}",
            f"{middle('receiver_busy'):.2f}", ratio)


def measure_fanout(club, server, options, folder):
    """One venue's calendar, one loop. Each publication is a booking of its own: request, commit, event, everybody.

    The peer gets the same publishers, the same window, frames of the size that Ringside sent, and the same licence to
    send what is ready in one turn of its loop together. With one publisher there is never more than one message ready,
    on either side: that row compares delivery for delivery. Rounds alternate, so that the machine's moods meet both.
    """
    venue = club.venues[0]
    hello = f'{{"id":1,"connect":{{"token":"$token"}}}}\\n{{"id":2,"subscribe":{{"channel":"calendar:venue:{venue}"}}}}'
    rows = []
    for watchers, publishers in ((1_000, 1), (5_000, 1), (5_000, 64)):
        common = ("--watchers", watchers, "--publishers", publishers, "--window", max(2, publishers), "--seconds", options.seconds)
        ours, theirs = [], []
        for number in range(options.rounds):
            say(f"fan-out to {watchers} watchers, {publishers} publishers, round {number + 1}")
            file = club.bookings(PUBLICATIONS_A_SECOND_MOST * (options.seconds + 1) if publishers > 1 else 8_000, spread=False)
            figures = load("wsfan", server, *common, "--path", "/connection/websocket", "--hello", hello, "--ready", '"id":2',
                           "--prefix", '{"push":{"channel":"calendar:', "--requests", file, "--tokens", club.people,
                           "--watcher-tokens", club.watchers)
            club.spent(figures["used"])
            ours.append(figures)
            with peer(folder, round(figures["bytes_per_delivery"])) as minimal:
                publications = folder / "publications.txt"
                publications.write_text("POST / - {}\n" * 400_000)
                theirs.append(load("wsfan", minimal, *common, "--path", "/", "--requests", publications))
        ratio = statistics.median(a["deliveries_per_second"] / b["deliveries_per_second"] for a, b in zip(ours, theirs))
        rows.append(fanout_row("Ringside", watchers, publishers, ours, f"{ratio:.2f}"))
        rows.append(fanout_row("minimal epoll", watchers, publishers, theirs, "1"))
    table("Fan-out on one loop, saturated", FANOUT_HEADS, rows)
    say(f"frames of {ours[-1]['bytes_per_delivery']:.0f} bytes")


def describe_machine(options):
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
    print(f"{datetime.date.today()}, {os.cpu_count()} cores of {model}, {platform.system()} {platform.release()}, "
          f"{options.seconds} s a run, HTTP on {options.loops} loop(s), load generator on the same machine.", flush=True)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringside", type=pathlib.Path, help="the release build's executable")
    parser.add_argument("--loops", type=int, default=1, help="event loops for bookings and reads (fan-out is always on one)")
    parser.add_argument("--seconds", type=int, default=4, help="length of each measurement, after a second of warm-up")
    parser.add_argument("--rounds", type=int, default=3, help="fan-out rounds, alternating with the peer")
    parser.add_argument("--only", default="bookings,reads,fanout,postgresql,nodes", help="which measurements, separated by commas")
    return parser.parse_args()


def main():
    options = parse_options()
    wanted = options.only.split(",")
    raise_descriptor_limit()
    describe_machine(options)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=pathlib.Path(__file__).parent / ".build"))
    try:
        if {"bookings", "reads", "fanout"} & set(wanted):
            with ringside(options.ringside, folder, "--loops", options.loops) as server:
                say("seeding a club")
                club = RingsideClub(server.port, folder)
                if "bookings" in wanted:
                    with peers(folder) as others:
                        measure_bookings([Contender("Ringside", server, club), *others], options, "SQLite")
        if "reads" in wanted:
            measure_reads(club, options, folder)
        if "fanout" in wanted:
            with ringside(options.ringside, folder, "--loops", 1) as server:
                measure_fanout(club, server, options, folder)
        if "postgresql" in wanted:
            measure_on_postgresql(options, folder)
        if "nodes" in wanted:
            measure_nodes(options, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
