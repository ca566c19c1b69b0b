"""Sends whose carriers are looked up, in a process of their own: see `test_lookups`."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs

from sumotext_backend import Message, Sender
from sumotext_backend.ledger import Ledger, PostgresDatabase, Settings, SqliteDatabase
from sumotext_backend.ledger.statements import POSTGRESQL, SQLITE, Dialect
from sumotext_backend.providers.sumotext import SumotextBackend


class SqliteAt(SqliteDatabase):
    """A file whose clock may stand still."""

    def __init__(self, path: Path, dialect: Dialect) -> None:
        """Open nothing yet."""
        self.dialect = dialect
        super().__init__(path)


class PostgresAt(PostgresDatabase):
    """A database whose clock may stand still."""

    def __init__(self, url: str, dialect: Dialect) -> None:
        """Open nothing yet."""
        self.dialect = dialect
        super().__init__(url)


def open_ledger(place: str, now: float | None = None, **settings: object) -> Ledger:
    """The ledger in the file or at the URL ``place``; its clock stands at ``now``, if that is set.

    That is in seconds since 1970.
    """
    postgresql = place.startswith("postgresql:")
    dialect = POSTGRESQL if postgresql else SQLITE
    if now is not None:
        dialect = attrs.evolve(dialect, now=f"CAST({now!r} AS DOUBLE PRECISION)")
    database = PostgresAt(place, dialect) if postgresql else SqliteAt(Path(place), dialect)
    return Ledger(database, Settings(**settings))  # type: ignore[arg-type]


def account(url: str, **options: object) -> SumotextBackend:
    """An account that looks carriers up."""
    own = {"shortcode": "74700", "keyword": "SUMO", "carrier": "lookup", "base_url": url}
    return SumotextBackend(**(own | options))  # type: ignore[arg-type]


def sender(url: str, place: str, **options: object) -> Sender:
    """A sender by that account, whose look-ups are remembered in the ledger at ``place``."""
    return Sender(account(url, **options), ledger=open_ledger(place))


def number(index: int) -> str:
    """One of many numbers that all exist in the simulator's world."""
    return f"501{2000000 + index}"


def main(url: str, place: str, *amounts: str) -> int:
    """Make so many sends over so many numbers; how many were not accepted is printed.

    ``amounts`` are the sends, the numbers, which of these comes first, and the cap.
    """
    sends, numbers, first, limit = map(int, amounts)
    wanted = [number((first + index) % numbers) for index in range(sends)]
    with sender(url, place, lookups_per_day=limit) as sms, ThreadPoolExecutor(8) as pool:
        results = [*pool.map(lambda to: sms.send(Message(to, "hello")), wanted)]
    print(sum(result.reason is not None for result in results))  # noqa: T201 - to its parent
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
