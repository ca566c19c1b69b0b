"""The gateway as an ASGI application: the providers' dialects, the inbox, and what tests ask."""

from __future__ import annotations

from typing import Final

import attrs
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sumotext_backend.simulator import api, inbox, router, wire
from sumotext_backend.simulator.api.here import Here
from sumotext_backend.simulator.api.reading import WrongError
from sumotext_backend.simulator.api.routes import METHODS, refuse
from sumotext_backend.simulator.guard import Guard

_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    b"require-trusted-types-for 'script'; trusted-types 'none'"
)

SAFE: Final = (
    (b"content-security-policy", _POLICY),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
)
"""On every answer of our own; a provider's has its own headers alone."""


def application(here: Here, guard: Guard) -> ASGIApp:
    """The gateway over ``here``, which answers whom ``guard`` lets in."""
    ours = [*api.routes(here), *inbox.routes(guard)]
    private = Starlette(routes=ours)
    spoken = Starlette(routes=[Route("/{path:path}", _Speaker(here).answer, methods=METHODS)])
    return _Door(guard, private, spoken)


@attrs.frozen
class _Speaker:
    """The providers, each in its dialect."""

    here: Here

    async def answer(self, request: Request) -> Response:
        """Answer as the provider does."""
        received = await wire.read(request)
        return wire.Spoken(router.answer(received, self.here.sim), request)


@attrs.frozen
class _Door:
    """Lets in whom the guard does, to what is ours or to a provider's."""

    guard: Guard
    private: ASGIApp
    spoken: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope=scope)
        refusal = self.guard.refuse(scope["method"], scope["path"], headers)
        ours = is_ours(scope["path"])
        if refusal:
            answer: ASGIApp = refuse(WrongError(refusal.status, refusal.why))
        elif not ours:
            answer = self.spoken
        elif self.guard.knows(headers) or scope["path"] in inbox.OPEN:
            answer = self.private
        else:
            answer = refuse(WrongError(401, "a token is wanted, in `Authorization: Bearer …`"))
        await answer(scope, receive, _keep_safe(send) if ours else send)


def is_ours(path: str) -> bool:
    """Whether a path is the inbox's or the API's, and no provider's."""
    ours = path == "/" or path.startswith(("/page/", "/api/"))
    return ours and not path.startswith(("/api/sumopost", "/api/sumolookup"))


def _keep_safe(send: Send) -> Send:
    async def send_safely(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *SAFE]
        await send(message)

    return send_safely
