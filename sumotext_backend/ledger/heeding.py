"""What an event of a provider means for reports, doubts and consent, inside one transaction."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

import attrs

from sumotext_backend.events import ConsentChange, DeliveryReport, Event, OptIn, OptOut
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.ledger.consent import Source, Word
from sumotext_backend.ledger.database import Lock, Row, Run
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.reports import (
    REPORTABLE,
    keep_report,
    make_report,
    name_row,
    settle_reported,
)
from sumotext_backend.models import Reason, SendResult
from sumotext_backend.msisdn import InvalidNumberError, parse

log: Final = logging.getLogger("sumotext_backend.ledger")

Belief = Callable[[OptIn], bool]
"""Whether a yes is believed."""

_SOURCES: Final = {"TEXT": Source.TEXT, "REPORT": Source.REPORT, "PROVIDER": Source.CALLBACK}


def choose_lock(events: Collection[Event]) -> Lock | None:
    """The lock of a transaction in which ``events`` are heeded; None where they need none.

    A yes must not miss a no, a report without a number its send, nor one part of a text the other,
    that is being written down at that moment. A no misses nothing: it waits for those alone.
    """
    if any(map(_looks_back, events)):
        return Lock.ALONE
    return Lock.SHARED if any(isinstance(each, OptOut) for each in events) else None


def _looks_back(event: Event) -> bool:
    if isinstance(event, DeliveryReport):
        return event.reason is Reason.OPTED_OUT
    return isinstance(event, OptIn) or getattr(event, "part", None) is not None


def heed(
    ledger: Ledger, run: Run, event: Event, believes: Belief, after: OptOut | None = None
) -> Iterator[ConsentChange]:
    """Do what ``event`` means; the changes of consent to tell of once they are durable.

    ``after`` is the no behind a report, which may say the same of the same person.
    The transaction began with `choose_lock`'s. Raises `LedgerError`.
    """
    if isinstance(event, DeliveryReport):
        kept = keep_report(run, event)
        numbers = _list_readings(ledger, after) if after else []
        told = {ledger.hasher.hash_number(number) for number in numbers}
        yield from heed_no(ledger, run, kept, told=told)
    elif isinstance(event, OptOut) or (isinstance(event, OptIn) and believes(event)):
        yield from _heed_word(ledger, run, event)


def read_number(ledger: Ledger, number: str, region: str | None = None) -> str:
    """``number``, as dialled in ``region`` or the ledger's, in E.164; empty where it is none.

    Such as a short code, a name, or one of a region that cannot be read here.
    """
    try:
        return parse(number, region or ledger.settings.region).e164
    except (InvalidNumberError, ConfigurationError):
        return ""


def _heed_word(ledger: Ledger, run: Run, event: OptOut | OptIn) -> Iterator[ConsentChange]:
    numbers = _list_readings(ledger, event)
    if not numbers and isinstance(event, OptOut):
        log.warning("provider %r: a no of what is no phone number binds nobody", event.alias)
    for number in numbers:
        change = ConsentChange(
            number=number,
            word=Word.OPTED_OUT if isinstance(event, OptOut) else Word.OPTED_IN,
            programme=ledger.settings.programme_of(event.alias),
            provider=event.alias,
            source=_SOURCES[event.source],
        )
        if isinstance(event, OptOut) or not _is_outdated(ledger, run, change, event.at):
            yield _write(run, ledger.hasher.hash_number(number), change, event.at)


def _list_readings(ledger: Ledger, event: OptOut | OptIn) -> list[str]:
    """Who may be meant, in E.164: by a no also whoever has those digits with a country's code.

    A no too many costs a text, and one too few texts somebody who said no.
    """
    found = [read_number(ledger, event.number)]
    if isinstance(event, OptOut) and event.number.isdecimal():
        found.append(read_number(ledger, f"+{event.number}"))
    return [number for number in dict.fromkeys(found) if number]


def _is_outdated(ledger: Ledger, run: Run, yes: ConsentChange, at: dt.datetime | None) -> bool:
    """Whether ``yes``, said ``at`` that moment, comes after a no that it would lift, said later.

    A provider that reached nobody calls again, for hours.
    """
    if at is None:
        return False
    rows = run("list_newer_nos", at=at.timestamp(), **ledger.name_person(yes.number))
    return any(ledger.plan.binds(row, yes.programme) for row in rows)


def heed_no(
    ledger: Ledger,
    run: Run,
    report: DeliveryReport,
    number: str = "",
    told: Collection[str] = (),
) -> Iterator[ConsentChange]:
    """Write down the no in a ``report`` that says opted out, if there is one.

    It is about whom the text went to, if the ledger knows, or else about ``number``, in E.164.
    Of the people ``told``, by their hashes, another event tells. ``report`` is as `keep_report`
    returned it; where one on its text said no before, it is the same no, and new only to whom it
    was not written of.
    """
    if report.reason is not Reason.OPTED_OUT:
        return
    new = run("note_no", alias=report.alias, id=name_row(report))
    for person, known in _find_people(ledger, run, report, number):
        change = ConsentChange(
            number=known or "",
            word=Word.OPTED_OUT,
            programme=ledger.settings.programme_of(report.alias),
            provider=report.alias,
            source=Source.REPORT,
        )
        people = ledger.name_person(known) if known else {"person": person, "twin": person}
        if person not in told and (new or not _is_heard(run, people, change, report)):
            yield _write(run, person, change, report.at)


def heed_early(ledger: Ledger, run: Run, ref: str, result: SendResult) -> list[ConsentChange]:
    """Do what reports mean that came before the send ``ref`` was written down with ``result``.

    One settles a doubt, and a no in one that named nobody is whom the text went to's. Returns the
    changes of consent to tell of once they are durable.
    """
    if result.outcome in REPORTABLE:
        settle_reported(run, ref)
    rows = run("list_nos", ref=ref, alias=result.provider, id=result.message_id or "")
    # A better report may have come since the one with the no, and hides its reason.
    told = [attrs.evolve(make_report(row), reason=Reason.OPTED_OUT) for row in rows]
    return [change for report in told for change in heed_no(ledger, run, report)]


def _find_people(ledger: Ledger, run: Run, report: DeliveryReport, number: str) -> list[Row]:
    """Keyed hash and number of whom the text went to, one row at most."""
    ref, id_ = report.reference or "", report.provider_id or ""
    found = run("find_person", ref=ref, id=id_, alias=report.alias)
    return found or ([(ledger.hasher.hash_number(number), number)] if number else [])


def _is_heard(
    run: Run, people: Mapping[str, str], no: ConsentChange, report: DeliveryReport
) -> bool:
    """Whether the ``no`` of an older report on that text was written down, or lifted since."""
    return bool(
        run(
            "find_word_since",
            alias=report.alias,
            id=name_row(report),
            **people,
            programme=no.programme,
            said_at=_read_moment(report.at),
        )
    )


def _read_moment(at: dt.datetime | None) -> float | None:
    return at.timestamp() if at else None


def _write(run: Run, person: str, change: ConsentChange, at: dt.datetime | None) -> ConsentChange:
    values = attrs.asdict(change)
    # The column says when we were told, which is not what the provider's clock says.
    values |= {"number": change.number or None, "said_at": _read_moment(at)}
    del values["at"]
    run("add_said_consent", person=person, **values)
    return change
