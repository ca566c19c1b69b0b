"""The API over the texts that came in."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from typing import Any, Final

import attrs
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sumotext_backend.models import Outcome
from sumotext_backend.simulator import wire
from sumotext_backend.simulator.api.here import Here
from sumotext_backend.simulator.api.reading import (
    Search,
    WrongError,
    read_object,
    read_query,
    read_search,
)
from sumotext_backend.simulator.api.views import in_brief, in_full
from sumotext_backend.simulator.behaviour import ACCEPT, Behaviour
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.faults import answer_fault
from sumotext_backend.simulator.query import Query
from sumotext_backend.simulator.simulation import Simulation
from sumotext_backend.simulator.states import State
from sumotext_backend.simulator.store import Text

DIALECT: Final = "inbox"
"""What a text came by that was posted here."""

_GONE: Final = "there is no text of that id"
_TICK_SECONDS: Final = 0.02


async def find(request: Request, here: Here) -> Response:
    """The texts that are asked for, newest first; waits for them where it is told to."""
    search = read_search(request.query_params)
    found = await _wait(search, here)
    store = here.sim.store
    told = {"version": store.version, "refused": store.refused}
    shown = found[: search.limit]
    texts = [in_full(each, here.sim) for each in shown] if search.whole else map(in_brief, shown)
    return JSONResponse(told | {"messages": [*texts]})


async def _wait(search: Search, here: Here) -> list[Text]:
    loop = asyncio.get_running_loop()
    until = loop.time() + search.wait
    while True:
        wanted = max(search.limit, search.count)
        found = [*itertools.islice(_search(search, here.sim.store.texts), wanted)]
        left = until - loop.time()
        if len(found) >= search.count or left <= 0 or here.bell.closed:
            return found
        await here.bell.wait(left)
        # A flood of texts must not make this look at all of them each time.
        await asyncio.sleep(_TICK_SECONDS)


def _search(search: Search, texts: tuple[Text, ...]) -> Iterator[Text]:
    newest = reversed(texts)
    if search.before is not None:
        newest = itertools.dropwhile(lambda each: each.id != search.before, newest)
        next(newest, None)
    return search.query.select(newest)


async def send(request: Request, here: Here) -> Response:
    """Take a text as a provider would, from the backend ``inbox``; what was chosen is heeded."""
    wanted = {"to": str, "text": str, "from": str, "reference": str}
    given = await read_object(request, wanted=wanted, needed={"to", "text"})
    draft = Draft(
        dialect=DIALECT,
        sender=given.get("from", ""),
        recipient=given["to"],
        body=given["text"],
        reference=given.get("reference"),
    )
    received = _describe(request)
    behaviour, text = here.sim.take(received, draft, ACCEPT)
    answer = answer_fault(behaviour, received) or _answer(behaviour, text, here.sim)
    return wire.Spoken(answer, request)


def _answer(behaviour: Behaviour, text: Text | None, sim: Simulation) -> Answer:
    """The text that was taken, or a refusal by its name; what is a doubt elsewhere is one here."""
    if text:
        return attrs.evolve(answer_json(in_full(text, sim), 201), wait=behaviour.wait)
    if behaviour.outcome is Outcome.UNKNOWN:
        return answer_json({"code": behaviour.name})
    raise WrongError(409, behaviour.does, behaviour.name)


def _describe(request: Request) -> Received:
    headers = tuple(request.headers.items())
    return Received(method="POST", path=request.url.path, headers=headers)


async def clear(request: Request, here: Here) -> Response:
    """Forget the texts that are asked for; without a query everything."""
    query = read_query(request.query_params)
    if query == Query():
        here.sim.clear()
    for text in query.select(here.sim.store.texts):
        here.sim.store.remove(text.id)
    return Response(status_code=204)


async def show(request: Request, here: Here) -> Response:
    """One text in full."""
    return JSONResponse(in_full(_get(request, here), here.sim))


async def remove(request: Request, here: Here) -> Response:
    """Forget one text."""
    if not here.sim.store.remove(request.path_params["id"]):
        raise WrongError(404, _GONE)
    return Response(status_code=204)


async def reply(request: Request, here: Here) -> Response:
    """Let the handset of a text answer."""
    text = _get(request, here)
    given = await read_object(request, wanted={"text": str}, needed={"text"})
    return JSONResponse(in_full(here.sim.reply(text, given["text"]), here.sim), 201)


async def deliver(request: Request, here: Here) -> Response:
    """Let a text arrive."""
    return await _move(request, here, State.DELIVERED)


async def fail(request: Request, here: Here) -> Response:
    """Let a text be given up."""
    return await _move(request, here, State.UNDELIVERABLE)


async def _move(request: Request, here: Here, state: State) -> Response:
    text = _get(request, here)
    if text.direction == "mo":
        raise WrongError(409, "a text from the handset has arrived already")
    moved: Any = here.sim.move(text.id, state, "by hand")
    return JSONResponse(in_full(moved, here.sim))


def _get(request: Request, here: Here) -> Text:
    text = here.sim.store.get(request.path_params["id"])
    if text is None:
        raise WrongError(404, _GONE)
    return text
