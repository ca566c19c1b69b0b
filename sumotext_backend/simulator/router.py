"""Which dialect a request is in, by its path."""

from __future__ import annotations

import attrs

from sumotext_backend.simulator.dialects import AT_ROOT, DIALECTS
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.simulation import Simulation

_NOBODY = answer_json({"error": "no provider has this path; see / for those that are spoken"}, 404)


def answer(received: Received, sim: Simulation) -> Answer:
    """What the provider answers that ``received`` was meant for; 404 where it is none's.

    A provider is spoken below ``/{name of its backend}``, and SUMOTEXT's at the root, too.
    """
    name, _, rest = received.path.removeprefix("/").partition("/")
    if name in DIALECTS:
        below = attrs.evolve(received, prefix=f"/{name}", path=f"/{rest}")
        return DIALECTS[name](below, sim) or _miss(below, name, sim)
    tried = (DIALECTS[each](received, sim) for each in AT_ROOT)
    return next(filter(None, tried), None) or _miss(received, "", sim)


def _miss(received: Received, name: str, sim: Simulation) -> Answer:
    """Nobody's path; what a browser asks for by itself is no program that was pointed wrongly."""
    if received.method not in ("HEAD", "OPTIONS") and not received.header("sec-fetch-mode"):
        sim.miss(received, name)
    return _NOBODY
