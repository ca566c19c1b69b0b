"""The gateway as an ASGI application: the legacy page, the newer API, and what was sent.

Sources: SUMOTEXT's public legacy documentation (2014) and its pages on the newer API (2015).
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, unquote_plus

import attrs
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sumotext_backend.models import Outcome, Reason
from sumotext_backend.segments import segment
from sumotext_backend.simulator.magic import STRANGER, Magic, behaviour
from sumotext_backend.simulator.pages import FORM, index, status_page
from sumotext_backend.simulator.store import Received, Seen, Store, as_json

_FIELDS: Final = ("mobile", "carrier", "shortcode", "key", "msg")
_LONGEST_BODY: Final = 65_536  # bytes; as much as h11 takes of a request line

# [open] What the gateway answers to a parameter that is missing or empty is not documented.
_INCOMPLETE: Final = Magic(
    name="incomplete", does="the form and nothing else", reason=Reason.BAD_ANSWER
)
# [open] The same goes for the newer API, but for apikey and carrier.
_UNREADABLE: Final = Magic(
    name="unreadable", does="HTTP 400", reason=Reason.REFUSED_REQUEST, status=400
)
_NO_KEY: Final = Magic(
    name="no-key", does="ErrNum 258", reason=Reason.UNAUTHORIZED, word="NOKEY", err_num=258
)
_NO_CARRIER: Final = Magic(
    name="no-carrier", does="ErrNum 9", reason=Reason.CONFIGURATION, word="NOCARRIER", err_num=9
)
_ERR_MESSAGES: Final[Mapping[int, str]] = {
    0: "",
    9: "Carrier not supplied",
    27: "Not opted in",
    28: "IP address not found for this key",
    258: "Key does not exist",
}


class _NoAnswer(Response):
    """No response at all, for a client that has left."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send nothing."""


