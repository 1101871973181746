#!/usr/bin/env python3
"""What python-dateutil makes of recurrence rules, for tests to compare with. PYTHONTZPATH says where time zones are read.

Each line of the input is `START ZONE LIMIT YEARS RULE`: a local time such as 20260701T090000, an IANA name, how many occurrences and how
many years are asked for at most, and the value of an RRULE. Each line of the output are the occurrences in UTC.

Two things are done here, because dateutil and RFC 5545 do not agree on them: local times that do not exist are left out, and COUNT counts
what is left.
"""
import sys
from datetime import datetime, timedelta, timezone
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr


def exists(moment):
    there_and_back = moment.astimezone(timezone.utc).astimezone(moment.tzinfo)
    return there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None)


for line in sys.stdin:
    start, zone, limit, years, rule = line.split()
    first = datetime.strptime(start, "%Y%m%dT%H%M%S")
    last = first.date() + timedelta(days=int(years) * 36525 // 100)
    parts = dict(part.split("=") for part in rule.split(";"))
    count = int(parts.pop("COUNT", limit))
    uncounted = ";".join(f"{name}={value}" for name, value in parts.items())
    found = rrulestr(uncounted, dtstart=first.replace(tzinfo=ZoneInfo(zone)))
    real = filter(exists, takewhile(lambda moment: moment.date() <= last, found))
    print(*(f"{moment.astimezone(timezone.utc):%Y%m%dT%H%M%SZ}" for moment in islice(real, min(count, int(limit)))))
