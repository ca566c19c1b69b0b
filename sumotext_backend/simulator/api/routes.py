"""Which endpoint is asked by which path and method."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import attrs
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sumotext_backend.simulator.api import gateway, texts
from sumotext_backend.simulator.api.here import Here
from sumotext_backend.simulator.api.reading import WrongError

Endpoint = Callable[[Request, Here], Awaitable[Response]]

TABLE: Final[Mapping[str, Mapping[str, Endpoint]]] = {
    "/messages": {"GET": texts.find, "POST": texts.send, "DELETE": texts.clear},
    "/messages/{id}": {"GET": texts.show, "DELETE": texts.remove},
    "/messages/{id}/reply": {"POST": texts.reply},
    "/messages/{id}/deliver": {"POST": texts.deliver},
    "/messages/{id}/fail": {"POST": texts.fail},
    "/requests": {"GET": gateway.requests},
    "/lookups": {"GET": gateway.lookups},
    "/faults": {"GET": gateway.faults, "POST": gateway.choose, "DELETE": gateway.forget},
    "/gateway": {"GET": gateway.gateway},
    "/events": {"GET": gateway.events},
    "/openapi.json": {"GET": gateway.openapi},
}
"""Below ``/api``."""

METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"]


def routes(here: Here) -> list[Route]:
    """The API over ``here``."""
    return [
        Route(f"/api{path}", _Asked(here, by_method).answer, methods=METHODS)
        for path, by_method in TABLE.items()
    ]


@attrs.frozen
class _Asked:
    """One path of the API."""

    here: Here
    by_method: Mapping[str, Endpoint]

    async def answer(self, request: Request) -> Response:
        """Answer, or say in one line of JSON why not."""
        endpoint = self.by_method.get(request.method)
        if endpoint is None:
            wrong = WrongError(405, "no such method here")
            return refuse(wrong, {"Allow": ", ".join(self.by_method)})
        try:
            return await endpoint(request, self.here)
        except WrongError as error:
            return refuse(error)


def refuse(error: WrongError, headers: Mapping[str, str] = {}) -> Response:
    """An error in one line of JSON."""
    return JSONResponse({"error": error.why, "code": error.code}, error.status, dict(headers))
