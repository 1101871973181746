"""Judges a running Ringside from outside, with software that is not ours.

    .setup/python/bin/python scripts/check-server.py PATH/TO/ringside

Starts the server on a free port and a fresh database, then: the OpenAPI document is valid, the documentation page and
its files load and name no other host, a foreign WebSocket client connects, watches, is cut and resumes without a gap,
and SIGTERM drains to exit status 0.
"""

import asyncio
import contextlib
import datetime
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

import websockets
from openapi_spec_validator import OpenAPIV31SpecValidator

ADMIN = {"username": "check-admin", "password": "Check-" + secrets.token_urlsafe(18)}
LIMIT_SECONDS = 20


@contextlib.contextmanager
def running_server(binary):
    """The server's base URL, and its exit status when the block is left."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(
            os.environ, RINGSIDE_ADMIN_USERNAME=ADMIN["username"], RINGSIDE_ADMIN_PASSWORD=ADMIN["password"], RINGSIDE_DRAIN_SECONDS="1")
        process = subprocess.Popen(
            [binary, "serve", "--host", "127.0.0.1", "--port", "0", "--rooms-port", "0", "--database", f"sqlite://{folder}/check.sqlite"],
            stdout=subprocess.PIPE, stderr=open(f"{folder}/log", "w"), text=True, env=environment)
        try:
            for line in process.stdout:
                if found := re.search(r"listening on (http://\S+)", line):
                    break
            else:
                sys.exit("the server did not start:\n" + pathlib.Path(folder, "log").read_text()[-4000:])
            # Whatever else it prints must not fill the pipe.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield found.group(1).rstrip("/")
            process.send_signal(signal.SIGTERM)
            status = process.wait(LIMIT_SECONDS)
            assert status == 0, f"SIGTERM ended with {status}"
        finally:
            process.kill()
            process.wait()


def call(base, method, path, token=None, body=None):
    """Status and body of a request; JSON is decoded."""
    request = urllib.request.Request(base + path, method=method, data=None if body is None else json.dumps(body).encode())
    if body is not None:
        request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        answer = urllib.request.urlopen(request, timeout=LIMIT_SECONDS)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        data = answer.read()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, json.loads(data) if is_json and data else data.decode(errors="replace")


def expect(base, wanted, method, path, token=None, body=None):
    status, answer = call(base, method, path, token, body)
    assert status in wanted, f"{method} {path}: {status} {answer}"
    return answer


def check_health(base):
    expect(base, {200}, "GET", "/healthz")
    expect(base, {200}, "GET", "/readyz")


def check_openapi(base):
    document = expect(base, {200}, "GET", "/openapi.json")
    assert document["openapi"].startswith("3.1"), document["openapi"]
    errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
    assert not errors, "openapi.json is invalid:\n" + "\n".join(errors[:20])
    committed = json.loads(pathlib.Path("protocol/openapi.json").read_text())
    assert document.get("paths") == committed.get("paths"), "protocol/openapi.json has other paths: run `make endpoints`"


def check_docs(base):
    page = expect(base, {200}, "GET", "/docs")
    assert "swagger" in page.lower(), "/docs is not Swagger UI"
    address = urllib.parse.urlparse(base)
    links = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page)
    assert any(link.endswith(".js") for link in links), f"/docs loads no script: {links}"
    for link in links:
        url = urllib.parse.urlparse(urllib.parse.urljoin(base + "/docs", link))
        if url.scheme == "data":
            continue
        assert url.netloc == address.netloc, f"/docs loads from another host: {link}"
        expect(base, {200}, "GET", url.path)


class Watcher:
    """A WebSocket client of another house, speaking the protocol by hand."""

    def __init__(self, base, token, channel):
        self.url = base.replace("http", "ws", 1) + "/connection/websocket"
        self.token = token
        self.channel = channel
        self.lines = []

    async def open(self, **position):
        self.socket = await websockets.connect(self.url)
        commands = [
            {"id": 1, "connect": {"token": self.token}},
            {"id": 2, "subscribe": {"channel": self.channel, "recoverable": True, "positioned": True, **position}},
        ]
        await self.socket.send("\n".join(json.dumps(command) for command in commands))
        connected = await self.next(lambda line: line.get("id") == 1)
        assert "connect" in connected, connected
        subscribed = await self.next(lambda line: line.get("id") == 2)
        assert "subscribe" in subscribed, subscribed
        return subscribed["subscribe"]

    async def next(self, wanted):
        while True:
            while self.lines:
                line = self.lines.pop(0)
                if line == {}:
                    await self.socket.send("{}")
                elif wanted(line):
                    return line
            frame = await asyncio.wait_for(self.socket.recv(), LIMIT_SECONDS)
            self.lines += [json.loads(line) for line in frame.splitlines()]

    async def publication(self):
        line = await self.next(lambda line: line.get("push", {}).get("channel") == self.channel and "pub" in line["push"])
        return line["push"]["pub"]

    async def cut(self):
        """Gone without a close frame, as a train in a tunnel."""
        self.socket.transport.abort()
        await self.socket.wait_closed()
        self.lines.clear()


def prepare_slots(base, admin, count):
    venue = expect(base, {200, 201}, "POST", "/api/v1/venues", admin, {"name": "Court 1", "location": "Hall A", "capacity": 4})
    day = (datetime.date.today() + datetime.timedelta(days=7)).isoformat()
    slots = [
        expect(base, {200, 201}, "POST", f"/api/v1/venues/{venue['id']}/reservation-time-slots", admin,
               {"date": day, "start_time": f"{8 + hour:02}:00", "end_time": f"{9 + hour:02}:00"})["id"]
        for hour in range(count)
    ]
    return venue["id"], slots


async def check_live(base):
    admin = expect(base, {200}, "POST", "/api/v1/users/login", body=ADMIN)["access_token"]
    venue, slots = prepare_slots(base, admin, 4)
    person = {"username": "ana.lindqvist", "email": "ana.lindqvist@example.com", "password": "Net-play-77-volley"}
    expect(base, {200, 201}, "POST", "/api/v1/users/register", body=person)
    token = expect(base, {200}, "POST", "/api/v1/users/login", body={key: person[key] for key in ("username", "password")})["access_token"]

    async def book(slot):
        await asyncio.to_thread(expect, base, {200, 201}, "POST", "/api/v1/reservations", token, {"time_slot_id": slot})

    watcher = Watcher(base, token, f"calendar:venue:{venue}")
    start = await watcher.open()
    await book(slots[0])
    heard = await watcher.publication()
    assert heard["offset"] == start["offset"] + 1, (heard, start)
    assert person["username"] not in json.dumps(heard), "a calendar names a person"

    await watcher.cut()
    for slot in slots[1:]:
        await book(slot)
    resumed = await watcher.open(recover=True, epoch=start["epoch"], offset=heard["offset"])
    assert resumed.get("recovered") is True, resumed
    offsets = [publication["offset"] for publication in resumed["publications"]]
    assert len(offsets) >= len(slots) - 1, resumed
    assert offsets == list(range(heard["offset"] + 1, heard["offset"] + 1 + len(offsets))), offsets
    await watcher.socket.close()


def main(binary):
    with running_server(binary) as base:
        for check in (check_health, check_openapi, check_docs, check_live):
            outcome = check(base)
            if asyncio.iscoroutine(outcome):
                asyncio.run(asyncio.wait_for(outcome, 3 * LIMIT_SECONDS))
            print(f"passed: {check.__name__.removeprefix('check_')}", flush=True)
    print("passed: drained on SIGTERM")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
