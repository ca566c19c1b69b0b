"""Changes of consent: written down durably, told to plugins, and listed for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from sumotext_backend.events import ConsentChange
from sumotext_backend.exceptions import did_you_mean
from sumotext_backend.ledger.binding import list_apart
from sumotext_backend.ledger.consent import Consent, Source, Word
from sumotext_backend.ledger.database import Lock, Row
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.msisdn import parse
from sumotext_backend.options import quote_name

_PAGE: Final = 1000


def opt_out(
    ledger: Ledger, number: str, *, programme: str = "", source: str = "hand", note: str = ""
) -> None:
    """Write down that a person wants no texts, of ``programme`` or of any; durable on return.

    ``number`` is in any common writing. Raises `InvalidNumberError`, `LedgerError`, and
    `LookupError` for a programme that the configuration does not have.
    """
    _change(ledger, number, Word.OPTED_OUT, programme, source, note)


def opt_in(
    ledger: Ledger, number: str, *, programme: str = "", source: str = "hand", note: str = ""
) -> None:
    """Write down that a person wants texts: it lifts an opt-out and every refusal.

    Arguments and errors are those of `opt_out`.
    """
    _change(ledger, number, Word.OPTED_IN, programme, source, note)


def _change(  # noqa: PLR0913, PLR0917
    ledger: Ledger, number: str, word: Word, programme: str, source: str, note: str
) -> None:
    change = ConsentChange(
        number=parse(number, ledger.settings.region).e164,
        word=word,
        programme=programme,
        source=Source(source),
        note=note,
    )
    write_changes(ledger, spread(ledger, [change]))


def spread(ledger: Ledger, changes: Iterable[ConsentChange]) -> Iterator[ConsentChange]:
    """``changes``, each without a programme made one for every programme there is.

    A no is one for those, too, that others who share the ledger are configured with.
    Raises `LookupError` for a programme that there is not, and `LedgerError`.
    """
    known = ledger.settings.all_programmes
    everybodys = dict.fromkeys((*known, *ledger.list_programmes()))
    for change in changes:
        if change.programme and change.programme not in known:
            meant = did_you_mean(change.programme, known)
            raise LookupError(f"there is no programme {quote_name(change.programme)}{meant}")
        all_ = everybodys if change.word == Word.OPTED_OUT else known
        for programme in [change.programme] if change.programme else all_:
            yield attrs.evolve(change, programme=programme)


def write_changes(ledger: Ledger, changes: Iterable[ConsentChange]) -> int:
    """Write all of ``changes`` down or none, then tell of each; how many there were.

    Durable when this returns. Raises `LedgerError`.
    """
    written = list(changes)
    # Before the transaction, for whose end other writers wait.
    rows = [_make_row(ledger, change) for change in written]
    ledger.database.write_all(Lock.SHARED, [("add_consent", rows)])
    ledger.tell_all(written)
    return len(written)


def _make_row(ledger: Ledger, change: ConsentChange) -> dict[str, object]:
    values = attrs.asdict(change, recurse=False)
    return {"person": ledger.hasher.hash_number(change.number), **values}


def show_consent(ledger: Ledger, number: str) -> dict[str, Consent]:
    """What holds for a person in each programme, the programmes without a word left out.

    Raises `InvalidNumberError`, `LedgerError`.
    """
    rows = ledger.read_consent(parse(number, ledger.settings.region).e164)
    return dict(ledger.plan.list_consent(rows))


def list_changes(ledger: Ledger, number: str) -> tuple[ConsentChange, ...]:
    """Every word on one person, the oldest first. Raises `InvalidNumberError`, `LedgerError`."""
    person = ledger.name_person(parse(number, ledger.settings.region).e164)
    births = ledger.read_births()
    rows = ledger.database.read("list_consent_of_person", **person)
    return tuple(_make(row, births) for row in rows)


def list_consent(ledger: Ledger, *, latest: bool = False) -> Iterator[ConsentChange]:
    """Every word on everybody, the oldest first; with ``latest`` the last of each alone.

    Raises `LedgerError`.
    """
    return (change for _, change in export_consent(ledger, latest=latest))


def export_consent(ledger: Ledger, *, latest: bool = False) -> Iterator[tuple[str, ConsentChange]]:
    """As `list_consent`, each with the keyed hash that stands for the person's number."""
    statement, after = "list_last_consent" if latest else "list_consent", 0
    births = ledger.read_births()
    while rows := ledger.database.read(statement, after=after, limit=_PAGE):
        for row in rows:
            yield row[1], _make(row, births)
        after = rows[-1][0]


def _make(row: Row, births: Mapping[str, int]) -> ConsentChange:
    seq, _, programme, word, provider, reason, source, note, at, number, backend, *rest = row
    said_at, apart = rest
    return ConsentChange(
        number=number or "",
        word=word,
        programme=programme,
        provider=provider,
        reason=reason,
        source=source,
        note=note,
        at=at,
        backend=backend,
        said_at=said_at,
        apart=list_apart(programme, seq, apart, births),
    )
