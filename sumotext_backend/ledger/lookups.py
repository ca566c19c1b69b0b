"""`LookupBook`: look-ups in a ledger, so that no number is paid for twice.

Numbers are kept as keyed hashes. Times are by the database's clock, the same for all machines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

import attrs

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.ledger.database import Run
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.owner import is_gone, name_claim
from sumotext_backend.lookups import Claimed, Finding, Payer, Spent

LOST_SECONDS: Final = 3_600.0
"""For how long a look-up that nobody settled is taken for paid."""
LONGEST_SECONDS: Final = 60 * 86_400.0
"""No finding holds for longer."""
_PAGE: Final = 1000

_OFF: Final = (
    "a look-up is paid for, and is made only where it is remembered: set [ledger] record to "
    "'needed' or 'all'"
)


@attrs.frozen(eq=False)
class LookupBook:
    """The look-ups that ``ledger`` remembers; with ``record = "off"`` none is made.

    What it raises is a `LedgerError`, and a `ConfigurationError` where the ledger is off.
    """

    ledger: Ledger

    def peek(self, payer: Payer, number: str) -> Finding | None:
        """What is known of ``number``, if it still holds. Makes and changes nothing."""
        ledger = self._check().view()
        if ledger is None:
            return None
        return _find(ledger.database.read, payer, ledger.hasher.hash_number(number))

    def claim(self, payer: Payer, number: str) -> Finding | Claimed | Spent:
        """What is known of ``number``; or the right to look it up, alone, for ``payer.lease``."""
        ledger = self._check()
        person = ledger.hasher.hash_number(number)
        read = ledger.database.read
        # Most are known, or come after the day's last one, and reading waits for nobody.
        known = _find(read, payer, person)
        count = 0 if known else _count(read, payer, find_day(read))
        if known or count >= payer.limit:
            return known or Spent(count)
        with ledger.database.transact() as run:
            return _claim(run, payer, person)

    def settle(self, claimed: Claimed, finding: Finding, lasts: float) -> None:
        """Write down what came of a claim, unless the number was forgotten meanwhile."""
        with self.ledger.database.transact() as run:
            values = {"state": finding.state, "carrier": finding.carrier, "lasts": lasts}
            run("settle_lookup", **_name_row(claimed), **values)

    def release(self, claimed: Claimed) -> None:
        """Give a claim back that surely cost nothing."""
        with self.ledger.database.transact() as run:
            run("lock_lookups")
            run("release_lookup", **_name_row(claimed))
            run("refund", account=claimed.account, day=claimed.day)

    def _check(self) -> Ledger:
        if self.ledger.settings.record == "off":
            raise ConfigurationError(_OFF)
        return self.ledger


def _find(run: Run, payer: Payer, person: str) -> Finding | None:
    rows = run("find_lookup", source=payer.source, person=person, longest=LONGEST_SECONDS)
    if not rows:
        return None
    state, carrier, owner, lease_left = rows[0]
    over = lease_left <= 0 or is_gone(owner)
    return Finding("LOST") if state == "ASKED" and over else Finding(state, carrier)


def _claim(run: Run, payer: Payer, person: str) -> Finding | Claimed | Spent:
    today = clean_lookups(run)
    known = _find(run, payer, person)  # somebody may have been quicker
    count = _count(run, payer, today)
    if known or count >= payer.limit:
        return known or Spent(count)
    claimed = Claimed(payer.source, person, name_claim(), payer.account, today)
    # Where nobody settles it, as this process is killed, its answer is lost.
    lasts = max(LOST_SECONDS, payer.lease)
    run("add_lookup", **_name_row(claimed), lease=payer.lease, lasts=lasts)
    run("spend", account=payer.account, day=today)
    return claimed


def clean_lookups(run: Run, keep: float = LONGEST_SECONDS) -> str:
    """Remove what is out of date inside the caller's transaction; the day that it is (UTC).

    Also carriers that were found more than ``keep`` seconds ago. Until the transaction ends nobody
    else can claim anything.
    """
    run("lock_lookups")
    today = find_day(run)
    run("delete_lookups", longest=LONGEST_SECONDS, seconds=keep)
    run("delete_spent", day=today)
    return today


def find_day(run: Run) -> str:
    """The day that it is by the database's clock (UTC), such as ``2026-11-30``."""
    [(now,)] = run("find_moment")
    return dt.datetime.fromtimestamp(now, dt.UTC).date().isoformat()


def _count(run: Run, payer: Payer, day: str) -> int:
    rows = run("find_spent", account=payer.account, day=day)
    return int(rows[0][0]) if rows else 0


def _name_row(claimed: Claimed) -> dict[str, str]:
    return {"source": claimed.source, "person": claimed.person, "owner": claimed.owner}


def export_lookups(ledger: Ledger) -> Iterator[tuple[str, str, str, str, float, float]]:
    """Every look-up that is kept.

    That is source, keyed hash of the number, state, carrier, and when it is out of date and when
    it was written, in seconds since 1970. Raises `LedgerError`.
    """
    source, person = "", ""
    while rows := ledger.database.read("export_lookups", source=source, person=person, limit=_PAGE):
        yield from rows
        source, person, *_ = rows[-1]
