"""SUMOTEXT's pages beside sending, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sumotext_backend.simulator import account_pages as pages
from sumotext_backend.simulator.protocols.dialect import Page
from sumotext_backend.simulator.protocols.dialect import Request as Asked
from sumotext_backend.simulator.protocols.v2 import read_object
from sumotext_backend.simulator.store import Store


def account_routes(store: Store, now: Callable[[], datetime]) -> list[Route]:
    """Where they are; what they change is kept in ``store``."""
    desk = _Desk(store, now)
    get = ["GET"]
    return [
        Route("/secure/sumoReport.aspx", desk.report, methods=get),
        Route("/secure/sumoLookup.aspx", desk.lookup, methods=get),
        Route("/secure/sumoGroup.aspx", desk.group, methods=get),
        Route("/mOptinMO.aspx", desk.opt_in, methods=get),
        Route("/api/sumolookup/lookup", desk.lookup_v2, methods=["POST"]),
        Route("/_simulator/lookups", desk.lookups, methods=get),
    ]


@attrs.frozen
class _Desk:
    """The pages, each an endpoint."""

    store: Store
    now: Callable[[], datetime]

    async def report(self, request: Request) -> Response:
        """Answer for a delivery report."""
        query = dict(request.query_params)
        return _respond(pages.report(query, self.store.messages, self.now()))

    async def lookup(self, request: Request) -> Response:
        """Answer for a carrier."""
        return _respond(pages.lookup(dict(request.query_params), self.store.account))

    async def lookup_v2(self, request: Request) -> Response:
        """Answer for a carrier, in JSON."""
        kind = request.headers.get("content-type", "")
        asked = Asked(query={}, content_type=kind, body=await request.body())
        fields = read_object(asked, "application/json")
        return _respond(pages.lookup_v2(fields, self.store.account))

    async def group(self, request: Request) -> Response:
        """Change a group."""
        return _respond(pages.group(dict(request.query_params), self.store.account))

    async def opt_in(self, request: Request) -> Response:
        """Take an opt-in."""
        return _respond(pages.opt_in(dict(request.query_params), self.store.account))

    async def lookups(self, request: Request) -> Response:
        """List the numbers that were looked up."""
        return JSONResponse(list(self.store.account.lookups))


def _respond(page: Page) -> Response:
    return Response(page.content, media_type=page.media_type)
