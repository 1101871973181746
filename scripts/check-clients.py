"""Lets clients that are not ours talk to a running Ringside, over every transport of the live protocol.

    .setup/python/bin/python scripts/check-clients.py PATH/TO/ringside

Starts the server on a free port and a fresh database, then: curl over server-sent events and HTTP streams (in both
directions and one), the Python package centrifuge-python in JSON and in Protobuf (subscribe, be cut, resume, rpc),
Debian's node-ws and the Python package websockets. Prints a line for each check; the first failure ends it.
"""

import asyncio
import datetime
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

import centrifuge
import websockets

ADMIN = {"username": "check-admin", "password": "Check-" + secrets.token_urlsafe(18)}
LIMIT_SECONDS = 20


class Site:
    """A running server with a venue, and somebody who may book there."""

    def __init__(self, binary, folder):
        environment = dict(
            os.environ, RINGSIDE_ADMIN_USERNAME=ADMIN["username"], RINGSIDE_ADMIN_PASSWORD=ADMIN["password"], RINGSIDE_DRAIN_SECONDS="1")
        self.log = pathlib.Path(folder, "log")
        self.process = subprocess.Popen(
            [binary, "serve", "--host", "127.0.0.1", "--port", "0", "--rooms-port", "off", "--database", f"sqlite://{folder}/check.sqlite"],
            stdout=subprocess.PIPE, stderr=self.log.open("w"), text=True, env=environment)
        self.base = None
        self.hours = 0

    def start(self):
        for line in self.process.stdout:
            if found := re.search(r"listening on (http://\S+)", line):
                self.base = found.group(1).rstrip("/")
                break
        else:
            sys.exit("the server did not start:\n" + self.log.read_text()[-4000:])
        # Whatever else it prints must not fill the pipe.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.admin = self.call("POST", "/api/v1/users/login", body=ADMIN)["access_token"]
        venue = self.call("POST", "/api/v1/venues", self.admin, {"name": "Court 1", "location": "Hall A", "capacity": 40})
        self.venue = venue["id"]
        self.calendar = f"calendar:venue:{self.venue}"
        person = {"username": "ana.lindqvist", "email": "ana.lindqvist@example.com", "password": "Net-play-77-volley"}
        self.call("POST", "/api/v1/users/register", body=person)
        login = self.call("POST", "/api/v1/users/login", body={key: person[key] for key in ("username", "password")})
        self.token = login["access_token"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(LIMIT_SECONDS)
        assert status == 0, f"SIGTERM ended with {status}"

    @property
    def web_socket(self):
        return self.base.replace("http", "ws", 1) + "/connection/websocket"

    def call(self, method, path, token=None, body=None):
        """The answer to a request that succeeds."""
        request = urllib.request.Request(self.base + path, method=method, data=None if body is None else json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as answer:
                data = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode(errors='replace')}") from error
        return json.loads(data) if data else None

    def slot(self):
        """A new slot, an hour after the one before."""
        day = datetime.date.today() + datetime.timedelta(days=7 + self.hours // 12)
        hour = 8 + self.hours % 12
        self.hours += 1
        body = {"date": day.isoformat(), "start_time": f"{hour:02}:00", "end_time": f"{hour + 1:02}:00"}
        return self.call("POST", f"/api/v1/venues/{self.venue}/reservation-time-slots", self.admin, body)["id"]

    def book(self, slot):
        return self.call("POST", "/api/v1/reservations", self.token, {"time_slot_id": slot})


class Curl:
    """A stream as curl shows it."""

    def __init__(self, *arguments):
        command = ["curl", "--silent", "--show-error", "--no-buffer", "--max-time", str(LIMIT_SECONDS), *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def message(self, wanted=lambda message: True):
        """The next message that is wanted: a line, or an event's data."""
        for line in self.process.stdout:
            text = line.strip().removeprefix("data: ")
            if text.startswith("{") and wanted(message := json.loads(text)):
                return message
        raise AssertionError(f"curl heard no more: {self.process.stderr.read()}")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


def publication_of(channel, push):
    return push if push.get("channel") == channel and "pub" in push else None


def check_streams(site):
    """curl in both directions: commands go to /emulation."""
    command = json.dumps({"id": 1, "connect": {"token": site.token, "name": "curl"}})
    get = f"{site.base}/connection/sse?cf_connect={urllib.parse.quote(command)}"
    for name, arguments in (
            ("sse", [get]),
            ("sse by post", ["--data-binary", command, f"{site.base}/connection/sse"]),
            ("http_stream", ["--data-binary", command, f"{site.base}/connection/http_stream"])):
        curl = Curl(*arguments)
        connected = curl.message()["connect"]
        subscribe = {"id": 2, "subscribe": {"channel": site.calendar}}
        post = {"session": connected["session"], "node": connected["node"], "data": json.dumps(subscribe)}
        site.call("POST", "/emulation", body=post)
        start = curl.message(lambda message: message.get("id") == 2)["subscribe"]
        site.book(site.slot())
        heard = curl.message(lambda message: publication_of(site.calendar, message.get("push", {})))["push"]["pub"]
        assert heard["offset"] > start["offset"], (name, heard, start)
        curl.close()


def check_one_way_streams(site):
    """curl one way: the channels are named at connect."""
    request = json.dumps({"token": site.token, "subs": {site.calendar: {}}})
    for path in ("uni_sse", "uni_http_stream"):
        curl = Curl("--data-binary", request, f"{site.base}/connection/{path}")
        connected = curl.message()["connect"]
        assert site.calendar in connected["subs"], connected
        site.book(site.slot())
        curl.message(lambda push: publication_of(site.calendar, push))
        curl.close()


class Follower(centrifuge.SubscriptionEventHandler):
    """Keeps what a subscription of centrifuge-python was told."""

    def __init__(self):
        self.subscribed = asyncio.Queue()
        self.publications = asyncio.Queue()

    async def on_subscribed(self, ctx):
        self.subscribed.put_nowait(ctx)

    async def on_publication(self, ctx):
        self.publications.put_nowait(ctx.pub)


async def soon(awaitable):
    return await asyncio.wait_for(awaitable, LIMIT_SECONDS)


async def check_centrifuge(site, use_protobuf):
    encode = (lambda value: json.dumps(value).encode()) if use_protobuf else (lambda value: value)
    decode = json.loads if use_protobuf else (lambda value: value)
    client = centrifuge.Client(site.web_socket, token=site.token, use_protobuf=use_protobuf, proxy=None)
    follower = Follower()
    await client.connect()
    await soon(client.ready())
    subscription = client.new_subscription(site.calendar, events=follower, recoverable=True, positioned=True)
    await subscription.subscribe()
    start = await soon(follower.subscribed.get())
    assert start.recoverable and start.positioned, start
    offset = start.stream_position.offset

    # Each booking is at least one event; what belongs to the slots comes with them.
    last = None
    for step in range(4):
        if step == 2:
            # Away and back again: the client resumes by itself, from where it stopped.
            await client.disconnect()
        slot = await asyncio.to_thread(site.slot)
        key = secrets.token_hex(8)
        if step < 2:
            call = {"key": key, "request": {"time_slot_id": slot}}
            answer = decode((await soon(client.rpc("gym.reservations.create", encode(call)))).data)
            assert answer["status"] == 201, answer
            again = decode((await soon(client.rpc("gym.reservations.create", encode(call)))).data)
            assert again["body"]["id"] == answer["body"]["id"], (answer, again)
        else:
            await asyncio.to_thread(site.book, slot)
        if step == 3:
            await client.connect()
            resumed = await soon(follower.subscribed.get())
            assert resumed.was_recovering and resumed.recovered, resumed
    top = (await soon(subscription.history(limit=0))).offset
    while offset < top:
        publication = await soon(follower.publications.get())
        assert publication.offset == offset + 1, (publication.offset, offset)
        assert {"type", "id", "at", "data"} <= set(decode(publication.data)), publication.data
        offset = publication.offset
        last = publication
    assert last is not None and follower.publications.empty()
    try:
        await soon(client.rpc("gym.nothing.do", encode({})))
        raise AssertionError("an unknown method was answered")
    except centrifuge.ReplyError as error:
        assert error.code == 104, error
    await client.disconnect()


def check_centrifuge_json(site):
    """centrifuge-python over JSON."""
    asyncio.run(check_centrifuge(site, use_protobuf=False))


def check_centrifuge_protobuf(site):
    """centrifuge-python over Protobuf."""
    asyncio.run(check_centrifuge(site, use_protobuf=True))


NODE = """
const WebSocket = require("ws");
const [url, token, channel] = process.argv.slice(1);
const socket = new WebSocket(url, { perMessageDeflate: true });
const say = (commands) => socket.send(commands.map((command) => JSON.stringify(command)).join("\\n"));
socket.on("open", () => say([{ id: 1, connect: { token } }, { id: 2, subscribe: { channel } }]));
socket.on("message", (data) => {
    for (const line of data.toString().split("\\n")) {
        const message = JSON.parse(line);
        if (line === "{}") socket.send("{}");
        else if (message.id === 2) console.log("ready");
        else if (message.push && message.push.channel === channel) {
            console.log(line);
            socket.close(1000);
        }
    }
});
socket.on("close", (code) => console.log("closed " + code));
"""


def check_node_ws(site):
    """Debian's node-ws, with compression."""
    assert shutil.which("node"), "node is not installed: run `make setup`"
    process = subprocess.Popen(
        ["node", "-e", NODE, "--", site.web_socket, site.token, site.calendar], stdout=subprocess.PIPE, text=True,
        env=dict(os.environ, NODE_PATH="/usr/share/nodejs"))
    watchdog = threading.Timer(LIMIT_SECONDS, process.kill)
    watchdog.start()
    try:
        assert process.stdout.readline() == "ready\n", "node-ws could not subscribe"
        site.book(site.slot())
        push = json.loads(process.stdout.readline())["push"]
        assert publication_of(site.calendar, push), push
        assert process.stdout.readlines()[-1] == "closed 1000\n"
        assert process.wait() == 0
    finally:
        watchdog.cancel()
        process.kill()
        process.stdout.close()


async def follow_with_websockets(site):
    url = site.base.replace("http", "ws", 1)
    # A tool that knows nothing of the protocol's pings asks for those of WebSocket.
    async with websockets.connect(site.web_socket + "?cf_ws_frame_ping_pong=true") as socket:
        await socket.send(json.dumps({"id": 1, "connect": {"token": site.token}}))
        connected = json.loads(await soon(socket.recv()))["connect"]
        assert "ping" not in connected and "pong" not in connected, connected
    async with websockets.connect(url + "/connection/uni_websocket") as socket:
        await socket.send(json.dumps({"token": site.token}))
        assert "connect" in json.loads(await soon(socket.recv()))
        await asyncio.to_thread(site.book, await asyncio.to_thread(site.slot))
        push = json.loads(await soon(socket.recv()))
        assert push["channel"].startswith("personal:#") and "pub" in push, push
    headers = {"Authorization": f"Bearer {site.token}"}
    async with websockets.connect(url + "/ws/notifications", additional_headers=headers) as socket:
        await asyncio.to_thread(site.book, await asyncio.to_thread(site.slot))
        event = json.loads(await soon(socket.recv()))
        assert event["type"] == "reservation.created", event


def check_websockets(site):
    """The Python package websockets: native pings, one way, plain notifications."""
    asyncio.run(follow_with_websockets(site))


CHECKS = (check_streams, check_one_way_streams, check_centrifuge_json, check_centrifuge_protobuf, check_node_ws, check_websockets)


def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        site = Site(binary, folder)
        try:
            site.start()
            for check in CHECKS:
                check(site)
                print(f"passed: {check.__doc__.splitlines()[0].rstrip('.')}", flush=True)
            site.stop()
        finally:
            site.process.kill()
            site.process.wait()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
