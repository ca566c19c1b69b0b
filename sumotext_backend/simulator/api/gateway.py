"""The API over the gateway itself: what it saw, what it will do next, and what changes."""

from __future__ import annotations

import heapq
import itertools
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from sumotext_backend.simulator.api.here import Here
from sumotext_backend.simulator.api.live import MAX_VIEWERS
from sumotext_backend.simulator.api.reading import WrongError, read_limit, read_object
from sumotext_backend.simulator.api.views import describe_request
from sumotext_backend.simulator.behaviour import BEHAVIOURS, Behaviour
from sumotext_backend.simulator.dialects import DIALECTS

_OPENAPI: Final = Path(__file__).parent / "openapi.json"


async def requests(request: Request, here: Here) -> Response:
    """The last requests to send, accepted or not, and those to nobody's path; newest first."""
    both = reversed(here.sim.store.requests), reversed(here.sim.store.missed)
    newest = heapq.merge(*both, key=lambda seen: seen.received_at, reverse=True)
    most = read_limit(request.query_params)
    return JSONResponse([*map(describe_request, itertools.islice(newest, most))])


async def lookups(request: Request, here: Here) -> Response:
    """The numbers whose carriers were looked up, each as often as it was paid for."""
    return JSONResponse(list(here.sim.account.lookups))


async def faults(request: Request, here: Here) -> Response:
    """What is done with the next requests, the next one first."""
    return JSONResponse([_describe(each) for each in [*here.sim.faults]])


async def choose(request: Request, here: Here) -> Response:
    """Choose what is done with one request more, or with several."""
    wanted = {"name": str, "times": int}
    given = await read_object(request, wanted=wanted, needed={"name"})
    try:
        here.sim.choose(given["name"], given.get("times", 1))
    except ValueError as error:
        raise WrongError(422, str(error)) from None
    except OverflowError as error:
        raise WrongError(409, str(error)) from None
    return JSONResponse([_describe(each) for each in [*here.sim.faults]], 201)


async def forget(request: Request, here: Here) -> Response:
    """Let the next requests be answered as their numbers ask."""
    here.sim.faults.clear()
    return Response(status_code=204)


async def gateway(request: Request, here: Here) -> Response:
    """Which dialects are spoken, and what can be chosen."""
    return JSONResponse(
        {
            "dialects": [*DIALECTS],
            "behaviours": [_describe(each) for each in BEHAVIOURS.values()],
            "version": here.sim.store.version,
        }
    )


def _describe(behaviour: Behaviour) -> dict[str, Any]:
    return {
        "name": behaviour.name,
        "does": behaviour.does,
        "outcome": behaviour.outcome,
        "reason": behaviour.reason,
        "number": behaviour.number if behaviour.digits else None,
    }


async def events(request: Request, here: Here) -> Response:
    """Changes of the texts, as they come; from a version on, or from now."""
    told = request.headers.get("last-event-id") or request.query_params.get("since", "")
    if here.live.viewers >= MAX_VIEWERS:
        raise WrongError(503, f"{MAX_VIEWERS} viewers are enough; close one")
    if told and not (told.isdecimal() and told.isascii() and len(told) < 16):
        raise WrongError(422, "'since' wants a version, which is a number")
    since = int(told) if told else here.sim.store.version
    return StreamingResponse(here.live.events(since), media_type="text/event-stream")


async def openapi(request: Request, here: Here) -> Response:
    """The description of this API."""
    return Response(_OPENAPI.read_bytes(), media_type="application/json")
