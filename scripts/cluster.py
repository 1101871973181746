#!/usr/bin/env python3
"""Ringside on three nodes behind nginx, with PostgreSQL and Redis of its own, while one part after the other fails.

    scripts/cluster.py RINGSIDE [--short] [--watchers N] [--bookings N] [--rate N] [--keep DIRECTORY]

`ringside rush` books and watches through nginx, configured by deploy/nginx.conf with the ports of this run. Then it is judged: by the
watchers, who compare what they have with a snapshot; by the tables and the log; and by an oracle, a plain table of PostgreSQL with
exclusion constraints of its own, which is asked for the same bookings in the order of the log. What each failure cost is printed. Exits
with 1 if anything is not as it must be. --short is what `make test` runs; --keep leaves the logs and records there.
"""

import argparse
import bisect
import csv
import http.client
import json
import os
import pathlib
import re
import resource
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
NODES = 3
START_SECONDS = 60
DESCRIPTORS = 20_000
# As the nodes are told here. In production sockets are closed over half a minute, so that not everybody comes back at once.
DRAIN_SECONDS = 3


class Trouble(Exception):
    """Why the run can't go on."""


def free_ports(count):
    """All of them held at once, so that none is given twice."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def find(program):
    """Where daemons lie is not on everybody's path."""
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        raise Trouble(f"{program} is not installed: scripts/setup.sh does that")
    return found


def wait_until(holds, seconds, what):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Trouble(f"{what} did not come within {seconds} seconds")
        time.sleep(0.05)


class Program:
    """A process that can be killed, frozen, and started again as it was."""

    def __init__(self, name, arguments, directory, environment=None):
        self.name = name
        self.arguments = arguments
        self.environment = dict(os.environ, **(environment or {}))
        self.log = directory / f"{name}.log"
        self.process = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=self.environment)

    def send(self, number):
        self.process.send_signal(number)

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self, seconds):
        """Asks it to stop; its exit status."""
        self.send(signal.SIGTERM)
        return self.wait(seconds)

    def wait(self, seconds):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return f"none within {seconds} seconds"

    def is_running(self):
        return self.process is not None and self.process.poll() is None