def application(store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Starlette:
    """The gateway, which keeps in ``store`` what it sees; ``now`` tells the time in UTC."""
    gateway = _Gateway(store, now)
    kept = ["GET", "DELETE"]
    return Starlette(
        routes=[
            Route("/secure/sumoSend.aspx", gateway.legacy, methods=["GET"]),
            Route("/api/sumopost/post", gateway.v2, methods=["POST"]),
            Route("/_simulator/", _index, methods=["GET"]),
            Route("/_simulator/messages", gateway.messages, methods=kept),
            Route("/_simulator/requests", gateway.requests, methods=kept),
        ]
    )


@attrs.frozen
class _Gateway:
    store: Store
    now: Callable[[], datetime]

    async def legacy(self, request: Request) -> Response:
        """Answer ``GET /secure/sumoSend.aspx``."""
        sent = {name: request.query_params.get(name, "") for name in _FIELDS}
        magic = behaviour(sent["mobile"]) if all(sent.values()) else _INCOMPLETE
        smsid = self._keep(request.method, sent, magic)
        return await _faulty(request, magic) or _line(magic, sent["mobile"], smsid)

    async def v2(self, request: Request) -> Response:
        """Answer ``POST /api/sumopost/post``."""
        given = _object(await _body(request)) if _is_mt(request) else {}
        sent = {name: given.get(name, "") for name in _FIELDS}
        magic = _judged(given, sent)
        smsid = self._keep(request.method, sent, magic)
        return await _faulty(request, magic) or _err(magic, smsid)

    async def messages(self, request: Request) -> Response:
        """List the accepted texts, or forget all."""
        return self._listed(request, self.store.messages)

    async def requests(self, request: Request) -> Response:
        """List the requests, or forget all."""
        return self._listed(request, self.store.requests)

    def _listed(self, request: Request, records: tuple[Received | Seen, ...]) -> Response:
        if request.method == "DELETE":
            self.store.clear()
            return Response(status_code=204)
        return JSONResponse([as_json(record) for record in records])

    def _keep(self, method: str, sent: Mapping[str, str], magic: Magic) -> str:
        """Remember a request at once, as a client that leaves early was served all the same."""
        smsid, time = str(uuid.uuid4()).upper(), self.now()
        seen = Seen(
            method=method,
            mobile=sent["mobile"],
            name=magic.name,
            outcome=magic.outcome,
            reason=magic.reason,
            received_at=time,
        )
        accepted = magic.outcome is Outcome.ACCEPTED
        self.store.add(seen, _received(smsid, sent, time) if accepted else None)
        return smsid


def _received(smsid: str, sent: Mapping[str, str], time: datetime) -> Received:
    cuts = segment(sent["msg"])
    return Received(id=smsid, **sent, segments=cuts.count, encoding=cuts.encoding, received_at=time)


async def _index(_request: Request) -> Response:
    return HTMLResponse(index())


async def _faulty(request: Request, magic: Magic) -> Response | None:
    """Commit the faults of ``magic``; None where the gateway's own answer is due."""
    if magic.reset:
        request.state.reset()
    if magic.wait and await _gone(request, magic.wait):
        return _NoAnswer()
    if magic.status == 302:
        back = quote(f"{request.url.path}?{request.url.query}", safe="")
        headers = {"Location": f"/login.aspx?ReturnUrl={back}"}
        return HTMLResponse(status_page(302), 302, headers)
    if magic.status != 200:
        later = {} if magic.retry_after is None else {"Retry-After": str(magic.retry_after)}
        return HTMLResponse(status_page(magic.status), magic.status, later)
    return None if magic.word else HTMLResponse(FORM)


async def _gone(request: Request, seconds: float) -> bool:
    """Wait, and tell whether the client left meanwhile, as it does when the server stops."""
    try:
        async with asyncio.timeout(None if math.isinf(seconds) else seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


def _line(magic: Magic, mobile: str, smsid: str) -> Response:
    """The legacy answer: a line, then the form."""
    # Nothing but digits is echoed of what is no number: it would be part of a page.
    shown = re.sub(r"[^0-9]", "", mobile)[:15] if magic is STRANGER else mobile
    line = f"{magic.echo}:{magic.word}".format(mobile=shown, smsid=smsid)
    return HTMLResponse(line if magic.cut else f"{line}\r\n{FORM}")


def _err(magic: Magic, smsid: str) -> Response:
    """The newer API's answer."""
    sumo_id = "" if magic.err_num else magic.word.format(smsid=smsid)
    message = _ERR_MESSAGES.get(magic.err_num, "Not active")
    err = {"ErrNum": magic.err_num, "ErrMessage": message}
    return JSONResponse({"sumoId": sumo_id, "Err": err})


def _is_mt(request: Request) -> bool:
    kind, _, _ = request.headers.get("content-type", "").partition(";")
    return kind.strip().lower() == "application/json/mt"


async def _body(request: Request) -> bytes:
    """The request's body; nothing where it is too long, or not all of it came."""
    body = b""
    try:
        async for chunk in request.stream():
            body = body + chunk if len(body) <= _LONGEST_BODY else body
    except ClientDisconnect:
        return b""
    return body if len(body) <= _LONGEST_BODY else b""


def _object(body: bytes) -> dict[str, str]:
    """The texts of the object after ``json=``; empty where there is none.

    [open] Whether the gateway undoes percent-encoding is not documented; both are understood.
    """
    name, _, rest = body.partition(b"=")
    found = _parsed(rest.decode("utf-8", "replace")) if name == b"json" else None
    return {
        name: value
        for name, value in (found if isinstance(found, dict) else {}).items()
        if isinstance(value, str)
    }


def _parsed(text: str) -> Any:
    """The value that ``text`` is in JSON; None where it is none that can be texted."""
    try:
        value = json.loads(text if text.lstrip().startswith("{") else unquote_plus(text))
        # A lone surrogate may stand in JSON but in no text.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value


def _judged(given: Mapping[str, str], sent: Mapping[str, str]) -> Magic:
    if not given:
        return _UNREADABLE
    if not given.get("apikey"):
        return _NO_KEY
    if not sent["carrier"]:
        return _NO_CARRIER
    return _of_v2(behaviour(sent["mobile"])) if all(sent.values()) else _UNREADABLE


def _of_v2(magic: Magic) -> Magic:
    """``magic`` as the newer API has it, which cannot say NOTFOUND."""
    return attrs.evolve(magic, reason=Reason.NOT_OPTED_IN) if magic.err_num == 27 else magic
