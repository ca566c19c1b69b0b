"""Doubts that a provider can end: asked what became of our reference, and settled by its record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from sumotext_backend.asking import Answerer, Found, NoAnswer, Question, ask
from sumotext_backend.backend import SmsBackend
from sumotext_backend.ledger.asked import keep_report_asked
from sumotext_backend.ledger.doubts import NotADoubtError, find_text, list_doubts, settle
from sumotext_backend.ledger.history import Entry
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.models import Reason
from sumotext_backend.msisdn import Msisdn

Answer = Found | NoAnswer | None
"""A record of the text; why there is no answer; or None, no record, which proves nothing."""


def resolve_doubts(
    ledger: Ledger, backends: Mapping[str, SmsBackend], since: float = 0.0
) -> Iterator[tuple[Entry, Answer]]:
    """Each doubt since then (seconds since 1970), and what its provider says of it.

    ``backends`` are the providers by alias. A record settles the doubt as sent, with the
    provider's id. One that somebody else settles meanwhile is left out. Raises `LedgerError`;
    nothing that a network or a provider does.
    """
    for entry in list_doubts(ledger, since):
        try:
            answer = resolve_doubt(ledger, backends, entry)
        except NotADoubtError:
            continue
        yield entry, answer


def resolve_doubt(ledger: Ledger, backends: Mapping[str, SmsBackend], entry: Entry) -> Answer:
    """What the providers that may have sent ``entry`` say of it.

    Raises `LedgerError`, and `NotADoubtError` where somebody else settled it meanwhile.
    """
    if not entry.number:
        return NoAnswer(Reason.UNSUPPORTED, "the number was forgotten")
    asked = _list_asked(backends, entry)
    answer: Answer = None if asked else NoAnswer(Reason.UNSUPPORTED, _say_nobody(entry))
    for alias in asked:
        answer = ask(backends[alias], _make_question(ledger, entry))
        if isinstance(answer, Found) and answer.alike and _may_be_of_another(ledger, entry):
            answer = NoAnswer(Reason.UNSUPPORTED, _say_alike(alias, answer))
        if isinstance(answer, Found):
            _settle(ledger, entry, alias, answer)
            return answer
    return answer


def _may_be_of_another(ledger: Ledger, entry: Entry) -> bool:
    """Whether a record like ``entry`` may be of a text without a row, or of another doubt."""
    [(twins,)] = ledger.database.read("count_twins", ref=entry.reference)
    return ledger.settings.record != "all" or twins > 0


def _say_alike(alias: str, found: Found) -> str:
    return (
        f"provider {alias!r} has a record like it ({found.provider_id}), which may be that of "
        "another text; settle it by hand"
    )


def _list_asked(backends: Mapping[str, SmsBackend], entry: Entry) -> list[str]:
    """The provider that left the doubt; all of them where the process broke off before it said."""
    able = [alias for alias, backend in backends.items() if isinstance(backend, Answerer)]
    return [alias for alias in able if entry.provider in ("", alias)]


def _say_nobody(entry: Entry) -> str:
    who = f"provider {entry.provider!r}" if entry.provider else "no provider here"
    return (
        f"{who} can be asked what became of a text"
        if not entry.provider
        else (f"{who} cannot be asked what became of a text; settle it by hand")
    )


def _make_question(ledger: Ledger, entry: Entry) -> Question:
    rows = ledger.database.read("list_ids_like", ref=entry.reference)
    return Question(
        reference=entry.reference,
        number=Msisdn(entry.number),
        sent_at=dt.datetime.fromtimestamp(entry.created_at, dt.UTC),
        text=find_text(ledger, entry.reference),
        known_ids=frozenset(row[0] for row in rows),
    )


def _settle(ledger: Ledger, entry: Entry, alias: str, found: Found) -> None:
    note = f"{alias} has a record of it"
    settle(
        ledger,
        entry.reference,
        sent=True,
        note=note,
        source="provider",
        message_id=found.provider_id,
    )
    if found.report:
        # The provider is known by its alias there, and not by its backend.
        keep_report_asked(ledger, attrs.evolve(found.report, alias=alias), entry.number)
