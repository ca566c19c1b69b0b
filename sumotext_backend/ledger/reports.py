"""Delivery reports in the ledger: never backwards, and able to settle a doubt."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from typing import Final

import attrs

from sumotext_backend.events import DeliveryReport, DeliveryStatus
from sumotext_backend.ledger.database import LedgerError, Row, Run
from sumotext_backend.ledger.doubts import settle_within
from sumotext_backend.ledger.history import Entry, make_entry
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.models import Outcome, Reason

RANKS: Final = {
    status: rank
    for rank, status in enumerate(
        (
            DeliveryStatus.UNKNOWN,
            DeliveryStatus.SUBMITTED,
            DeliveryStatus.ENROUTE,
            DeliveryStatus.ACCEPTED,
            DeliveryStatus.DELETED,
            DeliveryStatus.EXPIRED,
            DeliveryStatus.UNDELIVERABLE,
            DeliveryStatus.REJECTED,
            DeliveryStatus.DELIVERED,
        )
    )
}
"""A later report counts only where it ranks higher, so that their order does not matter. On the
handset outranks given up: it is what the carrier saw, and some report both."""

REPORTABLE: Final = (Outcome.UNKNOWN, Outcome.FAILED)
"""Ends that a report may prove wrong: a doubt, and what was taken for not sent once."""


def keep_report(run: Run, report: DeliveryReport) -> DeliveryReport:
    """Keep ``report`` inside the caller's transaction, unless a better one is there.

    A report on a text of which nobody knew whether it went proves that it did. Returned under both
    names of its text, where they are known.
    """
    named = _complete(run, report)
    run(
        "keep_report",
        alias=report.alias,
        id=name_row(named),
        reference=named.reference or "",
        status=str(report.status),
        rank=RANKS[report.status],
        final=int(report.final),
        reason=str(report.reason or ""),
        code=report.code or "",
        word=report.word,
        at=report.at.timestamp() if report.at else None,
    )
    if report.reference:
        settle_reported(run, report.reference)
    return named


def _complete(run: Run, report: DeliveryReport) -> DeliveryReport:
    """``report`` with our reference and the provider's id, where its send is known."""
    ref, id_ = report.reference or "", report.provider_id or ""
    rows = [] if ref and id_ else run("find_names", ref=ref, id=id_, alias=report.alias)
    for sent, message_id in rows:
        return attrs.evolve(report, reference=ref or sent, provider_id=id_ or message_id)
    return report


def name_row(report: DeliveryReport) -> str:
    """What the row of its text is known by, beside the provider's alias."""
    return report.provider_id or f"ref:{report.reference}"


def settle_reported(run: Run, ref: str) -> None:
    """Settle the send ``ref``, inside the caller's transaction, if it is a reported doubt.

    Or was one, until somebody took it for not sent. The report may have come before the send ended.
    """
    entry = _read_reportable(run("find_send", ref=ref))
    if entry is None:
        return
    for row in run("find_report", id=ref, alias=""):
        report = make_report(row)
        note = f"{report.alias} reported {report.status}"
        message_id = report.provider_id
        settle_within(run, entry, sent=True, note=note, source="report", message_id=message_id)


def _read_reportable(sends: Sequence[Row]) -> Entry | None:
    """The send that was found, if a report may prove it wrong.

    What only another version can read is left to that one: a no in the report is owed to a person.
    """
    with contextlib.suppress(LedgerError):
        return next((each for each in map(make_entry, sends) if each.outcome in REPORTABLE), None)
    return None


def find_report(ledger: Ledger, message_id: str, alias: str = "") -> DeliveryReport | None:
    """The best report on the text of that id (the provider's, or our reference).

    None where there is none. Raises `LedgerError`.
    """
    rows = ledger.database.read("find_report", id=message_id, alias=alias)
    return make_report(rows[0]) if rows else None


def make_report(row: Row) -> DeliveryReport:
    """The report that ``row`` holds; every statement that reads reports names the same columns."""
    alias, id_, reference, status, final, reason, code, word, at = row
    return DeliveryReport(
        alias=alias,
        provider_id=None if id_.startswith("ref:") else id_,
        reference=reference or None,
        status=status,
        final=bool(final),
        reason=Reason(reason) if reason else None,
        code=code or None,
        word=word,
        at=dt.datetime.fromtimestamp(at, dt.UTC) if at is not None else None,
    )