class PostgreSQL:
    """A durable one, by scripts/postgresql.sh."""

    def __init__(self, directory):
        self.directory = directory
        self.url = self.control("start", "--durable").strip()

    def control(self, verb, *arguments):
        done = subprocess.run(
            [HERE / "postgresql.sh", verb, self.directory, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise Trouble(f"postgresql.sh {verb}: {done.stderr}")
        return done.stdout

    def database(self, name):
        return urllib.parse.urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def run(self, database, script):
        """Runs SQL with psql; the lines it prints."""
        done = subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", self.database(database)],
            input=script, capture_output=True, text=True)
        if done.returncode != 0:
            raise Trouble(f"psql: {done.stderr}")
        return done.stdout.splitlines()


class Cluster:
    def __init__(self, ringside, directory, database_directory, venues):
        self.directory = directory
        self.venues = venues
        self.password = "Cluster-" + secrets.token_urlsafe(12)
        *self.node_ports, redis_port, self.port, self.rooms_port = free_ports(NODES + 3)
        self.programs = []
        self.postgresql = None
        self.database_directory = database_directory
        self.redis = self.program(
            "redis", ["redis-server", "--bind", "127.0.0.1", "--port", str(redis_port), "--save", "", "--appendonly", "no",
                      "--dir", str(directory)])
        self.nodes = [self.node(ringside, number, redis_port) for number in range(1, NODES + 1)]
        self.nginx = self.program(
            "nginx", [find("nginx"), "-p", str(directory), "-c", str(self.write_nginx_configuration()), "-g",
                      f"daemon off; pid {directory}/nginx.pid; error_log stderr warn;"])

    def program(self, name, arguments, environment=None):
        program = Program(name, arguments, self.directory, environment)
        self.programs.append(program)
        return program

    def node(self, ringside, number, redis_port):
        environment = {
            "RINGSIDE_ADMIN_USERNAME": "admin", "RINGSIDE_ADMIN_PASSWORD": self.password, "RINGSIDE_DRAIN_SECONDS": str(DRAIN_SECONDS),
            "RINGSIDE_TRUSTED_PROXIES": "127.0.0.1"}
        arguments = [
            ringside, "serve", "--port", str(self.node_ports[number - 1]), "--rooms-port", "off",
            "--bus", f"redis://127.0.0.1:{redis_port}", "--log-level", "warning", "--database"]
        return self.program(f"node{number}", arguments, environment)

    def write_nginx_configuration(self):
        """deploy/nginx.conf, with this run's ports and directories and nothing else changed."""
        text = (HERE.parent / "deploy" / "nginx.conf").read_text()
        changes = {f"server node{number}:8080 ": f"server 127.0.0.1:{port} " for number, port in enumerate(self.node_ports, 1)}
        changes |= {
            "listen 80 ": f"listen 127.0.0.1:{self.port} ",
            "listen 3001 ": f"listen 127.0.0.1:{self.rooms_port} ",
            "/etc/nginx/ringside.d/": f"{self.directory}/ringside.d/",
            "worker_rlimit_nofile 131072;": f"worker_rlimit_nofile {DESCRIPTORS};",
            "worker_connections 65536;": f"worker_connections {DESCRIPTORS};",
            "\nhttp {\n": "\nhttp {\n" + "".join(
                f"    {kind}_temp_path {self.directory}/nginx-{kind};\n" for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]),
        }
        for old, new in changes.items():
            if old not in text:
                raise Trouble(f"deploy/nginx.conf has no {old!r}")
            text = text.replace(old, new)
        file = self.directory / "nginx.conf"
        file.write_text(text)
        return file

    def start(self):
        self.postgresql = PostgreSQL(self.database_directory)
        self.postgresql.run("postgres", "CREATE DATABASE ringside;\nCREATE DATABASE oracle;")
        for node in self.nodes:
            node.arguments.append(self.postgresql.database("ringside"))
        self.redis.start()
        self.prepare()
        for node in self.nodes:
            node.start()
        for number in range(NODES):
            self.wait_for_node(number)
        self.nginx.start()
        wait_until(lambda: self.answers(self.port, "/readyz"), START_SECONDS, "nginx")

    def prepare(self):
        """Makes the accounts without the hashing that a node spends on each, which on a build for debugging takes minutes."""
        done = subprocess.run(
            [self.nodes[0].arguments[0], "rush", "--prepare", self.postgresql.database("ringside"), "--venues", str(self.venues)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, env=dict(os.environ, RINGSIDE_ADMIN_PASSWORD=self.password))
        if done.returncode != 0:
            raise Trouble(f"ringside rush --prepare: {done.stdout}{done.stderr}")

    def wait_for_node(self, number):
        def is_ready():
            if not self.nodes[number].is_running():
                raise Trouble(f"node{number + 1} did not start")
            return self.answers(self.node_ports[number], "/readyz")

        wait_until(is_ready, START_SECONDS, f"node{number + 1}")

    @staticmethod
    def answers(port, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
                return answer.status == 200
        except (OSError, http.client.HTTPException):
            return False

    def end(self):
        """What is left is killed: whoever wants to know how the nodes stop has asked before."""
        # A master of nginx that is killed leaves its workers behind.
        if self.nginx.is_running():
            self.nginx.stop(5)
        for program in self.programs:
            program.kill()
        if self.postgresql is not None:
            self.postgresql.control("stop")


class Faults:
    """What fails, one after the other. Each returns when all parts are there again."""

    AWAY_SECONDS = 2
    FROZEN_SECONDS = 10

    def __init__(self, cluster):
        self.cluster = cluster
        self.violations = []

    def node_killed(self):
        self.cluster.nodes[0].kill()
        time.sleep(self.AWAY_SECONDS)
        self.cluster.nodes[0].start()
        self.cluster.wait_for_node(0)

    def redis_killed(self):
        self.cluster.redis.kill()
        time.sleep(self.AWAY_SECONDS)
        self.cluster.redis.start()

    def postgresql_restarted(self):
        self.cluster.postgresql.control("restart")

    def node_frozen(self):
        self.cluster.nodes[1].send(signal.SIGSTOP)
        time.sleep(self.FROZEN_SECONDS)
        self.cluster.nodes[1].send(signal.SIGCONT)

    def node_drained(self):
        status = self.cluster.nodes[2].stop(DRAIN_SECONDS * 2 + 40)
        if status != 0:
            self.violations.append(f"a drained node ended with {status}")
        self.cluster.nodes[2].start()
        self.cluster.wait_for_node(2)


def clients_needed(rate):
    """So many that those who wait for a frozen node leave enough to ask the others: what stands still then is the node, not the load."""
    return max(64, 5 * rate)


class Load:
    """`ringside rush`, and how far it is."""

    def __init__(self, ringside, cluster, options, directory):
        self.played = 0.0
        self.summary = directory / "rush.log"
        with self.summary.open("wb") as output:
            self.process = subprocess.Popen(
                [ringside, "rush", "--url", f"http://127.0.0.1:{cluster.port}", "--watchers", str(options.watchers),
                 "--bookings", str(options.bookings), "--rate", str(options.rate), "--venues", str(options.venues),
                 "--clients", str(clients_needed(options.rate)), "--record", str(directory)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE, text=True,
                env=dict(os.environ, RINGSIDE_ADMIN_PASSWORD=cluster.password))
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        stage = None
        for line in self.process.stderr:
            found = re.match(r"(\w+) +(\d+) of (\d+)$", line.strip())
            if not found:
                print(line, end="", file=sys.stderr)
                continue
            name, done, total = found.group(1), int(found.group(2)), int(found.group(3))
            if name != stage:
                stage = name
                say(f"{name}: {total}")
            if name == "bookings":
                self.played = done / total

    def reaches(self, share):
        """Waits until so much has been booked; False when the load has ended before."""
        while self.played < share:
            if self.process.poll() is not None:
                return False
            time.sleep(0.02)
        return True

    def wait(self):
        status = self.process.wait()
        self.reader.join()
        print(self.summary.read_text(), end="")
        return status


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def check_balancer(cluster):
    """What deploy/nginx.conf promises beside the balancing, which the load shows."""
    violations = []

    def expect(what, actual, expected):
        if actual != expected:
            violations.append(f"nginx: {what} is {actual} and not {expected}")

    def status(port, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    expect("/healthz", status(cluster.port, "/healthz"), 200)
    expect("/metrics", status(cluster.port, "/metrics"), 404)
    expect("a list", status(cluster.port, "/api/v1/venues"), 200)
    expect("an agenda without a token at the rooms' port", status(cluster.rooms_port, "/api/agenda"), 401)

    body = json.dumps({"username": "admin", "password": cluster.password}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{cluster.port}/api/v1/users/login", data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        token = json.load(answer)["access_token"]
    command = urllib.parse.quote(json.dumps({"id": 1, "connect": {"token": token}}))
    # The answer goes on for hours: its first line comes at once, or not at all.
    with urllib.request.urlopen(f"http://127.0.0.1:{cluster.port}/connection/sse?cf_connect={command}", timeout=10) as stream:
        expect("the type of a stream", stream.headers["Content-Type"].split(";")[0], "text/event-stream")
        line = stream.readline().strip() or stream.readline().strip()
        expect("the reply in a stream", line.startswith(b"data:") and b'"connect"' in line, True)
    return violations


ORACLE = """
CREATE EXTENSION btree_gist;
CREATE TABLE attempt (
    venue_id bigint, exclusive boolean, time_slot_id bigint, user_id bigint, starts_at bigint, ends_at bigint, outcome text, code text,
    reservation_id bigint, answered_at bigint, requests integer
);
CREATE TABLE logged (number bigint PRIMARY KEY, reservation_id bigint, user_id bigint, time_slot_id bigint, at bigint);
CREATE TABLE standing (reservation_id bigint PRIMARY KEY, user_id bigint, time_slot_id bigint);
CREATE TABLE plain (
    venue_id bigint, user_id bigint, during int8range NOT NULL,
    CONSTRAINT one_party EXCLUDE USING gist (venue_id WITH =, during WITH &&),
    CONSTRAINT one_place EXCLUDE USING gist (user_id WITH =, during WITH &&)
);
-- The constraint that refuses; NULL, and a row, where none does.
CREATE FUNCTION refuses(venue bigint, person bigint, during int8range) RETURNS text LANGUAGE plpgsql AS $$
DECLARE name text;
BEGIN
    INSERT INTO plain VALUES (venue, person, during);
    RETURN NULL;
EXCEPTION WHEN exclusion_violation THEN
    GET STACKED DIAGNOSTICS name = CONSTRAINT_NAME;
    RETURN name;
END $$;
\\copy attempt FROM 'bookings.csv' CSV HEADER
\\copy logged FROM 'logged.csv' CSV
\\copy standing FROM 'standing.csv' CSV

SELECT 'acknowledged and lost: reservation ' || reservation_id
FROM attempt LEFT JOIN standing USING (reservation_id, user_id, time_slot_id)
WHERE outcome = 'accepted' AND standing.reservation_id IS NULL;
SELECT 'stands and was never acknowledged: reservation ' || s.reservation_id
FROM standing s LEFT JOIN attempt a ON a.reservation_id = s.reservation_id WHERE a.reservation_id IS NULL;
SELECT 'told other than once: reservation ' || s.reservation_id
FROM standing s LEFT JOIN logged l USING (reservation_id) GROUP BY s.reservation_id HAVING count(l.number) <> 1;

CREATE TABLE verdict (number bigint, reservation_id bigint, refusal text);
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT * FROM logged JOIN attempt USING (reservation_id, user_id, time_slot_id) ORDER BY number LOOP
        INSERT INTO verdict VALUES (one.number, one.reservation_id, refuses(
            CASE WHEN one.exclusive THEN one.venue_id END, one.user_id, int8range(one.starts_at, one.ends_at)));
    END LOOP;
END $$;
SELECT 'accepted, and the constraint ' || refusal || ' refuses it: reservation ' || reservation_id FROM verdict WHERE refusal IS NOT NULL;

-- Nothing was cancelled, so what stood in the way then stands there still.
SELECT 'refused with ' || code || ', and the constraint accepts it: slot ' || time_slot_id || ', person ' || user_id
FROM attempt
WHERE outcome = 'refused' AND CASE
    WHEN code = 'booking.no_room' AND exclusive
        THEN refuses(venue_id, NULL, int8range(starts_at, ends_at)) IS DISTINCT FROM 'one_party'
    WHEN code = 'booking.no_room'
        THEN (SELECT count(*) FROM attempt a WHERE a.time_slot_id = attempt.time_slot_id AND a.outcome = 'accepted') < %(shared_capacity)d
    ELSE code <> 'reservation.overlaps_own' OR refuses(NULL, user_id, int8range(starts_at, ends_at)) IS DISTINCT FROM 'one_place'
END;
SELECT 'refused before anything stood in the way: slot ' || time_slot_id || ', person ' || user_id
FROM attempt r
WHERE outcome = 'refused' AND NOT EXISTS (
    SELECT FROM attempt a JOIN logged l USING (reservation_id)
    WHERE l.at <= r.answered_at AND CASE
        WHEN r.code = 'booking.no_room' THEN a.time_slot_id = r.time_slot_id
        ELSE a.user_id = r.user_id AND a.starts_at < r.ends_at AND r.starts_at < a.ends_at
    END
);
SELECT 'judged ' || count(*) FILTER (WHERE outcome = 'accepted') || ' ' || count(*) FILTER (WHERE outcome = 'refused') FROM attempt;
"""
SHARED_CAPACITY = 4


def judge(cluster, directory):
    """The log and the tables against the answers, and the oracle's opinion of both."""
    server = cluster.postgresql
    violations = server.run("ringside", """
        SELECT 'the log of ' || name || ' has holes' FROM (
            SELECT c.name, c.top, min(e."offset") AS first, max(e."offset") AS last, count(*) AS events
            FROM channel c JOIN event e ON e.channel_id = c.id GROUP BY c.id
        ) AS logs WHERE last <> top OR events <> last - first + 1;
        SELECT 'the log of ' || name || ' is not in the order of its commits' FROM (
            SELECT c.name, e."offset" < lag(e."offset") OVER (PARTITION BY c.id ORDER BY e.id) AS is_behind
            FROM channel c JOIN event e ON e.channel_id = c.id
        ) AS steps WHERE is_behind GROUP BY name;
        """)
    # A query of \copy stands on one line.
    logged = """
        SELECT e.id, (r->>'id')::bigint, (r->>'user_id')::bigint, (r->>'time_slot_id')::bigint, e.at
        FROM event e JOIN channel c ON c.id = e.channel_id, LATERAL (SELECT e.data::json->'data'->'reservation' AS r) AS payload
        WHERE c.name LIKE 'ops:venue:%' AND e.data::json->>'type' = 'reservation.created'"""
    standing = "SELECT id, user_id, time_slot_id FROM reservation WHERE status = 'confirmed'"
    for file, query in [("logged", logged), ("standing", standing)]:
        server.run("ringside", f"\\copy ({' '.join(query.split())}) TO '{directory}/{file}.csv' CSV")
    lines = server.run("oracle", f"\\cd {directory}\n" + ORACLE % {"shared_capacity": SHARED_CAPACITY})
    for line in lines:
        if found := re.match(r"judged (\d+) (\d+)$", line):
            print(f"oracle                  {found.group(1)} accepted and {found.group(2)} refused, judged by exclusion constraints")
        else:
            violations.append(f"oracle: {line}")
    return violations


class Costs:
    """What happened in a stretch of time, from the records of the load."""

    def __init__(self, directory):
        with (directory / "bookings.csv").open() as file:
            accepted = [int(row["answered_at"]) / 1e6 for row in csv.DictReader(file) if row["outcome"] == "accepted"]
        self.accepted = sorted(accepted)
        with (directory / "delays.csv").open() as file:
            self.seconds = [(int(row["second"]), int(row["late"]), int(row["longest_ms"])) for row in csv.DictReader(file)]

    def row(self, name, began, ended):
        times = self.accepted[max(0, bisect.bisect_left(self.accepted, began) - 1):bisect.bisect_right(self.accepted, ended) + 1]
        pause = max((later - earlier for earlier, later in zip(times, times[1:])), default=0)
        # An event counts where its transaction began: the second before holds those that were under way.
        seconds = [(late, longest) for second, late, longest in self.seconds if began - 1 <= second <= ended]
        late = sum(late for late, _ in seconds)
        longest = max((longest for _, longest in seconds), default=0)
        return f"{name:<24}{ended - began:>8.1f}{pause:>14.2f}{late:>12}{longest / 1000:>12.2f}"


COST_HEAD = f"{'':<24}{'lasted s':>8}{'no write s':>14}{'late':>12}{'longest s':>12}"
# What is still felt after a part has come back counts as its cost.
AFTERMATH_SECONDS = 3


def injure(cluster, load, faults, schedule):
    """Lets one part after the other fail while the load goes on."""
    windows = []
    for share, name, fault in schedule:
        if not load.reaches(share):
            faults.violations.append(f"the load had ended before: {name}")
            continue
        say(name)
        began = time.time()
        fault()
        windows.append((name, began, time.time() + AFTERMATH_SECONDS))
        say("all parts are there again")
        time.sleep(AFTERMATH_SECONDS)
    return windows


def run(options, directory, database_directory):
    cluster = Cluster(options.ringside, directory, database_directory, options.venues)
    try:
        say("starting PostgreSQL, Redis, three nodes and nginx")
        cluster.start()
        violations = check_balancer(cluster)
        faults = Faults(cluster)
        chosen = [("node killed", faults.node_killed), ("Redis killed", faults.redis_killed), ("node drained", faults.node_drained)]
        if not options.short:
            chosen[2:2] = [("PostgreSQL restarted", faults.postgresql_restarted), ("node frozen for 10 s", faults.node_frozen)]
        schedule = [((index + 0.5) / (len(chosen) + 0.5), *fault) for index, fault in enumerate(chosen)]
        load = Load(options.ringside, cluster, options, directory)
        try:
            windows = injure(cluster, load, faults, schedule)
            if load.wait() != 0:
                violations.append("the watchers, or the slots: see above")
        finally:
            load.process.kill()
        violations += faults.violations
        if (directory / "bookings.csv").exists():
            violations += judge(cluster, directory)
            costs = Costs(directory)
            print(COST_HEAD)
            for window in windows:
                print(costs.row(*window))
            if windows and costs.accepted:
                print(costs.row("before any of them", costs.accepted[0], windows[0][1] - AFTERMATH_SECONDS))
        for program in [cluster.nginx, cluster.redis, *cluster.nodes]:
            if not program.is_running():
                violations.append(f"{program.name} was not running at the end")
        for node in cluster.nodes:
            node.send(signal.SIGTERM)
        for node in cluster.nodes:
            status = node.wait(DRAIN_SECONDS + 40)
            if status != 0:
                violations.append(f"{node.name} ended with {status}")
        return violations
    finally:
        cluster.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringside")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--watchers", type=int)
    parser.add_argument("--bookings", type=int)
    parser.add_argument("--rate", type=int, help="bookings that are begun in a second")
    parser.add_argument("--venues", type=int)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    options.ringside = str(pathlib.Path(options.ringside).resolve())
    for name, short, long in [("watchers", 60, 3_000), ("bookings", 400, 20_000), ("rate", 20, 150), ("venues", 4, 40)]:
        if getattr(options, name) is None:
            setattr(options, name, short if options.short else long)

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS if most == resource.RLIM_INFINITY else min(DESCRIPTORS, most), most))
    directory = pathlib.Path(tempfile.mkdtemp(prefix="ringside-cluster-"))
    # nginx's workers are nobody in particular, and PostgreSQL is a user of its own beside it.
    directory.chmod(0o755)
    database_directory = pathlib.Path(tempfile.mkdtemp(prefix="ringside-cluster-postgresql-"))
    began = time.monotonic()
    # Whoever stops the script stops what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        try:
            violations = run(options, directory, database_directory)
        except Trouble as trouble:
            violations = [str(trouble)]
        for violation in violations[:50]:
            print(f"VIOLATION: {violation}")
        if violations:
            print_logs(directory)
        print(f"{len(violations)} violations" if violations else "nothing lost", f"({time.monotonic() - began:.0f} s)")
        if options.keep:
            shutil.copytree(directory, options.keep, dirs_exist_ok=True)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        shutil.rmtree(database_directory, ignore_errors=True)
    sys.exit(1 if violations else 0)


def print_logs(directory, lines=20):
    for file in sorted(directory.glob("*.log")):
        print(f"== {file.name}", file=sys.stderr)
        print("\n".join(file.read_text(errors="replace").splitlines()[-lines:]), file=sys.stderr)


if __name__ == "__main__":
    main()
