#!/usr/bin/env python3
"""Reads a calendar as other programs do, for tests to compare with what was meant. PYTHONTZPATH says where time zones are read.

    read-icalendar.py events FROM TO <CALENDAR     what icalendar and recurring-ical-events find between two dates, as JSON;
                                                   `wrong` names what does not agree
    read-icalendar.py busy <CALENDAR               what icalendar finds in a VFREEBUSY, as JSON
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


def read():
    calendar = icalendar.Calendar.from_ical(text)
    wrong = [str(error) for component in calendar.walk() for error in component.errors]
    return calendar, wrong + [f"{zone} is not told" for zone in sorted(calendar.get_missing_tzids())]


def events(start, end):
    calendar, wrong = read()
    told = tz.tzical(StringIO(text.decode()))
    found = recurring_ical_events.of(calendar).between(datetime.fromisoformat(start), datetime.fromisoformat(end))
    for moment in (moment for event in found for moment in (event.start, event.end) if isinstance(moment.tzinfo, ZoneInfo)):
        if moment.tzinfo.key in told.keys() and (line := difference(told, moment.tzinfo.key, moment.replace(tzinfo=None))):
            wrong.append(line)
    print(json.dumps({
        "wrong": wrong,
        "name": str(calendar["NAME"]),
        "refresh": calendar["REFRESH-INTERVAL"].dt.total_seconds(),
        "events": [
            {key.lower(): str(event[key]) for key in ("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "CLASS") if key in event}
            | {"start": utc(event.start), "end": utc(event.end), "sequence": int(event["SEQUENCE"]), "changed": utc(event["DTSTAMP"].dt)}
            for event in sorted(found, key=lambda event: (utc(event.start), event["UID"]))
        ],
    }))


def busy():
    calendar, wrong = read()
    (component,) = calendar.walk("VFREEBUSY")
    periods = component.get("FREEBUSY", [])
    print(json.dumps({
        "wrong": wrong,
        "start": utc(component.start),
        "end": utc(component.end),
        "periods": [
            f"{period.params['FBTYPE']} {utc(period.start)} {utc(period.end)}"
            for period in (periods if isinstance(periods, list) else [periods])
        ],
    }))


def difference(told, name, wall):
    known = wall.replace(tzinfo=ZoneInfo(name))
    if known.utcoffset() != known.replace(fold=1).utcoffset():
        return None
    offset = told.get(name).utcoffset(wall)
    return None if offset == known.utcoffset() else f"{name} {wall} {offset} {known.utcoffset()}"


def zones(*seconds):
    told = tz.tzical(StringIO(text.decode()))
    for name in told.keys():
        for second in map(int, seconds):
            if line := difference(told, name, datetime(1970, 1, 1) + timedelta(seconds=second)):
                print(line)


{"events": events, "busy": busy, "zones": zones}[sys.argv[1]](*sys.argv[2:])
