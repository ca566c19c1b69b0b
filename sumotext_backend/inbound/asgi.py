"""The receiver as an ASGI application (the specification's HTTP part)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import attrs

from sumotext_backend.callbacks import Reply
from sumotext_backend.inbound.arrivals import (
    BODY_TIMEOUT,
    Arrival,
    NotWholeError,
    strip_mount,
    write_path,
)
from sumotext_backend.inbound.receiver import Receiver
from sumotext_backend.inbound.wsgi import list_headers

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]


def make_asgi_app(receiver: Receiver, *, body_timeout: float = BODY_TIMEOUT) -> AsgiApp:
    """An application that hands every request to ``receiver``, in a thread; mount it anywhere.

    A body that has not come within ``body_timeout`` seconds is not waited for.
    """
    receiver.warn()

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        if scope["type"] != "http":
            return
        reply = await _answer(receiver, scope, receive, body_timeout)
        headers = [
            (k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in list_headers(reply)
        ]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        shown = b"" if scope["method"] == "HEAD" else reply.body
        await send({"type": "http.response.body", "body": shown})

    return app


async def _answer(
    receiver: Receiver, scope: Message, receive: Receive, body_timeout: float
) -> Reply:
    arrival = read_scope(scope)
    refused = receiver.refuse(arrival)
    if refused:  # a stranger's body is not waited for
        return refused
    try:
        async with asyncio.timeout(body_timeout):
            body = await _read_body(receive, receiver.table.max_bytes)
    except NotWholeError as error:
        return Reply(status=error.status)
    except TimeoutError:
        return Reply(status=408, headers={"Connection": "close"})
    return await asyncio.to_thread(receiver.receive, attrs.evolve(arrival, body=body))


def read_scope(scope: Message) -> Arrival:
    """The request in ``scope``, without its body."""
    headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]]
    query = scope.get("query_string", b"").decode("latin-1")
    below, mount = _find_path(scope)
    host = dict(headers).get("host") or str((scope.get("server") or ("localhost",))[0])
    return Arrival(
        method=scope["method"],
        target=f"{below}?{query}" if query else below,
        origin=f"{scope.get('scheme', 'http')}://{host}{mount}",
        headers=headers,
        peer=(scope.get("client") or ("",))[0],
    )


def _find_path(scope: Message) -> tuple[str, str]:
    """The path below where the application stands, as it was written, and what is before it."""
    root = scope.get("root_path", "").rstrip("/")
    raw = scope.get("raw_path")
    path = raw.partition(b"?")[0].decode("latin-1") if raw else write_path(scope["path"])
    # Older servers leave what is before the application out of the path.
    below = strip_mount(path, root)
    return path if below is None else below, write_path(root)


async def _read_body(receive: Receive, max_bytes: int) -> bytes | None:
    """The whole body; None where it is too long, of which no more is read.

    Raises `NotWholeError` where the caller went away in the middle.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise NotWholeError
        body += message.get("body", b"")
        if len(body) > max_bytes:
            return None
        if not message.get("more_body"):
            return bytes(body)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
