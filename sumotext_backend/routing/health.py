"""`Health`: which providers are left alone just now, and why."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import attrs

from sumotext_backend.deadline import Kept, limits
from sumotext_backend.models import SendResult
from sumotext_backend.routing.circuit import (
    CLOSED,
    Admission,
    Circuit,
    Rules,
    admission,
    after,
    begin_probe,
    end_probe,
)
from sumotext_backend.routing.store import Change, MemoryStore, Store, Transition
from sumotext_backend.state import StateBusyError, StateError

T = TypeVar("T")

log: Final = logging.getLogger("sumotext_backend.health")

FRESH_SECONDS: Final = 1.0
"""For how long what was read is believed, so that neither a healthy send reads the file, nor one
to a provider that is left alone."""

RETRY_SECONDS: Final = 60.0
"""After how long a file that could not be used is tried again."""

_HASH: Final = re.compile(r":[0-9a-f]{8,64}$")
_WARNED: Final[dict[str, object]] = {}


def alias_of(name: str) -> str:
    """The alias in the name that a circuit is kept under."""
    return _HASH.sub("", name)


@attrs.define(eq=False)
class Health:
    """Circuits by the keys of providers, in a `Store`.

    A store that another process keeps locked is passed over for a moment; one that cannot be
    used at all is for a minute, and a warning is logged once. Meanwhile this process goes by
    what it knows itself: health is there to save time, and never keeps a text from going.
    """

    store: Store = attrs.field(factory=MemoryStore)
    rules: Rules = attrs.field(factory=Rules)
    clock: Callable[[], float] = time.time
    _seen: MemoryStore = attrs.field(init=False, factory=MemoryStore, repr=False)
    _seen_at: float = attrs.field(init=False, default=0.0, repr=False)
    _skip_until: float = attrs.field(init=False, default=0.0, repr=False)
    _names: dict[str, str] = attrs.field(init=False, factory=dict, repr=False)

    def admit(self, key: str) -> Admission:
        """Whether a send by ``key`` may go through; ``probe`` is given to one send only."""
        circuit = self.circuit(key)
        if circuit is CLOSED:
            return "closed"
        now = self.clock()
        state = admission(circuit, now, self.rules)
        if state != "probe":
            return state
        before, _ = self._change(key, lambda circuit: self._take_probe(circuit, now))
        return admission(before, now, self.rules)

    def _take_probe(self, circuit: Circuit, now: float) -> Circuit:
        takes = admission(circuit, now, self.rules) == "probe"
        return begin_probe(circuit, now, self.rules) if takes else circuit

    def record(self, key: str, result: SendResult) -> None:
        """Let ``result`` speak for or against ``key``."""
        if result.reason is None and self._seen.is_empty():
            return  # as nearly every send ends
        circuit, now = self.circuit(key), self.clock()

        def change(circuit: Circuit) -> Circuit:
            return after(circuit, result, now, self.rules)

        if change(circuit) != circuit:
            self._change_soon(key, change)

    def give_up(self, key: str) -> None:
        """End a probe that broke off, so that the next send may be one."""
        self._change_soon(key, end_probe)

    def circuit(self, key: str) -> Circuit:
        """What was known of ``key`` a moment ago. Changes nothing, and makes no file."""
        now = self.clock()
        if not 0 <= now - self._seen_at < FRESH_SECONDS:
            self._refresh(now)
        if self._seen.is_empty():
            return CLOSED
        name = self._name_of(key)
        return self._seen.get(name)

    def circuits(self) -> dict[str, Circuit]:
        """All circuits by name, read anew."""
        self._refresh(self.clock())
        return self._seen.read()

    def reset(self, key: str) -> bool:
        """Close the circuit of ``key``; False where it was closed."""
        before, _ = self._change(key, lambda _: CLOSED)
        return before != CLOSED

    def update(self, changes: Sequence[tuple[str, Change]]) -> list[Transition]:
        """Apply changes by key, all at once, and log what opens and what closes."""
        named = [(self._name_of(key), change) for key, change in changes]
        transitions = self._ask(lambda store: store.update(named))
        if transitions is None:
            transitions = self._seen.update(named)
        for (name, _), transition in zip(named, transitions, strict=True):
            self._seen.put(name, transition[1])
            _log_transition(alias_of(name), *transition)
        return transitions

    def _change(self, key: str, change: Change) -> Transition:
        (transition,) = self.update([(key, change)])
        return transition

    def _change_soon(self, key: str, change: Change) -> None:
        kept = limits().kept
        if kept is None:
            self._change(key, change)
        else:
            kept.setdefault(self, []).append((key, change))

    def _refresh(self, now: float) -> None:
        circuits = self._ask(lambda store: store.read())
        if circuits is not None:
            self._seen.replace(circuits)
        self._seen_at = now

    def _name_of(self, key: str) -> str:
        name = self._names.get(key)
        if name is None:
            name = self._ask(lambda store: store.name_of(key))
            if name is None:
                return key
            self._names[key] = name
        return name

    def _ask(self, use: Callable[[Store], T]) -> T | None:
        """What the store says; None where it cannot be asked just now."""
        now = self.clock()
        if 0 < self._skip_until - now <= RETRY_SECONDS:
            return None
        try:
            return use(self.store)
        except StateBusyError:
            self._skip_until = now + FRESH_SECONDS
        except StateError as error:
            self._skip_until = now + RETRY_SECONDS
            _warn_once(self.store, error)
        return None


def _warn_once(store: Store, error: StateError) -> None:
    mine = object()
    if _WARNED.setdefault(repr(store), mine) is mine:  # atomic: a lock could be left held
        log.warning(
            "provider health is kept in memory, not shared: its file cannot be used (%s); "
            "set SUMOTEXT_STATE_DIR to a folder of your own that can be written",
            error,
        )


def _log_transition(alias: str, before: Circuit, now: Circuit) -> None:
    if now.is_open and not before.is_open:
        log.warning("provider %s is left alone for now (%s)", alias, now.why)
    elif before.is_open and not now.is_open:
        log.info("provider %s is used again (it was left alone: %s)", alias, before.why)


def write(kept: Kept) -> None:
    """Write what a chain kept for its end: a text costs one commit, however many failed."""
    for health, changes in kept.items():
        health.update(changes)
