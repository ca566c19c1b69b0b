"""What is kept how long: purge, forget, and what a ledger holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

from sumotext_backend.ledger.database import Lock, Run
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.lookups import LONGEST_SECONDS, clean_lookups, find_day

DAY_SECONDS: Final = 86_400.0


@attrs.frozen
class Purged:
    """How much was removed, or would be; ``events`` are what providers told us."""

    texts: int
    sends: int
    events: int
    reports: int
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
        old = _count_old(run, texts, rows)
        if not dry_run:
            run("purge_texts", seconds=texts)
            run("purge_sends", seconds=rows)
            run("purge_audit")
            run("purge_inbound", seconds=texts)
            run("delete_inbound", seconds=rows)
            run("delete_reports", seconds=rows)
            clean_lookups(run, rows)
            note = ", ".join(f"{count} {what}" for what, count in attrs.asdict(old).items())
            run("add_audit", ref="", word="purged", source="hand", note=note)
    if not dry_run:
        ledger.database.erase()
    return old


def _count_old(run: Run, texts: float, rows: float) -> Purged:
    def count(statement: str, **values: float) -> int:
        [(old,)] = run(statement, **values)
        return int(old)

    return Purged(
        texts=count("count_old_texts", seconds=texts),
        sends=count("count_old_sends", seconds=rows),
        events=count("count_old_inbound", texts=texts, rows=rows),
        reports=count("count_old_reports", seconds=rows),
        lookups=count("count_old_lookups", longest=LONGEST_SECONDS, seconds=rows),
    )


def forget(ledger: Ledger, e164: str) -> int:
    """Remove the number, however it is written, its texts, its carrier and the notes on it.

    Its consent stays as a keyed hash, and what a hook has yet to hear of until it did.
    Returns how many sends held it. Raises `LedgerError`.
    """
    people = dict.fromkeys(ledger.name_person(e164).values())
    # A word before which one is put at this moment would be written anew, with its number.
    with ledger.database.transact(Lock.SHARED) as run:
        sends = sum(len(run("forget_sends", person=person)) for person in people)
        _run_for_each(run, people, "forget_notes", "forget_consent")
        _run_for_each(run, people, "forget_inbound", "forget_later")
        run("lock_lookups")
        _run_for_each(run, people, "forget_lookups", "disown_lookups")
        run("add_audit", ref="", word="a number was forgotten", source="hand", note="")
    ledger.database.erase()
    return sends


def _run_for_each(run: Run, people: Iterable[str], *statements: str) -> None:
    for statement in statements:
        for person in people:
            run(statement, person=person)


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
