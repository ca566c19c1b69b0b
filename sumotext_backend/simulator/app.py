"""The gateway as an ASGI application: the providers' protocols, and what was sent."""

from __future__ import annotations

import asyncio
import math
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

import attrs
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sumotext_backend.models import Outcome
from sumotext_backend.segments import segment
from sumotext_backend.simulator.account_app import account_routes
from sumotext_backend.simulator.behaviour import Behaviour
from sumotext_backend.simulator.pages import FORM, index, status_page
from sumotext_backend.simulator.protocols import DIALECTS
from sumotext_backend.simulator.protocols.dialect import FIELDS, Dialect, Fields
from sumotext_backend.simulator.protocols.dialect import Request as Asked
from sumotext_backend.simulator.store import Received, Seen, Store, as_json

MAX_BODY_BYTES: Final = 65_536
"""As much as h11 takes of a request line."""


class _NoResponse(Response):
    """Nothing at all, for a client that has left."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send nothing."""


def application(store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Starlette:
    """The gateway, which keeps in ``store`` what it sees; ``now`` tells the time in UTC."""
    speakers = [_Speaker(dialect, store, now) for dialect in DIALECTS]
    lists = _Lists(store)
    kept = ["GET", "DELETE"]
    return Starlette(
        routes=[
            *(each.route() for each in speakers),
            *account_routes(store, now),
            Route("/_simulator/", lists.index, methods=["GET"]),
            Route("/_simulator/messages", lists.messages, methods=kept),
            Route("/_simulator/requests", lists.requests, methods=kept),
        ]
    )


@attrs.frozen
class _Speaker:
    """One protocol, spoken over HTTP."""

    dialect: Dialect
    store: Store
    now: Callable[[], datetime]

    def route(self) -> Route:
        """Where it is spoken."""
        return Route(self.dialect.path, self.answer, methods=[self.dialect.method])

    async def answer(self, request: Request) -> Response:
        """Answer one Send MT."""
        given = self.dialect.read(await _read(request))
        behaviour = self.dialect.behave(given)
        smsid = self._keep(request.method, given, behaviour)
        fault = await _faulty(request, behaviour)
        if fault:
            return fault
        page = self.dialect.respond(behaviour, given, smsid)
        return Response(page.content, media_type=page.media_type)

    def _keep(self, method: str, given: Fields, behaviour: Behaviour) -> str:
        """Remember a request at once, as a client that leaves early was served all the same."""
        smsid, time = str(uuid.uuid4()).upper(), self.now()
        seen = Seen(
            method=method,
            mobile=given.get("mobile", ""),
            name=behaviour.name,
            outcome=behaviour.outcome,
            reason=behaviour.reason,
            received_at=time,
        )
        accepted = behaviour.outcome is Outcome.ACCEPTED
        self.store.add(seen, _record(smsid, given, time) if accepted else None)
        return smsid


def _record(smsid: str, given: Fields, time: datetime) -> Received:
    fields = {name: given.get(name, "") for name in FIELDS}
    cuts = segment(fields["msg"])
    return Received(
        id=smsid, **fields, segments=cuts.count, encoding=cuts.encoding, received_at=time
    )


@attrs.frozen
class _Lists:
    """What was sent, for people and programs that look."""

    store: Store

    async def index(self, request: Request) -> Response:
        """Show the accepted texts to people."""
        return HTMLResponse(index(self.store.messages))

    async def messages(self, request: Request) -> Response:
        """List the accepted texts, or forget all."""
        return self._list(request, self.store.messages)

    async def requests(self, request: Request) -> Response:
        """List the requests, or forget all."""
        return self._list(request, self.store.requests)

    def _list(self, request: Request, records: tuple[Received | Seen, ...]) -> Response:
        if request.method == "DELETE":
            self.store.clear()
            return Response(status_code=204)
        return JSONResponse([as_json(record) for record in records])


async def _read(request: Request) -> Asked:
    """The request as a dialect reads it."""
    body = b"" if request.method == "GET" else await _body(request)
    kind = request.headers.get("content-type", "")
    return Asked(query=dict(request.query_params), content_type=kind, body=body)


async def _body(request: Request) -> bytes:
    """The request's body; nothing where it is too long, or not all of it came."""
    body = b""
    try:
        async for chunk in request.stream():
            body = body + chunk if len(body) <= MAX_BODY_BYTES else body
    except ClientDisconnect:
        return b""
    return body if len(body) <= MAX_BODY_BYTES else b""


async def _faulty(request: Request, behaviour: Behaviour) -> Response | None:
    """Commit the faults of ``behaviour``; None where the protocol's own words are due."""
    if behaviour.reset:
        request.state.reset()
    wait = math.inf if behaviour.reset else behaviour.wait
    if wait and await _wait_for_end(request, wait):
        return _NoResponse()
    if behaviour.status == 302:
        back = quote(f"{request.url.path}?{request.url.query}", safe="")
        headers = {"Location": f"/login.aspx?ReturnUrl={back}"}
        return HTMLResponse(status_page(302), 302, headers)
    if behaviour.status != 200:
        later = {} if behaviour.retry_after is None else {"Retry-After": str(behaviour.retry_after)}
        return HTMLResponse(status_page(behaviour.status), behaviour.status, later)
    return HTMLResponse(FORM) if behaviour.page else None


async def _wait_for_end(request: Request, seconds: float) -> bool:
    """Wait, and tell whether the client left meanwhile, as it does when the server stops."""
    try:
        async with asyncio.timeout(None if math.isinf(seconds) else seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True
