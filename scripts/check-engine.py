"""Lets a client library that is not ours talk to the engine alone, with tokens that are signed by hand.

    .setup/python/bin/python scripts/check-engine.py PATH/TO/ringside

Starts `ringside realtime` on a free port; then centrifuge-python, in JSON and in Protobuf: subscribes, publishes, reads history and
presence, hears who joins and leaves, is cut and recovers, brings subscription tokens, is subscribed, unsubscribed and sent away by
the server API. SIGTERM drains to exit status 0. Prints a line for each check; the first failure ends it.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import pathlib
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import centrifuge

SECRET = secrets.token_urlsafe(32)
API_KEY = secrets.token_urlsafe(32)
LIMIT_SECONDS = 20
CONFIGURATION = {
    "http_server": {"port": 0},
    "http_api": {"key": API_KEY},
    "shutdown": {"timeout": "1s"},
    "client": {
        "token": {"hmac_secret_key": SECRET},
        "subscribe_to_user_personal_channel": {"enabled": True, "personal_channel_namespace": "personal"},
    },
    "channel": {
        "namespaces": [
            {"name": "personal", "history_size": 10, "history_ttl": "60s", "force_recovery": True},
            {
                "name": "chat", "history_size": 100, "history_ttl": "300s", "force_recovery": True, "presence": True, "join_leave": True,
                "force_push_join_leave": True, "allow_subscribe_for_client": True, "allow_publish_for_subscriber": True,
                "allow_history_for_subscriber": True, "allow_presence_for_subscriber": True,
            },
            {"name": "live", "allow_subscribe_for_client": True, "allow_publish_for_client": True},
            {
                "name": "price", "history_size": 1, "history_ttl": "300s", "force_recovery": True, "force_recovery_mode": "cache",
                "allow_subscribe_for_client": True,
            },
        ]
    },
}


def sign(**claims):
    """A JSON Web Token, made without a library of anybody's."""
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")
    signed = encode(b'{"alg":"HS256","typ":"JWT"}') + b"." + encode(json.dumps(claims).encode())
    return (signed + b"." + encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest())).decode()


