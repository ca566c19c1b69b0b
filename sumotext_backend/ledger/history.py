"""What became of which text: the ledger's sends, read for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from sumotext_backend.ledger.database import Row
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.results import restore_result
from sumotext_backend.models import SendResult
from sumotext_backend.redact import mask

MAX_LISTED: Final = 1000


@attrs.frozen(kw_only=True)
class Note:
    """What was done to an entry, by whom (``source``), why, and when (seconds since 1970)."""

    word: str
    source: str
    note: str
    at: float


@attrs.frozen(kw_only=True)
class Entry:
    """One send as the ledger knows it.

    ``number`` is in E.164, masked in the repr, and "" once it was forgotten. ``state`` is SENDING
    (``result`` is then None) or DONE, ``settled`` SENT, NOT_SENT or "". Moments are seconds since
    1970 by the database's clock.
    """

    reference: str
    key: str | None = attrs.field(repr=False)
    number: str = attrs.field(repr=mask)
    provider: str
    outcome: str
    reason: str
    message_id: str | None
    created_at: float
    updated_at: float
    result: SendResult | None
    state: str = "DONE"
    settled: str = ""
    notes: tuple[Note, ...] = ()


def list_entries(
    ledger: Ledger,
    *,
    e164: str = "",
    outcome: str = "",
    since: float = 0.0,
    limit: int = MAX_LISTED,
) -> tuple[Entry, ...]:
    """The sends that the ledger kept, the youngest first, of one number or outcome, or of all.

    ``since`` is in seconds since 1970. Raises `LedgerError`.
    """
    person = ledger.hasher.hash_number(e164) if e164 else ""
    rows = ledger.database.read(
        "list_sends", since=since, person=person, outcome=outcome, limit=limit
    )
    return tuple(make_entry(row) for row in rows)


def export_entries(ledger: Ledger) -> Iterator[Entry]:
    """Every send that the ledger keeps, the oldest first. Raises `LedgerError`."""
    at, ref = 0.0, ""
    while rows := ledger.database.read("export_sends", at=at, ref=ref, limit=MAX_LISTED):
        entries = [make_entry(row) for row in rows]
        yield from entries
        at, ref = entries[-1].created_at, entries[-1].reference


def find_entry(ledger: Ledger, ref: str) -> Entry | None:
    """The send of that reference, with its notes; None where there is none.

    Raises `LedgerError`.
    """
    rows = ledger.database.read("find_send", ref=ref)
    if not rows:
        return None
    notes = ledger.database.read("list_audit", ref=ref)
    return make_entry(rows[0], tuple(_make_note(note) for note in notes))


def make_entry(row: Row, notes: tuple[Note, ...] = ()) -> Entry:
    """The entry that ``row`` holds; every statement that reads sends names the same columns."""
    ref, key, number, provider, outcome, reason, message_id, created, updated, *rest = row
    state, settled, result = rest
    return Entry(
        reference=ref,
        key=key,
        number=number or "",
        provider=provider,
        outcome=outcome,
        reason=reason,
        message_id=message_id,
        created_at=created,
        updated_at=updated,
        state=state,
        settled=settled,
        result=restore_result(result, number or "") if state == "DONE" else None,
        notes=notes,
    )


def _make_note(row: Row) -> Note:
    word, source, note, at = row
    return Note(word=word, source=source, note=note, at=at)
