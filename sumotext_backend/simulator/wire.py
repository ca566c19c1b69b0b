"""A request off the wire as a value, and an answer onto it, faults and all."""

from __future__ import annotations

import asyncio
import math
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sumotext_backend.simulator.exchange import Answer, Received

MAX_BODY_BYTES: Final = 65_536
"""As much as h11 takes of a request line."""


async def read(request: Request) -> Received:
    """The request that came."""
    query = request.scope["query_string"].decode("latin-1")
    return Received(
        method=request.method,
        path=request.scope["path"],
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers=tuple(request.headers.items()),
        body=await read_body(request),
    )


async def read_body(request: Request) -> bytes:
    """The request's body; nothing where it is too long, or not all of it came."""
    body = b""
    try:
        async for chunk in request.stream():
            body = body + chunk if len(body) <= MAX_BODY_BYTES else body
    except ClientDisconnect:
        return b""
    return body if len(body) <= MAX_BODY_BYTES else b""


class Spoken(Response):
    """An answer, with what no honest server does."""

    def __init__(self, answer: Answer, request: Request) -> None:
        """Take note."""
        super().__init__(answer.body, answer.status)
        names = [name.encode("latin-1") for name, _ in answer.headers]
        own = [(name, value) for name, value in self.raw_headers if name not in names]
        given = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in answer.headers]
        self.raw_headers = [*given, *own]
        self._answer, self._request = answer, request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, and then answer, or break off."""
        if self._answer.reset:
            self._request.state.reset()
        wait = math.inf if self._answer.reset else self._answer.wait
        if wait and await _wait_for_end(self._request, wait):
            return
        await super().__call__(scope, receive, send)


async def _wait_for_end(request: Request, seconds: float) -> bool:
    """Wait, and tell whether the client left meanwhile, as it does when the server stops."""
    try:
        async with asyncio.timeout(None if math.isinf(seconds) else seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True
