"""Reports that were asked for: kept as pushed ones are, and never worse than what is known."""

from __future__ import annotations

import logging
from typing import Final

from sumotext_backend.asking import NoAnswer
from sumotext_backend.events import DeliveryReport
from sumotext_backend.ledger.database import LedgerError
from sumotext_backend.ledger.heeding import choose_lock, heed_no, read_number
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.reports import RANKS, find_report, keep_report
from sumotext_backend.models import Reason

log: Final = logging.getLogger("sumotext_backend.ledger")

Said = DeliveryReport | NoAnswer


def keep_asked(  # noqa: PLR0913, PLR0917
    ledger: Ledger,
    said: Said,
    alias: str,
    text_id: str,
    to: str = "",
    region: str | None = None,
) -> Said:
    """The best that is known of the text ``text_id``, after what was ``said`` of it was kept.

    ``alias`` is its provider, ``text_id`` the provider's id or our reference, and ``to`` whom it
    was for, where that is known, as dialled in ``region``; None is the ledger's. A no in a report
    takes consent. Never raises for what a database does.
    """
    try:
        if isinstance(said, DeliveryReport):
            keep_report_asked(ledger, said, read_number(ledger, to, region))
        known = recall_report(ledger, text_id, alias)
    except LedgerError as error:
        log.error("what was said of a text was not written down: %s", error)  # noqa: TRY400
        return said
    return known if known and _is_better(known, said) else said


def keep_report_asked(ledger: Ledger, report: DeliveryReport, number: str = "") -> None:
    """Keep ``report``, and the no in it; ``number`` is in E.164. Raises `LedgerError`."""
    with ledger.database.transact(choose_lock([report])) as run:
        kept = keep_report(run, report)
        changes = list(heed_no(ledger, run, kept, number))
    ledger.tell_all(changes)


def recall_report(ledger: Ledger, text_id: str, alias: str = "") -> DeliveryReport | None:
    """The best report that is known of a text. Makes and changes nothing. Raises `LedgerError`."""
    seen = ledger.view()
    return find_report(seen, text_id, alias) if seen else None


def _is_better(known: DeliveryReport, said: Said) -> bool:
    if isinstance(said, NoAnswer):
        return known.final or said.reason is Reason.UNSUPPORTED
    return RANKS[known.status] > RANKS[said.status]
