"""What is kept how long: purge, forget, and what a ledger holds."""

from __future__ import annotations

from typing import Final

import attrs

from sumotext_backend.ledger.ledger import Ledger

DAY_SECONDS: Final = 86_400.0


@attrs.frozen
class Purged:
    """How many texts and how many sends were removed, or would be."""

    texts: int
    sends: int


def purge(
    ledger: Ledger,
    keep_texts: float | None = None,
    keep_rows: float | None = None,
    *,
    dry_run: bool = False,
) -> Purged:
    """Remove texts ``keep_texts`` days after their sends ended, and the sends after ``keep_rows``.

    Without them the settings say how many. Doubts stay until they are settled, and every word of
    consent stays. With ``dry_run`` nothing
    is removed. A key that was purged is as good as new. Raises `LedgerError`.
    """
    texts = DAY_SECONDS * (ledger.settings.keep_texts if keep_texts is None else keep_texts)
    rows = DAY_SECONDS * (ledger.settings.keep_rows if keep_rows is None else keep_rows)
    with ledger.database.transact() as run:
        [(old_texts,)] = run("count_old_texts", seconds=texts)
        [(old_sends,)] = run("count_old_sends", seconds=rows)
        if not dry_run:
            run("purge_texts", seconds=texts)
            run("purge_sends", seconds=rows)
            note = f"{old_texts} texts, {old_sends} sends"
            run("add_audit", ref="", word="purged", source="hand", note=note)
    if not dry_run:
        ledger.database.erase()
    return Purged(old_texts, old_sends)


def forget(ledger: Ledger, e164: str) -> int:
    """Remove the number and its texts wherever they stand; its consent stays as a keyed hash.

    Returns how many sends held it. Raises `LedgerError`.
    """
    person = ledger.hasher.hash_number(e164)
    with ledger.database.transact() as run:
        sends = run("forget_sends", person=person)
        run("forget_consent", person=person)
        run("add_audit", ref="", word="a number was forgotten", source="hand", note="")
    ledger.database.erase()
    return len(sends)


def count(ledger: Ledger) -> dict[str, dict[str, int]]:
    """How many sends there are of each outcome, and how many words of consent of each kind."""
    sends = {outcome or "SENDING": n for outcome, n in ledger.database.read("count_sends")}
    words = {word: n for word, n in ledger.database.read("count_consent")}  # noqa: C416
    return {"sends": sends, "consent": words}
