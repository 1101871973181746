"""The club that the benchmarks play: places, free half hours, people, and an endless supply of bookings.

Each booking is one person and one half hour, and no person meets the same half hour twice: none is refused, whichever
run it belongs to. The half hours are handed out in order, so several clients book the same moment at the same time.
"""

import concurrent.futures
import datetime
import http.client
import json
import math
import sys
import threading

from programs import ADMIN

PEOPLE = 64
WATCHERS = 56  # accounts: one person may have a hundred connections, no more
VENUES_LISTED = 20
VENUES_BOOKED = 6
HALF_HOURS_A_DAY = 47
SPREAD_TIMES = 2_000  # half hours that exist at every booked venue
TIMES = 3_500  # half hours that exist at the first venue
CAPACITY = 10_000
SEEDING_THREADS = 4
PASSWORD = "Racket-and-4-strings"


class HTTP:
    """One keep-alive connection per thread; any refusal ends the run."""

    def __init__(self, port):
        self.port = port
        self.local = threading.local()

    def call(self, method, path, body=None, token=None):
        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = self.local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, path, None if body is None else json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        data = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {data.decode(errors='replace')[:800]}")
        return json.loads(data) if data else None


class Club:
    """What is the same at every server: which half hours there are, and who books which of them next."""

    def __init__(self, folder):
        self.folder = folder
        self.first_day = datetime.date.today() + datetime.timedelta(days=3)
        self.next_time = 0
        self.places_and_times = [
            (place, time) for time in range(TIMES) for place in range(VENUES_BOOKED if time < SPREAD_TIMES else 1)]

    def venue(self, number):
        hours = [{"weekday": weekday, "open": "00:00", "close": "24:00"} for weekday in range(1, 8)]
        return {
            "name": f"Badminton Court {number}", "location": f"Sports Hall {1 + number % 3}, ground floor", "capacity": CAPACITY,
            "status": "open", "notice": "Please wear indoor shoes and leave the court five minutes before the hour.",
            "opening_hours": hours,
        }

    def slot(self, day, start, end):
        return {"date": day.isoformat(), "start_time": start, "end_time": end, "capacity": CAPACITY}

    def sign_in(self, username, password):
        return self.http.call("POST", "/api/v1/users/login", {"username": username, "password": password})["access_token"]

    def half_hour(self, time):
        day, half_hour = divmod(time, HALF_HOURS_A_DAY)
        clock = [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (half_hour * 30, half_hour * 30 + 30)]
        return self.first_day + datetime.timedelta(days=day), *clock

    def write_tokens(self, name, tokens):
        path = self.folder / name
        path.write_text("\n".join(tokens) + "\n")
        return path

    def bookings(self, most, spread):
        """A file of bookings from the next free half hour on: all over the club, or all at the first venue."""
        venues, end = (VENUES_BOOKED, SPREAD_TIMES) if spread else (1, TIMES)
        end = min(end, self.next_time + math.ceil(most / PEOPLE))
        path = self.folder / "bookings.txt"
        with open(path, "w") as file:
            for time in range(self.next_time, end):
                for person in range(PEOPLE):
                    slot = self.slots[(person + time) % venues, time]
                    file.write(f'POST /api/v1/reservations {person} {{"time_slot_id":{slot}}}\n')
        return path

    def spent(self, bookings):
        """Tells how many lines of the last file were sent: their half hours are not handed out again."""
        self.next_time += math.ceil(bookings / PEOPLE)

    def reads(self, path_and_query):
        """A file that asks for one thing, by one signed-in person after the other."""
        path = self.folder / "reads.txt"
        path.write_text("".join(f"GET {path_and_query} {person}\n" for person in range(PEOPLE)))
        return path

    @property
    def list_of_venues(self):
        return f"/api/v1/venues?limit={VENUES_LISTED}"


