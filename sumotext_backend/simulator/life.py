"""What becomes of an accepted text in time: the states that it walks through."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs

from sumotext_backend.models import Reason
from sumotext_backend.simulator.simulation import Simulation
from sumotext_backend.simulator.states import State
from sumotext_backend.simulator.store import Store, Text

FINAL: Final = (State.DELIVERED, State.UNDELIVERABLE, State.EXPIRED, State.RECEIVED)
"""What a text stays in."""

FATES: Final[Mapping[str, Reason | None]] = {
    "not-opted-in": Reason.OPTED_OUT,
    "opted-out": Reason.OPTED_OUT,
    "not-found": Reason.INVALID_RECIPIENT,
    "no-ip": Reason.UNAUTHORIZED,
    "error-no-ip": Reason.UNAUTHORIZED,
    "unknown-code": Reason.REFUSED,
    "no-credit": Reason.NO_CREDIT,
    "sender": Reason.SENDER,
    "content": Reason.CONTENT,
    "undelivered": None,
}
"""Why a text is not delivered, by name of the behaviour that its provider had no word for."""


@attrs.frozen
class Stage:
    """One state to come, ``after`` so many seconds, and what there is to say about it."""

    after: float
    state: State
    detail: str = ""


_SENT: Final = Stage(1.0, State.ENROUTE)
_EXPIRED: Final = (_SENT, Stage(4.0, State.EXPIRED))
_DELIVERED: Final = (_SENT, Stage(2.0, State.DELIVERED))


def plan(fate: str) -> tuple[Stage, ...]:
    """What becomes of a text that the behaviour ``fate`` decides about."""
    if fate == "silent":
        return ()
    if fate == "expired":
        return _EXPIRED
    if fate in FATES:
        return _SENT, Stage(2.0, State.UNDELIVERABLE, FATES[fate] or "")
    return _DELIVERED


@attrs.define(eq=False)
class Feed:
    """The changes of a store, for one reader who comes back now and then."""

    store: Store
    _version: int = attrs.field(default=-1, init=False)

    def read(self) -> tuple[Text, ...]:
        """The texts that are new or changed since the last time, as they are now."""
        # Before the texts: what changes between is read again.
        version = self.store.version
        if version == self._version:
            return ()
        changes = self.store.changes(self._version)
        self._version = version if changes is None else changes.version
        return self.store.texts if changes is None else changes.texts


@attrs.define(eq=False)
class Life:
    """Lets the texts of ``sim`` walk through their states, ``speed`` times as fast as in a plan.

    With ``speed`` 0 time stands still, but for `advance`. ``on_change`` is given each text that is
    new or changed. The methods may be called from any thread.
    """

    sim: Simulation
    speed: float = 1.0
    on_change: Callable[[Text], object] = lambda _text: None
    _advanced: float = attrs.field(default=0.0, init=False)
    _began: float = attrs.field(factory=time.monotonic, init=False)
    _due: list[tuple[float, int, str, Stage]] = attrs.field(factory=list, init=False)
    _planned: dict[str, None] = attrs.field(factory=dict, init=False)
    _order: Iterator[int] = attrs.field(factory=itertools.count, init=False)
    _feed: Feed = attrs.field(init=False)
    _walking: threading.Lock = attrs.field(factory=threading.Lock, init=False)
    _woken: threading.Event = attrs.field(factory=threading.Event, init=False)
    _ended: bool = attrs.field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        """Read the store from the beginning: what it kept over a restart lives on."""
        self._feed = Feed(self.sim.store)

    def run(self) -> None:
        """Walk until `end`; blocks."""
        stop = self.sim.store.subscribe(self._woken.set)
        try:
            while not self._ended:
                self._woken.clear()
                self._woken.wait(self._walk())
        finally:
            stop()

    def end(self) -> None:
        """Let `run` end."""
        self._ended = True
        self._woken.set()

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once; what they bring has happened on return."""
        with self._walking:
            self._look()
            until = self._now() + seconds
            while self._due and self._due[0][0] <= until:
                self._advanced += max(0.0, self._due[0][0] - self._now())
                self._step()
                self._look()
            self._advanced += max(0.0, until - self._now())

    def _now(self) -> float:
        """Seconds of this life."""
        return (time.monotonic() - self._began) * self.speed + self._advanced

    def _walk(self) -> float | None:
        """Do what is due; the seconds until something is again, None where nothing will be."""
        with self._walking:
            self._look()
            while self._due and self._due[0][0] <= self._now():
                self._step()
                self._look()
            if not self._due or not self.speed:
                return None
            return max(0.0, self._due[0][0] - self._now()) / self.speed

    def _look(self) -> None:
        """Plan for texts that are new, and hand on what changed."""
        for text in self._feed.read():
            if text.id not in self._planned and text.state not in FINAL:
                self._plan(text)
            self.on_change(text)

    def _plan(self, text: Text) -> None:
        gone = {step.state for step in text.trail}
        for stage in plan(text.trail[0].detail):
            self._planned[text.id] = None
            if stage.state not in gone:
                due = self._now() + stage.after
                heapq.heappush(self._due, (due, next(self._order), text.id, stage))

    def _step(self) -> None:
        """Let the first text that is due come into its next state, if it lives still."""
        _, _, text_id, stage = heapq.heappop(self._due)
        text = self.sim.store.get(text_id)
        if stage.state in FINAL:
            self._planned.pop(text_id, None)
        if text and text.state not in FINAL and stage.state is not text.state:
            self.sim.move(text_id, stage.state, stage.detail)
