"""The memory of look-ups in one SQLite file, for all processes of a user.

Numbers are kept as keyed hashes. A claim is on the disk before the request leaves, so that not
even a power cut makes it paid for twice.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from sumotext_backend.providers.sumotext.lookups import (
    FOUND_SECONDS,
    MISSING_SECONDS,
    Claimed,
    Entry,
    Spent,
)
from sumotext_backend.state import exists, load_key, open_database

if TYPE_CHECKING:
    import sqlite3

FILE: Final = "lookups.sqlite3"
BUSY_TIMEOUT: Final = 5.0
"""Seconds to wait for others that are writing, before a look-up is made."""
SETTLE_TIMEOUT: Final = 60.0
"""Seconds to wait for them after it: what is not written down would be paid for in vain."""

_LOOKUPS: Final = (
    "CREATE TABLE IF NOT EXISTS lookup (name TEXT PRIMARY KEY, state TEXT, carrier TEXT, "
    "until REAL, busy_until REAL)"
)
_SPENDING: Final = (
    "CREATE TABLE IF NOT EXISTS spent (account TEXT, day TEXT, count INTEGER, "
    "PRIMARY KEY (account, day))"
)
_SELECT: Final = "SELECT state, carrier, until, busy_until FROM lookup WHERE name = ?"
_PUT: Final = "REPLACE INTO lookup (name, state, carrier, until, busy_until) VALUES (?, ?, ?, ?, ?)"
_COUNT: Final = "SELECT count FROM spent WHERE account = ? AND day = ?"
_SPEND: Final = (
    "INSERT INTO spent (account, day, count) VALUES (?, ?, 1) "
    "ON CONFLICT (account, day) DO UPDATE SET count = count + 1"
)
_REFUND: Final = "UPDATE spent SET count = count - 1 WHERE account = ? AND day = ? AND count > 0"


@attrs.frozen
class LookupFile:
    """Look-ups in the file ``path``, made with its folder at the first claim.

    ``source`` is the address of the gateway that is asked: what a simulator says of a number is
    not believed of the real one.
    """

    path: Path
    source: str = ""

    def peek(self, number: str, now: float) -> Entry | None:
        """What is known of ``number``, if it still holds. Makes no file."""
        if not exists(self.path):
            return None
        with self._open() as database:
            return _select(database, self._name(number), now)

    def claim(
        self, number: str, account: str, now: float, lease: float, limit: int
    ) -> Entry | Claimed | Spent:
        """What is known of ``number``; or the right to look it up, alone, for ``lease`` seconds."""
        name, day = self._name(number), (account, _day(now))
        with self._open() as database:
            # Most are known, and reading waits for nobody.
            known = _select(database, name, now)
            if known:
                return known
            with _transact(database):
                known = _select(database, name, now)  # somebody may have been quicker
                count = _count(database, day)
                if known or count >= limit:
                    return known or Spent(count)
                database.execute("DELETE FROM lookup WHERE until < ?", (now,))
                database.execute("DELETE FROM spent WHERE day < ?", (_day(now),))
                # Where nobody settles it, as this process is killed, its answer is lost.
                entry = Entry("asked", "", now + max(MISSING_SECONDS, lease), now + lease)
                database.execute(_PUT, (name, *attrs.astuple(entry)))
                database.execute(_SPEND, day)
                return Claimed()

    def settle(self, number: str, entry: Entry) -> None:
        """Write down what came of a claim."""
        with self._open(SETTLE_TIMEOUT) as database:
            database.execute(_PUT, (self._name(number), *attrs.astuple(entry)))

    def release(self, number: str, account: str, now: float) -> None:
        """Give a claim back that surely cost nothing."""
        with self._open(SETTLE_TIMEOUT) as database, _transact(database):
            database.execute("DELETE FROM lookup WHERE name = ?", (self._name(number),))
            database.execute(_REFUND, (account, _day(now)))

    def count(self, account: str, now: float) -> int:
        """How many look-ups ``account`` has made on the day of ``now``."""
        with self._open() as database:
            return _count(database, (account, _day(now)))

    @contextmanager
    def _open(self, timeout: float = BUSY_TIMEOUT) -> Iterator[sqlite3.Connection]:
        with open_database(self.path, synchronous="FULL", timeout=timeout) as database:
            # Else each who writes waits for all who read, and they are many.
            database.execute("PRAGMA journal_mode = WAL")
            database.execute(_LOOKUPS)
            database.execute(_SPENDING)
            yield database

    def _name(self, number: str) -> str:
        """Under which ``number`` is kept."""
        key = load_key(self.path.parent)
        return hmac.digest(key, f"lookup {self.source} {number}".encode(), hashlib.sha256).hex()


@contextmanager
def _transact(database: sqlite3.Connection) -> Iterator[None]:
    """A transaction that excludes all other writers; what raises undoes it, as closing does."""
    database.execute("BEGIN IMMEDIATE")
    yield
    database.execute("COMMIT")


def _select(database: sqlite3.Connection, name: str, now: float) -> Entry | None:
    row = database.execute(_SELECT, (name,)).fetchone()
    entry = _read_row(row) if row else None
    # Far ahead, a clock that was wrong wrote it.
    return entry if entry and now < entry.until <= now + 2 * FOUND_SECONDS else None


def _read_row(row: Any) -> Entry | None:
    """The entry of a row; None where the row is not one of ours."""
    state, carrier, until, busy_until = row
    ours = state in ("asked", "found", "missing", "lost") and isinstance(carrier, str)
    numbers = isinstance(until, float) and isinstance(busy_until, float)
    return Entry(state, carrier, until, busy_until) if ours and numbers else None


def _count(database: sqlite3.Connection, day: tuple[str, str]) -> int:
    row = database.execute(_COUNT, day).fetchone()
    return int(row[0]) if row else 0


def _day(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()
