#!/usr/bin/env python3
"""Subscribes to a calendar as people do: vdirsyncer fetches it twice, khal lists what is in it, as `start|end|title|location` in UTC.

    subscribe-feed.py URL FROM DAYS
"""
import pathlib
import subprocess
import sys
import tempfile

url, first, days = sys.argv[1:]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


with tempfile.TemporaryDirectory() as name:
    home = pathlib.Path(name)
    (home / "events").mkdir()
    (home / "vdirsyncer").write_text(f"""
[general]
status_path = "{home}/status/"

[pair feed]
a = "remote"
b = "local"
collections = null
conflict_resolution = "a wins"

[storage remote]
type = "http"
url = "{url}"

[storage local]
type = "filesystem"
path = "{home}/events/"
fileext = ".ics"
""")
    (home / "khal").write_text(f"""
[calendars]
[[feed]]
path = {home}/events/

[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
default_timezone = UTC
local_timezone = UTC

[sqlite]
path = {home}/khal.db
""")
    run("vdirsyncer", "-c", f"{home}/vdirsyncer", "discover", "feed")
    for _ in range(2):
        run("vdirsyncer", "-c", f"{home}/vdirsyncer", "sync")
    print(run("khal", "-c", f"{home}/khal", "list", "--day-format", "", "--format", "{start}|{end}|{title}|{location}", first, f"{days}d"),
          end="")
