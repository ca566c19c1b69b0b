"""Carrier look-ups that are paid for once: what is known, who is asking, and what it has cost.

A look-up is claimed in a `LookupMemory` before it is made, so that of all threads, processes and
machines one alone makes it, and written down after it. One whose answer was lost may have been
paid for: it is kept as lost, and made again no sooner than one that found nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from sumotext_backend.asking import NoAnswer
from sumotext_backend.deadline import limits, within
from sumotext_backend.exceptions import SmsError
from sumotext_backend.lookups import Claimed, Finding, LookupMemory, Payer, Spent
from sumotext_backend.models import Outcome, Reason
from sumotext_backend.providers.sumotext.lookup_wire import Carrier

FOUND_SECONDS: Final = 30 * 86_400.0
"""For how long a carrier is believed: people seldom change it."""
MISSING_SECONDS: Final = 3_600.0
"""For how long it is believed that there is none, and that a lost answer was paid for."""

_SHORTEST_POLL: Final = 0.005
_LONGEST_POLL: Final = 0.2

_SPENT: Final = (
    "{} look-ups were made today, which is the limit (option 'lookups_per_day'); "
    "the next may be made after midnight UTC"
)
_LOST: Final = (
    "the answer to the last look-up was lost; it may have been paid for, and is not made again "
    "for an hour"
)


def find(
    memory: LookupMemory,
    payer: Payer,
    number: str,
    look_up: Callable[[], Carrier | NoAnswer],
) -> Carrier | NoAnswer:
    """The carrier of ``number``: what is known, or what ``look_up()`` says, called once.

    While somebody else looks it up this waits, ``payer.lease`` seconds at most and within the
    deadline that is set.
    Raises `SmsError` where nothing can be remembered, and then looks nothing up.
    """
    by, pause = min(time.monotonic() + payer.lease, limits().deadline), _SHORTEST_POLL
    while True:
        # Counted from before the claim: we believe in it no longer than others do.
        until = time.monotonic() + payer.lease
        got = memory.claim(payer, number)
        if isinstance(got, Claimed):
            return _look_up(memory, got, until, look_up)
        if isinstance(got, Spent):
            return NoAnswer(Reason.UNAVAILABLE, _SPENT.format(got.count))
        if got.state != "ASKED":
            return _read_finding(got)
        if time.monotonic() + pause >= by:
            return NoAnswer(Reason.UNAVAILABLE, "another look-up of the number takes too long")
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_POLL)


def recall(memory: LookupMemory, payer: Payer, number: str) -> Carrier | NoAnswer | None:
    """What is known of ``number`` without asking anybody; None where nothing is.

    Raises `SmsError`.
    """
    finding = memory.peek(payer, number)
    return _read_finding(finding) if finding else None


def _look_up(
    memory: LookupMemory,
    claimed: Claimed,
    until: float,
    look_up: Callable[[], Carrier | NoAnswer],
) -> Carrier | NoAnswer:
    try:
        said = within(until, until, look_up)
    except BaseException:
        _settle(memory, claimed, Finding("LOST"))
        raise
    if isinstance(said, Carrier):
        _settle(memory, claimed, _make_finding(said))
        return said
    if said.reason.outcome is Outcome.UNKNOWN:
        _settle(memory, claimed, Finding("LOST"))
        return NoAnswer(said.reason, f"{said.detail}; it may have been paid for")
    with suppress(SmsError):
        memory.release(claimed)
    return said


def _settle(memory: LookupMemory, claimed: Claimed, finding: Finding) -> None:
    """Write down what came of a claim. What was paid for is used, even if that fails."""
    lasts = FOUND_SECONDS if finding.state == "FOUND" else MISSING_SECONDS
    with suppress(SmsError):
        memory.settle(claimed, finding, lasts)


def _make_finding(carrier: Carrier) -> Finding:
    return Finding("FOUND", carrier.code) if carrier.code else Finding("MISSING")


def _read_finding(finding: Finding) -> Carrier | NoAnswer:
    if finding.state in ("FOUND", "MISSING"):
        return Carrier(finding.carrier or None, paid=False)
    return NoAnswer(Reason.UNAVAILABLE, _LOST)
