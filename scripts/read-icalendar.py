#!/usr/bin/env python3
"""Reads a calendar as other programs do, for tests to compare with what was meant. PYTHONTZPATH says where time zones are read.

    read-icalendar.py events FROM TO <CALENDAR     what icalendar and recurring-ical-events find between two dates, as JSON
    read-icalendar.py zones SECOND... <CALENDAR    whether dateutil, which knows nothing of time zones but what each VTIMEZONE says, agrees
                                                   with zoneinfo about local times (seconds since 1970); a line for each where it does not
"""
import json
import sys
from datetime import datetime, timedelta, timezone
from io import StringIO
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from dateutil import tz

text = sys.stdin.buffer.read()


def utc(moment):
    return f"{moment.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def events(start, end):
    calendar = icalendar.Calendar.from_ical(text)
    wrong = [error for component in calendar.walk() for error in component.errors]
    found = recurring_ical_events.of(calendar).between(datetime.fromisoformat(start), datetime.fromisoformat(end))
    print(json.dumps({
        "wrong": [str(error) for error in wrong],
        "name": str(calendar["NAME"]),
        "refresh": calendar["REFRESH-INTERVAL"].dt.total_seconds(),
        "events": [
            {key.lower(): str(event[key]) for key in ("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "CLASS") if key in event}
            | {"start": utc(event.start), "end": utc(event.end), "sequence": int(event["SEQUENCE"]), "changed": utc(event["DTSTAMP"].dt)}
            for event in sorted(found, key=lambda event: (utc(event.start), event["UID"]))
        ],
    }))


def zones(*seconds):
    told = tz.tzical(StringIO(text.decode()))
    for name in told.keys():
        for second in map(int, seconds):
            wall = datetime(1970, 1, 1) + timedelta(seconds=second)
            known = wall.replace(tzinfo=ZoneInfo(name))
            if known.utcoffset() != known.replace(fold=1).utcoffset():
                continue
            if (offset := told.get(name).utcoffset(wall)) != known.utcoffset():
                print(name, wall, offset, known.utcoffset())


{"events": events, "zones": zones}[sys.argv[1]](*sys.argv[2:])
