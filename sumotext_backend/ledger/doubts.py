"""Doubts: sends of which nobody knows whether the text went, and how they are settled."""

from __future__ import annotations

import attrs

from sumotext_backend.exceptions import SmsError
from sumotext_backend.ledger.database import Run
from sumotext_backend.ledger.history import Entry, find_entry, make_entry
from sumotext_backend.ledger.keys import break_off
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.owner import has_ended
from sumotext_backend.ledger.results import CRASHED, restore_result, write_result
from sumotext_backend.models import Outcome, Reason, SendResult


class NotADoubtError(SmsError):
    """There is no doubt of that reference: it does not exist, or is settled already."""


def list_doubts(ledger: Ledger, since: float = 0.0) -> tuple[Entry, ...]:
    """All doubts that began at ``since`` (seconds since 1970) or later, the oldest first.

    Sends that broke off without anybody noticing are among them. Raises `LedgerError`.
    """
    find_broken(ledger)
    rows = ledger.database.read("list_doubts", since=since)
    return tuple(make_entry(row) for row in rows)


def find_broken(ledger: Ledger) -> int:
    """Write down as `CRASHED` every send whose process is gone or whose lease is over.

    Returns how many. Raises `LedgerError`.
    """
    open_sends = ledger.database.read("list_open")
    broken = [(ref, owner) for ref, owner, left in open_sends if has_ended(owner, left)]
    return sum(break_off(ledger, ref, owner) for ref, owner in broken)


def settle(  # noqa: PLR0913 - what a person says of a doubt, each by its name
    ledger: Ledger,
    ref: str,
    *,
    sent: bool,
    note: str,
    source: str = "hand",
    message_id: str | None = None,
) -> Entry:
    """End a doubt: the text went (``ACCEPTED``), or surely did not (``FAILED``).

    Who says so and why is kept in ``note``, as long as the send is. A key whose text did not go
    is free again.
    Returns the entry as it is now. Raises `NotADoubtError`, `LedgerError`.
    """
    entry = find_entry(ledger, ref)
    if entry is None:
        # Without what was given, which may be a number or a key.
        raise NotADoubtError("there is no send of that reference; see 'sumotext doubts list'")
    with ledger.database.transact() as run:
        kept = settle_within(run, entry, sent=sent, note=note, source=source, message_id=message_id)
    if not kept:
        raise NotADoubtError(f"the send {ref!r} is not a doubt (it is {entry.outcome})")
    return find_entry(ledger, ref) or entry


def settle_within(  # noqa: PLR0913
    run: Run, entry: Entry, *, sent: bool, note: str, source: str, message_id: str | None
) -> bool:
    """As `settle`, inside the caller's transaction; False where ``entry`` is not a doubt.

    By the ``source`` ``report`` it also ends what somebody took for not sent.
    """
    ended = _settle_result(entry, sent=sent, source=source, message_id=message_id)
    kept = run(
        "settle",
        ref=entry.reference,
        outcome=str(ended.outcome),
        reason=str(ended.reason or ""),
        message_id=message_id,
        source=source,
        settled="SENT" if sent else "NOT_SENT",
        result=write_result(ended),
    )
    if kept:
        word = "settled as sent" if sent else "settled as not sent"
        run("add_audit", ref=entry.reference, word=word, source=source, note=note)
    return bool(kept)


def find_text(ledger: Ledger, ref: str) -> str | None:
    """The text of a send, None where it is not kept any more. Raises `LedgerError`."""
    rows = ledger.database.read("find_text", ref=ref)
    return rows[0][0] if rows else None


def _settle_result(entry: Entry, *, sent: bool, source: str, message_id: str | None) -> SendResult:
    return attrs.evolve(
        entry.result or restore_result(CRASHED, ""),
        outcome=Outcome.ACCEPTED if sent else Outcome.FAILED,
        reason=None if sent else Reason.NOT_SENT,
        message_id=message_id or entry.message_id,
        detail=f"the doubt was settled by {source}",
    )
