"""Follows one channel and prints every change: a whole client of the live protocol on one screen.

    .setup/python/bin/python scripts/watch.py calendar:venue:1            with an access token in TOKEN
    .setup/python/bin/python scripts/watch.py calendar:venue:1 http://127.0.0.1:8080
"""

import asyncio
import json
import os
import sys

import websockets


async def watch(channel, base, token):
    url = base.replace("http", "ws", 1) + "/connection/websocket"
    async with websockets.connect(url) as socket:
        # Both commands in one frame, a line each: the server answers them in order.
        connect = {"id": 1, "connect": {"token": token}}
        subscribe = {"id": 2, "subscribe": {"channel": channel}}
        await socket.send(json.dumps(connect) + "\n" + json.dumps(subscribe))
        async for frame in socket:
            for line in frame.splitlines():
                if line == "{}":  # the server's ping wants the same back
                    await socket.send("{}")
                else:
                    print(line, flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2 or "TOKEN" not in os.environ:
        sys.exit(__doc__)
    base = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8080"
    try:
        asyncio.run(watch(sys.argv[1], base, os.environ["TOKEN"]))
    except KeyboardInterrupt:
        pass
    except websockets.ConnectionClosed as closed:
        sys.exit(f"closed: {closed}")
