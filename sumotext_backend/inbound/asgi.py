"""The receiver as an ASGI application (the specification's HTTP part)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from sumotext_backend.inbound.arrivals import Arrival
from sumotext_backend.inbound.receiver import Receiver
from sumotext_backend.inbound.wsgi import list_headers

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]


class Disconnected(Exception):
    """The caller went away in the middle of its request, which is not to be taken."""


def make_asgi_app(receiver: Receiver) -> AsgiApp:
    """An application that hands every request to ``receiver``, in a thread; mount it anywhere."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        if scope["type"] != "http":
            return
        try:
            body = await _read_body(receive, receiver.table.max_bytes)
        except Disconnected:
            return
        reply = await asyncio.to_thread(receiver.receive, read_scope(scope, body))
        headers = [
            (k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in list_headers(reply)
        ]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        shown = b"" if scope["method"] == "HEAD" else reply.body
        await send({"type": "http.response.body", "body": shown})

    return app


def read_scope(scope: Message, body: bytes | None) -> Arrival:
    """The request that ``scope`` and ``body`` are."""
    headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]]
    root = scope.get("root_path", "")
    path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    below = path.removeprefix(root)
    host = dict(headers).get("host") or ":".join(map(str, scope.get("server") or ("localhost",)))
    return Arrival(
        method=scope["method"],
        target=f"{below}?{query}" if query else below,
        origin=f"{scope.get('scheme', 'http')}://{host}{root}",
        headers=headers,
        body=body,
        peer=(scope.get("client") or ("",))[0],
    )


async def _read_body(receive: Receive, max_bytes: int) -> bytes | None:
    """The whole body; None where it is too long, of which no more is read."""
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        body += message.get("body", b"")
        if len(body) > max_bytes:
            return None
        if not message.get("more_body"):
            return body


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
