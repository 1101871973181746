"""Looks at the display of a meeting room's door as somebody in front of it does: in a real browser, while the server comes and goes.

    .setup/python/bin/python scripts/check-display.py PATH/TO/ringside

Starts the server and a headless Chromium. Free, taken, taken in private, held and out of service are shown as soon as they are so; what is
shown while the server is gone says that it is old; a server that is back is followed again; a revoked link shows nothing. On a phone
nothing sticks out. The pictures are kept in .setup/display for people to look at. Without Chromium nothing is judged.
"""

import asyncio
import base64
import contextlib
import datetime
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request

import websockets

ADMIN = {"username": "display-admin", "password": "Display-" + secrets.token_urlsafe(18)}
LIMIT_SECONDS = 60
PICTURES = pathlib.Path(".setup/display")


class Server:
    """Ringside on a fixed port, so that a page finds it again after it was killed."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        environment = dict(
            os.environ, RINGSIDE_ADMIN_USERNAME=ADMIN["username"], RINGSIDE_ADMIN_PASSWORD=ADMIN["password"], RINGSIDE_DRAIN_SECONDS="0",
            RINGSIDE_TOKEN_SECRET="the same after a restart " * 2)
        self.process = subprocess.Popen(
            [self.binary, "serve", "--host", "127.0.0.1", "--port", str(self.port), "--rooms-port", "off", "--log-level", "error",
             "--database", f"sqlite://{self.folder}/display.sqlite"],
            stdout=subprocess.PIPE, stderr=open(f"{self.folder}/log", "a"), text=True, env=environment)
        for line in self.process.stdout:
            if "listening on" in line:
                return
        sys.exit("the server did not start:\n" + pathlib.Path(self.folder, "log").read_text()[-4000:])

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(LIMIT_SECONDS)
        self.process.stdout.close()

    def call(self, method, path, body=None, token=None, base="/meeting/api"):
        request = urllib.request.Request(
            self.base + base + path, None if body is None else json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as answer:
            data = answer.read()
        return json.loads(data) if data else None


class Page:
    """One tab of a browser, over the Chrome DevTools protocol."""

    def __init__(self, connection):
        self.connection, self.number, self.trouble = connection, 0, []

    async def ask(self, method, **parameters):
        self.number += 1
        number = self.number
        await self.connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(await asyncio.wait_for(self.connection.recv(), LIMIT_SECONDS))
            if message.get("method") == "Runtime.exceptionThrown":
                self.trouble.append(message["params"]["exceptionDetails"].get("exception", {}).get("description", "an exception"))
            if message.get("method") == "Log.entryAdded" and message["params"]["entry"].get("source") == "security":
                self.trouble.append(message["params"]["entry"]["text"])
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    async def evaluate(self, expression):
        answer = await self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    async def texts(self):
        return await self.evaluate("""Object.assign({class: document.body.className}, ...["room", "place", "clock", "state", "title", "until",
            "next", "notice"].map(id => ({[id]: document.getElementById(id).hidden ? "" : document.getElementById(id).textContent})))""")

    async def shows(self, what, **wanted):
        """Waits until the page shows all of this; a value is a pattern for the whole text."""
        until = asyncio.get_running_loop().time() + LIMIT_SECONDS
        while True:
            texts = await self.texts()
            # Before the page is there it has none.
            if texts and all(re.fullmatch(pattern, texts[name]) for name, pattern in wanted.items()):
                print(f"display: {what}: {texts['state']} {texts['title']} {texts['until']} {texts['notice']}".rstrip(), flush=True)
                return texts
            if asyncio.get_running_loop().time() > until:
                await self.picture("failed")
                sys.exit(f"display: not shown within {LIMIT_SECONDS} s: {what}, {wanted}; it is {texts}; {self.trouble}")
            await asyncio.sleep(0.05)

    async def picture(self, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        answer = await self.ask("Page.captureScreenshot", format="png")
        (PICTURES / f"{name}.png").write_bytes(base64.b64decode(answer["data"]))

    async def resize(self, width, height, is_phone):
        await self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=is_phone)

    async def fits(self):
        wide = await self.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"something sticks out by {wide} pixels"


@contextlib.asynccontextmanager
async def browser(program, folder):
    process = subprocess.Popen(
        [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--lang=en-GB",
         "--remote-debugging-port=0", f"--user-data-dir={folder}/browser", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=dict(os.environ, HOME=str(folder), LANGUAGE="en_GB"))
    try:
        for line in process.stderr:
            if found := re.search(r"DevTools listening on ws://([^/]+)/", line):
                break
        else:
            sys.exit("the browser did not start")
        with urllib.request.urlopen(f"http://{found.group(1)}/json/list", timeout=LIMIT_SECONDS) as answer:
            tab = next(one for one in json.load(answer) if one["type"] == "page")
        async with websockets.connect(tab["webSocketDebuggerUrl"], max_size=None) as connection:
            page = Page(connection)
            for domain in ("Page", "Runtime", "Log"):
                await page.ask(f"{domain}.enable")
            yield page
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def instant(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


async def judge(server, page):
    token = server.call("POST", "/users/login", ADMIN, base="/api/v1")["access_token"]
    room = server.call("POST", "/rooms", {"name": "Ringside Arena", "capacity": 12, "location": "Ground floor, left"}, token)["data"]
    link = server.call("PUT", f"/rooms/{room['id']}/display-link", token=token)["data"]["path"]

    def book(seconds, minutes, title):
        begin = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
        body = {"title": title, "startTime": instant(begin), "endTime": instant(begin + datetime.timedelta(minutes=minutes)),
                "roomId": room["id"]}
        return server.call("POST", "/reservations", body, token)["data"]["id"]

    await page.resize(1280, 800, False)
    await page.ask("Page.navigate", url=server.base + link)
    await page.shows("a free room", state="Free", until="for the next 24 hours", room="Ringside Arena", notice="", **{"class": "free"})
    later = book(7_200, 60, "Board meeting")
    await page.shows("what comes", state="Free", until=r"until .*\d\d:\d\d", next=r"Next: Board meeting, .*")
    await page.picture("free")

    # The clock alone turns the page.
    current = book(5, 45, "Planning of the spring season")
    await page.shows("taken", state="Busy", title="Planning of the spring season", until=r"until .*\d\d:\d\d", **{"class": "busy"})
    await page.picture("busy")
    server.call("PATCH", f"/reservations/{current}", {"isPrivate": True, "title": "Secret plans"}, token)
    texts = await page.shows("taken in private", state="Busy", title="Reserved")
    assert "Secret" not in json.dumps(texts) and "Secret" not in await page.evaluate("document.documentElement.outerHTML")

    # Gone, and how it was is not told as how it is.
    server.stop(signal.SIGKILL)
    await page.shows("a server that is gone", state="Busy", notice=r"No connection\. This is how it was at .*\d\d:\d\d\.", **{"class": "busy stale"})
    await page.picture("gone")
    server.start()
    server.call("DELETE", f"/reservations/{later}", token=token)
    await page.shows("a server that is back, and what it was told meanwhile", state="Busy", notice="", next="", **{"class": "busy"})

    server.call("DELETE", f"/reservations/{current}", token=token)
    await page.shows("free again", state="Free", until="for the next 24 hours")
    server.call("PATCH", f"/rooms/{room['id']}", {"status": "maintenance"}, token)
    await page.shows("out of service", state="Out of service", until="")
    await page.picture("closed")
    server.call("PATCH", f"/rooms/{room['id']}", {"status": "available"}, token)
    await page.shows("in service", state="Free")

    await page.resize(360, 640, True)
    book(9_000, 30, "A very long title without any mercy: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft")
    await page.shows("a phone", next=r"Next: A very long title.*")
    await page.fits()
    await page.picture("phone")
    await page.resize(1280, 800, False)

    server.call("DELETE", f"/rooms/{room['id']}/display-link", token=token)
    await page.shows("a revoked link", state="This display has been switched off", room="", next="", notice="")
    await page.picture("ended")
    assert not page.trouble, page.trouble


async def main():
    program = shutil.which("chromium")
    if program is None:
        print("display: Chromium is missing (scripts/setup.sh installs it): nothing is judged")
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = Server(sys.argv[1], folder)
        server.start()
        try:
            async with browser(program, folder) as page:
                await judge(server, page)
        finally:
            server.stop(signal.SIGKILL)
    print("the display is sound; its pictures are in " + str(PICTURES))


asyncio.run(main())
