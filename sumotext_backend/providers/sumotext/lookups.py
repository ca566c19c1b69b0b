"""Carrier look-ups that are paid for once: what is known, who is asking, and what it has cost.

A look-up is claimed in a `Memory` before it is made, so that of all threads and processes one
alone makes it, and written down after it. One whose answer was lost may have been paid for: it is
kept as lost, and made again no sooner than one that found nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Literal, Protocol

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.deadline import limits
from sumotext_backend.models import Outcome, Reason
from sumotext_backend.providers.sumotext.lookup_wire import Carrier
from sumotext_backend.state import StateBusyError, StateError

FOUND_SECONDS: Final = 30 * 86_400.0
"""For how long a carrier is believed: people seldom change it."""
MISSING_SECONDS: Final = 3_600.0
"""For how long it is believed that there is none, and that a lost answer was paid for."""

_SHORTEST_POLL: Final = 0.005
_LONGEST_POLL: Final = 0.2

State = Literal["asked", "found", "missing", "lost"]


@attrs.frozen
class Entry:
    """What is known of one number; times in seconds since 1970.

    ``carrier`` is empty unless ``state`` is ``"found"``. It holds until ``until``; one that is
    ``"asked"`` just now has its answer, or is lost, at ``busy_until``.
    """

    state: State
    carrier: str
    until: float
    busy_until: float = 0.0


@attrs.frozen
class Claimed:
    """The look-up is yours to make. It counts already."""


@attrs.frozen
class Spent:
    """No look-up may be made any more today: there were ``count``."""

    count: int


class Memory(Protocol):
    """What is remembered of look-ups. A number is in E.164. Raises `StateError`."""

    def peek(self, number: str, now: float) -> Entry | None:
        """What is known of ``number``, if it still holds."""
        ...

    def claim(
        self, number: str, account: str, now: float, lease: float, limit: int
    ) -> Entry | Claimed | Spent:
        """What is known of ``number``; or the right to look it up, alone, for ``lease`` seconds.

        The look-up is counted for ``account`` and the day (UTC) of ``now``, of which ``limit``
        are allowed.
        """
        ...

    def settle(self, number: str, entry: Entry) -> None:
        """Write down what came of a claim."""
        ...

    def release(self, number: str, account: str, now: float) -> None:
        """Give a claim back that surely cost nothing."""
        ...


@attrs.frozen(kw_only=True)
class Lookups:
    """One account's look-ups, at most ``limit`` a day, remembered in ``memory``.

    ``lease`` is how many seconds one may take.
    """

    memory: Memory
    account: str
    limit: int
    lease: float
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep

    def find(self, number: str, look_up: Callable[[], Carrier | NoAnswer]) -> Carrier | NoAnswer:
        """The carrier of ``number``: what is known, or what ``look_up()`` says, called once.

        While somebody else looks it up this waits, ``lease`` seconds at most and within the
        deadline that is set.
        Raises `StateError` where nothing can be remembered, and then looks nothing up.
        """
        by, pause = min(time.monotonic() + self.lease, limits().deadline), _SHORTEST_POLL
        while True:
            got = self._claim(number, by)
            if isinstance(got, Claimed):
                return self._look_up(number, look_up)
            if isinstance(got, Spent):
                return NoAnswer(Reason.UNAVAILABLE, _SPENT.format(got.count))
            if got.state != "asked" or got.busy_until <= self.clock():
                return _read_entry(got)
            if time.monotonic() + pause >= by:
                return NoAnswer(Reason.UNAVAILABLE, "another look-up of the number takes too long")
            self.sleep(pause)
            pause = min(2 * pause, _LONGEST_POLL)

    def _claim(self, number: str, by: float) -> Entry | Claimed | Spent:
        """What the memory says, asked again while others write, until ``by``."""
        while True:
            try:
                return self.memory.claim(number, self.account, self.clock(), self.lease, self.limit)
            except StateBusyError:
                if time.monotonic() >= by:
                    raise

    def recall(self, number: str) -> Carrier | NoAnswer | None:
        """What is known of ``number`` without asking anybody; None where nothing is."""
        entry = self.memory.peek(number, self.clock())
        return _read_entry(entry) if entry else None

    def _look_up(
        self, number: str, look_up: Callable[[], Carrier | NoAnswer]
    ) -> Carrier | NoAnswer:
        try:
            said = look_up()
        except BaseException:
            self._settle(number, self._make_entry("lost"))
            raise
        if isinstance(said, Carrier):
            self._settle(number, self._make_entry(_name_state(said), said.code or ""))
            return said
        if said.reason.outcome is Outcome.UNKNOWN:
            self._settle(number, self._make_entry("lost"))
            return NoAnswer(said.reason, f"{said.detail}; it may have been paid for")
        with suppress(StateError):
            self.memory.release(number, self.account, self.clock())
        return said

    def _settle(self, number: str, entry: Entry) -> None:
        """Write down what came of a claim. What was paid for is used, even if that fails."""
        with suppress(StateError):
            self.memory.settle(number, entry)

    def _make_entry(self, state: State, carrier: str = "") -> Entry:
        lasts = FOUND_SECONDS if state == "found" else MISSING_SECONDS
        return Entry(state, carrier, self.clock() + lasts)


_SPENT: Final = (
    "{} look-ups were made today, which is the limit (option 'lookups_per_day'); "
    "the next may be made after midnight UTC"
)
_LOST: Final = (
    "the answer to the last look-up was lost; it may have been paid for, and is not made again "
    "for an hour"
)


def _read_entry(entry: Entry) -> Carrier | NoAnswer:
    if entry.state in ("found", "missing"):
        return Carrier(entry.carrier or None, paid=False)
    return NoAnswer(Reason.UNAVAILABLE, _LOST)


def _name_state(carrier: Carrier) -> State:
    return "found" if carrier.code else "missing"
