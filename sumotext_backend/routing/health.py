"""`Health`: which providers are left alone just now, and why."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from typing import Final, TypeVar

import attrs

from sumotext_backend.models import Outcome, SendResult
from sumotext_backend.routing.circuit import (
    CLOSED,
    Admission,
    Circuit,
    Rules,
    admission,
    after,
    probing,
)
from sumotext_backend.routing.store import MemoryStore, Store

T = TypeVar("T")

log: Final = logging.getLogger("sumotext_backend.health")

FRESH: Final = 1.0
"""Seconds for which what was read is believed, so that a healthy send reads no file."""


@attrs.define(eq=False)
class Health:
    """Circuits by the names of providers, in a `Store`.

    Where the store cannot be used, a warning is logged once and this process goes on with
    memory: health is there to save time, and never keeps a text from going.
    """

    store: Store = attrs.field(factory=MemoryStore)
    rules: Rules = attrs.field(factory=Rules)
    clock: Callable[[], float] = time.time
    _seen: dict[str, Circuit] = attrs.field(init=False, factory=dict, repr=False)
    _seen_at: float = attrs.field(init=False, default=0.0, repr=False)

    def admit(self, name: str) -> Admission:
        """Whether a send by ``name`` may go through; ``probe`` is given to one send only."""
        now = self.clock()
        if not self._circuit(name, now).is_open:
            return "closed"
        before, _ = self._change(name, lambda circuit: self._probed(circuit, now))
        return admission(before, now)

    def _probed(self, circuit: Circuit, now: float) -> Circuit:
        takes_probe = admission(circuit, now) == "probe"
        return probing(circuit, now, self.rules) if takes_probe else circuit

    def record(self, name: str, result: SendResult) -> None:
        """Let ``result`` speak for or against ``name``."""
        now = self.clock()
        seen = self._circuit(name, now)
        if seen is CLOSED and result.outcome is Outcome.ACCEPTED:
            return  # as nearly every send ends
        if after(seen, result, now, self.rules) != seen:
            self._change(name, lambda circuit: after(circuit, result, now, self.rules))

    def circuits(self) -> dict[str, Circuit]:
        """All circuits, read anew."""
        self._seen_at = 0.0
        self._circuit("", self.clock())
        return dict(self._seen)

    def reset(self, name: str) -> bool:
        """Close the circuit of ``name``; False where it was closed."""
        before, _ = self._change(name, lambda _: CLOSED)
        return before != CLOSED

    def _circuit(self, name: str, now: float) -> Circuit:
        if not 0 <= now - self._seen_at < FRESH:
            self._seen, self._seen_at = self._usable(lambda store: store.read()), now
        return self._seen.get(name, CLOSED)

    def _change(self, name: str, change: Callable[[Circuit], Circuit]) -> tuple[Circuit, Circuit]:
        before, now = self._usable(lambda store: store.change(name, change))
        self._seen[name] = now
        return before, now

    def _usable(self, use: Callable[[Store], T]) -> T:
        try:
            return use(self.store)
        except (OSError, sqlite3.Error) as error:
            why = type(error).__name__
        log.warning(
            "provider health is kept in memory, not shared: its file cannot be used (%s); "
            "set SUMOTEXT_STATE_DIR to a folder that can be written",
            why,
        )
        self.store = MemoryStore()
        return use(self.store)
