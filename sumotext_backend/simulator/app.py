"""The gateway as an ASGI application: the providers' dialects, the inbox, and what tests ask."""

from __future__ import annotations

import attrs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sumotext_backend.simulator import router, wire
from sumotext_backend.simulator.simulation import Simulation

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def application(sim: Simulation) -> Starlette:
    """The gateway over ``sim``."""
    return Starlette(routes=[Route("/{path:path}", _Speaker(sim).answer, methods=_METHODS)])


@attrs.frozen
class _Speaker:
    """The providers, each in its dialect."""

    sim: Simulation

    async def answer(self, request: Request) -> Response:
        """Answer as the provider does."""
        received = await wire.read(request)
        return wire.Spoken(router.answer(received, self.sim), request)
