"""Runs what goes on beside the answers: texts walk through their states, and customers are told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import attrs

from sumotext_backend.simulator.calls import Caller
from sumotext_backend.simulator.life import Life
from sumotext_backend.simulator.simulation import Simulation
from sumotext_backend.simulator.traffic import Called

_END_TIMEOUT: Final = 1.0  # seconds; a customer that does not answer is not waited for


@attrs.frozen(kw_only=True)
class Pace:
    """How fast texts live, and who is told.

    ``speed`` is how many seconds pass in one; with 0 time stands still, but for
    `Simulator.advance`. ``callbacks`` are URLs for what no text names one for, and ``keys`` what
    callbacks are signed with, both by name of the backend.
    """

    speed: float = 0.0
    callbacks: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    keys: Mapping[str, str] = attrs.field(factory=dict, repr=False)


@attrs.frozen
class Living:
    """What runs."""

    life: Life
    caller: Caller

    @property
    def called(self) -> tuple[Called, ...]:
        """The last requests that were made of customers, the oldest first."""
        return tuple(each for each in (*self.caller.sim.called,) if each.made)


@contextmanager
def live(sim: Simulation, pace: Pace, *, remote: bool = False) -> Iterator[Living]:
    """Let ``sim`` live, in two threads, for the time of the block.

    ``remote`` tells that others may send to it: their texts name no URL of this machine's.
    Raises `ConfigurationError` for a URL or a key that cannot be used.
    """
    caller = Caller(sim, pace.callbacks, pace.keys, may_call_here=not remote)
    life = Life(sim, pace.speed, caller.tell)
    threads = [_start(life.run, "life"), _start(caller.run, "callbacks")]
    try:
        yield Living(life, caller)
    finally:
        life.end()
        caller.end()
        for thread in threads:
            thread.join(_END_TIMEOUT)


def _start(run: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=run, name=f"sumotext-simulator-{name}", daemon=True)
    thread.start()
    return thread
