"""Runs the fuzzing client of the Autobahn suite against the echo endpoint of a server of its own, and says what it found.

    run.py RINGSIDE [--fast] [--cases '1.*,9.1.*'] [--out DIR]
    run.py --url ws://127.0.0.1:9001/echo [...]

--fast leaves out most of the 300 cases of 12.* and 13.*, which are the same thing in many sizes: 337 of 517 stay.
The reports go to DIR (.setup/autobahn/reports), index.html first. Exits with 0 when every case was passed strictly and the server still
is the process that it was; 1 when not, 3 for an error in the client itself.
"""
import argparse
import collections
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUITE = ROOT / ".setup/autobahn"
AGENT = "ringside"
PASSED = ("OK", "INFORMATIONAL")
RUN_SECONDS_MAX = 3600
START_SECONDS_MAX = 60


def split(text):
    return [part.strip() for part in text.split(",") if part.strip()]


def key(case):
    return [int(part) for part in case.split(".")]


def load(path):
    return json.loads(path.read_text()) if path.exists() else {}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start(ringside, directory):
    """The engine alone with its echo endpoint; returns the process and the endpoint's address."""
    port = free_port()
    configuration = pathlib.Path(directory) / "realtime.json"
    configuration.write_text(json.dumps({"port": port, "client_insecure": True, "echo": True}))
    server = subprocess.Popen([ringside, "realtime", "--config", str(configuration)])
    deadline = time.monotonic() + START_SECONDS_MAX
    while True:
        if server.poll() is not None:
            sys.exit(f"the server did not start: {server.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server, f"ws://127.0.0.1:{port}/echo"
        except OSError:
            if time.monotonic() > deadline:
                server.kill()
                sys.exit("the server did not listen in time")
            time.sleep(0.1)


def fuzz(url, options, out):
    """Runs the client; returns its exit status."""
    skipped = []
    if options.fast:
        groups = [f"12.{group}" for group in range(1, 6)] + [f"13.{group}" for group in range(1, 8)]
        skipped = [f"{group}.{case}" for group in groups for case in range(1, 19) if case not in (1, 5, 11)]
    spec = {
        "outdir": str(out), "servers": [{"agent": AGENT, "url": url}], "cases": split(options.cases), "exclude-cases": skipped,
        "exclude-agent-cases": {},
    }
    (out / "spec.json").write_text(json.dumps(spec, indent=1))
    command = [str(SUITE / "bin/python"), "-W", "ignore", "-m", "autobahntestsuite.wstest"]
    with open(out / "client.log", "w") as log:
        client = subprocess.Popen([*command, "-m", "fuzzingclient", "-s", str(out / "spec.json")], stdout=log, stderr=subprocess.STDOUT)
        try:
            client.wait(RUN_SECONDS_MAX)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            print("stopped: out of time, or interrupted", flush=True)
            client.terminate()  # it writes its reports on SIGTERM
            client.wait(60)
    return client.returncode


def report(out, elapsed):
    """Prints what came out; returns whether all is well."""
    run, results = load(out / "run.json"), load(out / "index.json").get(AGENT, {})
    counts, failures = collections.Counter(), {}
    for case in run.get("cases") or results:
        result = results.get(case)
        if result is None:
            counts["MISSING"] += 1
            failures[case] = "did not run"
            continue
        behavior, close = result["behavior"], result["behaviorClose"]
        counts[behavior] += 1
        if behavior not in PASSED or close not in PASSED:
            detail = load(out / result["reportfile"])
            reasons = [detail.get("result", ""), detail.get("resultClose", ""), detail.get("wasNotCleanReason") or ""]
            failures[case] = f"{behavior}, close {close} ({result['remoteCloseCode']}): " + "; ".join(filter(None, reasons))
    print("  ".join(f"{name}={count}" for name, count in sorted(counts.items())) + f"  in {elapsed:.0f} s")
    for case in sorted(failures, key=key):
        print(f"FAILED {case}: {failures[case].strip()[:400]}")
    for case, text in run.get("errors", [])[:5]:
        print(f"ERROR IN THE CLIENT in case {case}: {text.strip().splitlines()[-1][:300]}")
    times = {case: result["duration"] / 1000 for case, result in results.items() if result["duration"] < 1e9}
    slowest = sorted(times, key=times.get, reverse=True)[:5]
    print("slowest: " + ", ".join(f"{case} {times[case]:.1f} s" for case in slowest))
    print(f"{sum(counts.values()) - len(failures)} of {sum(counts.values())} passed")
    return bool(results) and not failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ringside", nargs="?")
    parser.add_argument("--url")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--cases", default="*")
    parser.add_argument("--out", type=pathlib.Path, default=SUITE / "reports")
    options = parser.parse_args()
    if (options.ringside is None) == (options.url is None):
        parser.error("either a server's executable or --url")
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    for name in ("index.json", "run.json"):
        (out / name).unlink(missing_ok=True)

    with tempfile.TemporaryDirectory() as directory:
        server, url = start(options.ringside, directory) if options.ringside else (None, options.url)
        try:
            began = time.monotonic()
            status = fuzz(url, options, out)
            is_well = report(out, time.monotonic() - began)
            if server is not None and server.poll() is not None:
                print(f"THE SERVER ENDED: {server.returncode}")
                is_well = False
        finally:
            if server is not None:
                server.terminate()
                server.wait(60)
    sys.exit(3 if status not in (0, -15) else 0 if is_well else 1)


if __name__ == "__main__":
    main()
