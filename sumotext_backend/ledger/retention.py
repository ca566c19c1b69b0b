"""What is kept how long: purge, forget, and what a ledger holds."""

from __future__ import annotations

from typing import Final

import attrs

from sumotext_backend.ledger.database import Run
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.lookups import LONGEST_SECONDS, clean_lookups, find_day

DAY_SECONDS: Final = 86_400.0


@attrs.frozen
class Purged:
    """How many texts, sends and look-ups were removed, or would be."""

    texts: int
    sends: int
    lookups: int


def purge(
    ledger: Ledger,
    keep_texts: float | None = None,
    keep_rows: float | None = None,
    *,
    dry_run: bool = False,
) -> Purged:
    """Remove texts ``keep_texts`` days after their sends ended, and the sends after ``keep_rows``.

    So with what providers told us, once all have heard of it, and with reports. Look-ups are
    removed when they are out of date, or ``keep_rows`` after they were made.

    Without them the settings say how many. Doubts stay until they are settled, and every word of
    consent stays. With ``dry_run`` nothing is removed. A key that was purged is as good as new.
    Raises `LedgerError`.
    """
    texts = DAY_SECONDS * (ledger.settings.keep_texts if keep_texts is None else keep_texts)
    rows = DAY_SECONDS * (ledger.settings.keep_rows if keep_rows is None else keep_rows)
    with ledger.database.transact() as run:
        [(old_texts,)] = run("count_old_texts", seconds=texts)
        [(old_sends,)] = run("count_old_sends", seconds=rows)
        old_lookups = _count_old_lookups(run, rows)
        if not dry_run:
            run("purge_texts", seconds=texts)
            run("purge_sends", seconds=rows)
            run("purge_inbound", seconds=texts)
            run("delete_inbound", seconds=rows)
            run("delete_reports", seconds=rows)
            clean_lookups(run, rows)
            note = f"{old_texts} texts, {old_sends} sends, {old_lookups} look-ups"
            run("add_audit", ref="", word="purged", source="hand", note=note)
    if not dry_run:
        ledger.database.erase()
    return Purged(old_texts, old_sends, old_lookups)


def _count_old_lookups(run: Run, seconds: float) -> int:
    [(old,)] = run("count_old_lookups", longest=LONGEST_SECONDS, seconds=seconds)
    return int(old)


def forget(ledger: Ledger, e164: str) -> int:
    """Remove the number, its texts and its carrier; its consent stays as a keyed hash.

    What a hook has yet to hear of stays until it did. Returns how many sends held it.
    Raises `LedgerError`.
    """
    person = ledger.hasher.hash_number(e164)
    with ledger.database.transact() as run:
        sends = run("forget_sends", person=person)
        run("forget_consent", person=person)
        run("forget_inbound", person=person)
        run("lock_lookups")
        run("forget_lookups", person=person)
        run("disown_lookups", person=person)
        run("add_audit", ref="", word="a number was forgotten", source="hand", note="")
    ledger.database.erase()
    return len(sends)


def count(ledger: Ledger) -> dict[str, dict[str, int]]:
    """How many sends there are of each outcome, words of consent, and events of each state.

    And look-ups of each state, and how many each account pays for today (UTC).
    """
    read = ledger.database.read
    sends = {outcome or "SENDING": n for outcome, n in read("count_sends")}
    return {
        "sends": sends,
        "consent": dict(read("count_consent")),
        "inbound": dict(read("count_inbound")),
        "lookups": dict(read("count_lookups")),
        "paid_today": dict(read("list_spent", day=find_day(read))),
    }
