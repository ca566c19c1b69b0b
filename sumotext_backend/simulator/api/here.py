"""What every endpoint of the API is given."""

from __future__ import annotations

import asyncio

import attrs

from sumotext_backend.simulator.api.bell import Bell
from sumotext_backend.simulator.api.live import Live
from sumotext_backend.simulator.simulation import Simulation


@attrs.frozen(eq=False)
class Here:
    """The gateway that is asked, and who watches it."""

    sim: Simulation
    bell: Bell
    live: Live


def make_here(sim: Simulation, loop: asyncio.AbstractEventLoop) -> Here:
    """What the endpoints in ``loop`` are given of ``sim``."""
    bell = Bell(loop)
    return Here(sim, bell, Live(sim.store, bell))
