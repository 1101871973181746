#!/usr/bin/env python3
"""What Python's zoneinfo knows of time zones, for tests to compare with. PYTHONTZPATH says where it reads them.

Each line of the input is a question, each line of the output its answer:

    at ZONE SECOND      the offset in seconds at an instant (seconds since 1970), and the abbreviation
    local ZONE SECOND   when the wall clock shows a time (seconds since 1970 of the same clock): `once INSTANT`, `twice INSTANT INSTANT`,
                        or `never INSTANT` with the instant that the offset before the gap makes of it
    names               all names with a slash, and UTC
"""
import sys
from datetime import datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

EPOCH = datetime(1970, 1, 1)
UTC_EPOCH = EPOCH.replace(tzinfo=timezone.utc)
zone = cache(ZoneInfo)


def at(name, second):
    moment = (UTC_EPOCH + timedelta(seconds=second)).astimezone(zone(name))
    return f"{int(moment.utcoffset().total_seconds())} {moment.tzname()}"


def local(name, second):
    wall = EPOCH + timedelta(seconds=second)
    instants = [int((wall.replace(tzinfo=zone(name), fold=fold) - UTC_EPOCH).total_seconds()) for fold in (0, 1)]
    shown = [(UTC_EPOCH + timedelta(seconds=instant)).astimezone(zone(name)) for instant in instants]
    real = sorted({instant for instant, clock in zip(instants, shown) if clock.replace(tzinfo=None, fold=0) == wall})
    if not real:
        return f"never {instants[0]}"
    return f"{'once' if len(real) == 1 else 'twice'} {' '.join(map(str, real))}"


for line in sys.stdin:
    question, *rest = line.split()
    if question == "names":
        print(*sorted(name for name in available_timezones() if "/" in name or name == "UTC"))
    else:
        print({"at": at, "local": local}[question](rest[0], int(rest[1])))
