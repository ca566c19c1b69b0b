"""SUMOTEXT's two protocols, which `sumotext_backend.simulator.protocols` describes."""

from __future__ import annotations

from collections.abc import Iterable

from sumotext_backend.simulator.dialects import sumotext_pages
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received
from sumotext_backend.simulator.faults import answer_fault
from sumotext_backend.simulator.protocols import LEGACY_DIALECTS, V2_DIALECTS
from sumotext_backend.simulator.protocols.dialect import Dialect, Fields, Request
from sumotext_backend.simulator.simulation import Simulation


def answer_legacy(received: Received, sim: Simulation) -> Answer | None:
    """The legacy page's answer."""
    said = _answer("sumotext", LEGACY_DIALECTS, received, sim)
    return said or sumotext_pages.answer_legacy(received, sim)


def answer_v2(received: Received, sim: Simulation) -> Answer | None:
    """The newer API's answer."""
    said = _answer("sumotext-v2", V2_DIALECTS, received, sim)
    return said or sumotext_pages.answer_v2(received, sim)


def _answer(
    name: str, dialects: Iterable[Dialect], received: Received, sim: Simulation
) -> Answer | None:
    asked = received.method, received.path
    for dialect in dialects:
        if asked == (dialect.method, dialect.path):
            return _speak(name, dialect, received, sim)
    return None


def _speak(name: str, dialect: Dialect, received: Received, sim: Simulation) -> Answer:
    given = dialect.read(_as_request(received))
    draft = _draft(name, given)
    behaviour, _ = sim.take(received, draft, dialect.choose(given), dialect.reasons)
    fault = answer_fault(behaviour, received)
    if fault:
        return fault
    page = dialect.respond(behaviour, given, draft.id)
    kind = page.media_type + ("; charset=utf-8" if page.media_type.startswith("text/") else "")
    return Answer(
        headers=(("content-type", kind),), body=page.content.encode(), wait=behaviour.wait
    )


def _draft(name: str, given: Fields) -> Draft:
    return Draft(
        dialect=name,
        sender=given.get("shortcode", ""),
        recipient=given.get("mobile", ""),
        body=given.get("msg", ""),
        fields={each: given.get(each, "") for each in ("carrier", "key")},
    )


def _as_request(received: Received) -> Request:
    return Request(
        query=received.parameters,
        content_type=received.header("content-type"),
        body=received.body,
    )