class RingsideClub(Club):
    """The club at Ringside, seeded through its API."""

    def __init__(self, port, folder, furnished=True):
        """Without furniture there are people and nothing to book."""
        super().__init__(folder)
        self.http = HTTP(port)
        self.admin = self.sign_in(ADMIN["username"], ADMIN["password"])
        with concurrent.futures.ThreadPoolExecutor(SEEDING_THREADS) as pool:
            tokens = list(pool.map(self.add_person, [f"person{number}" for number in range(PEOPLE + WATCHERS)]))
            self.people = self.write_tokens("people.txt", tokens[:PEOPLE])
            self.watchers = self.write_tokens("watchers.txt", tokens[PEOPLE:])
            if furnished:
                self.furnish(pool)

    def furnish(self, pool):
        # By the pool too: this thread's connection may have been closed while it waited for the people.
        self.venues = list(pool.map(self.add_venue, range(1, VENUES_LISTED + 1)))
        slots = pool.map(lambda pair: self.add_slot(self.venues[pair[0]], *self.half_hour(pair[1])), self.places_and_times)
        self.slots = dict(zip(self.places_and_times, slots))
        # A court's week as people look at it: fourteen hours a day.
        self.calendar_venue = self.venues[VENUES_BOOKED]
        week = [(self.first_day + datetime.timedelta(days=day), hour) for day in range(7) for hour in range(8, 22)]
        list(pool.map(lambda at: self.add_slot(self.calendar_venue, at[0], f"{at[1]:02}:00", f"{at[1] + 1:02}:00"), week))

    def add_person(self, username):
        person = {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
        self.http.call("POST", "/api/v1/users/register", person)
        return self.sign_in(username, PASSWORD)

    def add_venue(self, number):
        return self.http.call("POST", "/api/v1/venues", self.venue(number), self.admin)["id"]

    def add_slot(self, venue, day, start, end):
        return self.http.call("POST", f"/api/v1/venues/{venue}/reservation-time-slots", self.slot(day, start, end), self.admin)["id"]

    def open_calendars(self, count):
        """Venues with a half hour each, no two at the same time: everybody can book all of them. Their names as channels, and a file
        that books them in turn."""
        with concurrent.futures.ThreadPoolExecutor(SEEDING_THREADS) as pool:
            venues = list(pool.map(self.add_venue, range(count)))
            slots = list(pool.map(lambda at: self.add_slot(venues[at], *self.half_hour(at)), range(count)))
        channels, bookings = self.folder / "channels.txt", self.folder / "calendar-bookings.txt"
        channels.write_text("".join(f"calendar:venue:{venue}\n" for venue in venues))
        bookings.write_text("".join(
            f'POST /api/v1/reservations {person} {{"time_slot_id":{slot}}}\n' for person in range(PEOPLE) for slot in slots))
        return channels, bookings

    @property
    def calendar_week(self):
        last_day = self.first_day + datetime.timedelta(days=6)
        return f"/api/v1/venues/{self.calendar_venue}/calendar?start_date={self.first_day}&end_date={last_day}"


class FastAPIClub(Club):
    """The same club at the FastAPI peer, which fills its database from a plan: identifiers count from 1 in the plan's order."""

    def __init__(self, folder):
        super().__init__(folder)
        self.slots = {pair: number for number, pair in enumerate(self.places_and_times, 1)}
        self.usernames = [f"person{number}" for number in range(PEOPLE)]
        slots = [{"venue_id": place + 1, **self.slot(*self.half_hour(time))} for place, time in self.places_and_times]
        self.plan = folder / "plan.json"
        self.plan.write_text(json.dumps({
            "venues": [self.venue(number) for number in range(1, VENUES_LISTED + 1)], "slots": slots, "people": self.usernames,
            "password": PASSWORD,
        }))

    def sign_everybody_in(self, port):
        self.http = HTTP(port)
        self.people = self.write_tokens("people.txt", [self.sign_in(username, PASSWORD) for username in self.usernames])