class Engine:
    def __init__(self, address):
        self.base = address.rstrip("/")
        self.url = self.base.replace("http", "ws", 1) + "/connection/websocket"

    def api(self, method, key=API_KEY, **parameters):
        request = urllib.request.Request(
            f"{self.base}/api/{method}", json.dumps(parameters).encode(), {"X-API-Key": key, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as answer:
            return json.loads(answer.read())

    async def call(self, method, **parameters):
        answer = await asyncio.to_thread(self.api, method, **parameters)
        assert "error" not in answer, f"{method}: {answer}"
        return answer["result"]


@contextlib.contextmanager
def running_engine(binary):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "config.json")
        path.write_text(json.dumps(CONFIGURATION))
        log = pathlib.Path(folder, "log")
        process = subprocess.Popen(
            [binary, "realtime", "--config", path, "--host", "127.0.0.1"], stdout=subprocess.PIPE, stderr=log.open("w"), text=True)
        try:
            for line in process.stdout:
                if found := re.search(r"listening on (http://\S+)", line):
                    break
            else:
                sys.exit("the engine did not start:\n" + log.read_text()[-4000:])
            # Whatever else it prints must not fill the pipe.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield Engine(found.group(1))
            process.send_signal(signal.SIGTERM)
            status = process.wait(LIMIT_SECONDS)
            assert status == 0, f"SIGTERM ended with {status}"
            text = log.read_text()
            assert SECRET not in text and API_KEY not in text, "a secret stands in the log"
        finally:
            process.kill()
            process.wait()


class Ear(centrifuge.SubscriptionEventHandler):
    """Keeps what a subscription hears."""

    def __init__(self):
        self.heard = asyncio.Queue()

    async def on_subscribed(self, context):
        await self.heard.put(("subscribed", context))

    async def on_unsubscribed(self, context):
        await self.heard.put(("unsubscribed", context))

    async def on_subscribing(self, context):
        await self.heard.put(("subscribing", context))

    async def on_publication(self, context):
        await self.heard.put(("publication", context.pub))

    async def on_join(self, context):
        await self.heard.put(("join", context.info))

    async def on_leave(self, context):
        await self.heard.put(("leave", context.info))

    async def next(self, kind):
        """The next event of that kind; others are passed over."""
        while True:
            found, event = await asyncio.wait_for(self.heard.get(), LIMIT_SECONDS)
            if found == kind:
                return event


class ClientEar(centrifuge.ClientEventHandler):
    """Keeps what a connection hears of channels that the server chose, and how it ended."""

    def __init__(self):
        self.heard = asyncio.Queue()

    async def on_subscribed(self, context):
        await self.heard.put(("subscribed", context))

    async def on_unsubscribed(self, context):
        await self.heard.put(("unsubscribed", context))

    async def on_publication(self, context):
        await self.heard.put(("publication", context))

    async def on_disconnected(self, context):
        await self.heard.put(("disconnected", context))

    next = Ear.next


def connect(engine, user, protobuf, events=None, **claims):
    token = sign(sub=user, exp=int(time.time()) + 600, info={"name": user.title()}, **claims)
    return centrifuge.Client(engine.url, events=events, token=token, use_protobuf=protobuf, proxy=None)


def payload(value, protobuf):
    """With Protobuf the library hands bytes through."""
    return json.dumps(value).encode() if protobuf else value


def said(data):
    """What data means, whichever way it came."""
    return json.loads(data) if isinstance(data, bytes) else data


async def check_channels(engine, protobuf):
    ana, ben = connect(engine, "ana", protobuf), connect(engine, "ben", protobuf)
    channel = f"chat:{secrets.token_hex(4)}"
    anas_ear, bens_ear = Ear(), Ear()
    await ana.connect()
    await ben.connect()
    anas, bens = ana.new_subscription(channel, events=anas_ear), ben.new_subscription(channel, events=bens_ear)
    await anas.subscribe()
    subscribed = await anas_ear.next("subscribed")
    assert subscribed.recoverable and subscribed.positioned and subscribed.stream_position.offset == 0, subscribed
    assert (await anas_ear.next("join")).user == "ana"
    await bens.subscribe()
    joined = await anas_ear.next("join")
    assert joined.user == "ben" and said(joined.conn_info) == {"name": "Ben"}, joined
    await anas.publish(payload({"text": "hello"}, protobuf))
    for ear in (anas_ear, bens_ear):
        publication = await ear.next("publication")
        assert said(publication.data) == {"text": "hello"} and publication.offset == 1, publication
        assert publication.info.user == "ana", publication
    await engine.call("publish", channel=channel, data={"n": 2}, tags={"k": "v"})
    publication = await bens_ear.next("publication")
    assert publication.offset == 2 and publication.tags == {"k": "v"}, publication
    history = await bens.history(limit=10)
    assert [p.offset for p in history.publications] == [1, 2] and history.offset == 2, history
    newest = await bens.history(limit=1, reverse=True)
    assert [p.offset for p in newest.publications] == [2], newest
    presence = await anas.presence()
    assert sorted(info.user for info in presence.clients.values()) == ["ana", "ben"], presence
    stats = await anas.presence_stats()
    assert (stats.num_clients, stats.num_users) == (2, 2), stats
    await bens.unsubscribe()
    assert (await anas_ear.next("leave")).user == "ben"
    await ana.disconnect()
    await ben.disconnect()


async def check_recovery(engine, protobuf):
    ana = connect(engine, "ana", protobuf)
    channel, ear = f"chat:{secrets.token_hex(4)}", Ear()
    subscription = ana.new_subscription(channel, events=ear)
    await ana.connect()
    await subscription.subscribe()
    await ear.next("subscribed")
    expected = 0
    for _ in range(3):
        expected += 1
        await engine.call("publish", channel=channel, data=expected)
        assert (await ear.next("publication")).offset == expected
        # As a lost network does it: the socket goes, nobody says a word.
        ana._conn.transport.abort()
        for _ in range(5):
            await engine.call("publish", channel=channel, data=expected + 1)
            expected += 1
        offsets = [(await ear.next("publication")).offset for _ in range(5)]
        assert offsets == list(range(expected - 4, expected + 1)), offsets
    await ana.disconnect()


async def check_cache(engine, protobuf):
    channel, ear = f"price:{secrets.token_hex(4)}", Ear()
    for price in (1, 2, 3):
        await engine.call("publish", channel=channel, data=price)
    ana = connect(engine, "ana", protobuf)
    await ana.connect()
    subscription = ana.new_subscription(channel, events=ear)
    await subscription.subscribe()
    publication = await ear.next("publication")
    assert said(publication.data) == 3, publication
    await ana.disconnect()


async def check_refusals(engine, protobuf):
    ana = connect(engine, "ana", protobuf)
    await ana.connect()
    for channel, code in (("none:a", 102), ("plain", 103), ("$chat:a", 103)):
        ear = Ear()
        await ana.new_subscription(channel, events=ear).subscribe()
        ended = await ear.next("unsubscribed")
        assert ended.code == code, (channel, ended)
    try:
        await ana.publish("chat:a", payload(1, protobuf))
        raise AssertionError("a stranger published")
    except centrifuge.ReplyError as error:
        assert error.code == 103, error
    await ana.publish("live:a", payload(1, protobuf))
    try:
        await ana.rpc("none", payload(1, protobuf))
        raise AssertionError("a method that is none answered")
    except centrifuge.ReplyError as error:
        assert error.code == 104, error
    await ana.disconnect()


async def check_subscription_token(engine, protobuf):
    ana = connect(engine, "ana", protobuf)
    channel, ear, calls = f"$chat:{secrets.token_hex(4)}", Ear(), []

    async def get_token(asked):
        calls.append(asked)
        return sign(sub="ana", channel=asked, exp=int(time.time()) + 3)

    await ana.connect()
    await ana.new_subscription(channel, events=ear, get_token=get_token).subscribe()
    await ear.next("subscribed")
    # The library fetches the next token by itself when the first one's time is over, and the subscription goes on.
    deadline = time.monotonic() + LIMIT_SECONDS
    while len(calls) < 2 and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    assert len(calls) >= 2, "the subscription was not refreshed"
    await engine.call("publish", channel=channel, data=1)
    assert (await ear.next("publication")).offset == 1
    await ana.disconnect()


async def check_server_api(engine, protobuf):
    ear = ClientEar()
    ana = connect(engine, "ana", protobuf, events=ear)
    await ana.connect()
    assert (await ear.next("subscribed")).channel == "personal:#ana"
    await engine.call("publish", channel="personal:#ana", data={"hello": 1})
    heard = await ear.next("publication")
    assert heard.channel == "personal:#ana" and said(heard.pub.data) == {"hello": 1}, heard
    await engine.call("subscribe", user="ana", channel="live:b")
    assert (await ear.next("subscribed")).channel == "live:b"
    await engine.call("publish", channel="live:b", data=2)
    assert (await ear.next("publication")).channel == "live:b"
    await engine.call("unsubscribe", user="ana", channel="live:b")
    assert (await ear.next("unsubscribed")).channel == "live:b"
    channels = (await engine.call("channels"))["channels"]
    assert channels == {"personal:#ana": {"num_clients": 1}}, channels
    node = (await engine.call("info"))["nodes"][0]
    assert node["num_clients"] == 1 and node["num_users"] == 1, node
    await engine.call("disconnect", user="ana")
    ended = await ear.next("disconnected")
    assert ended.code == 3503, ended
    try:
        engine.api("info", key="wrong")
        raise AssertionError("a wrong key opened the API")
    except urllib.error.HTTPError as error:
        assert error.code == 401, error


async def check_tokens(engine, protobuf):
    for token in ("nonsense", sign(sub="ana")[:-4], sign(sub=5)):
        ear = ClientEar()
        client = centrifuge.Client(engine.url, events=ear, token=token, use_protobuf=protobuf, proxy=None)
        await client.connect()
        ended = await ear.next("disconnected")
        assert ended.code == 3500, ended
    calls = []

    async def get_token():
        calls.append(1)
        # The first one is past its time: the library is to come back with another.
        return sign(sub="ana", exp=int(time.time()) + (-10 if len(calls) == 1 else 600))

    client = centrifuge.Client(engine.url, get_token=get_token, use_protobuf=protobuf, proxy=None)
    await client.connect()
    await client.ready(timeout=LIMIT_SECONDS)
    assert len(calls) == 2, calls
    await client.disconnect()


CHECKS = (check_channels, check_recovery, check_cache, check_refusals, check_subscription_token, check_server_api, check_tokens)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with running_engine(sys.argv[1]) as engine:
        for protobuf in (False, True):
            for check in CHECKS:
                asyncio.run(asyncio.wait_for(check(engine, protobuf), 3 * LIMIT_SECONDS))
                name = check.__name__.removeprefix("check_").replace("_", " ")
                print(f"ok  {'protobuf' if protobuf else 'json':8}  {name}", flush=True)


if __name__ == "__main__":
    main()
