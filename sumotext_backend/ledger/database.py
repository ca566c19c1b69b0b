"""What the ledger asks of a database: statements by name, alone or several in one transaction."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NoReturn, Protocol

from sumotext_backend.exceptions import SmsError
from sumotext_backend.ledger.statements import Dialect

Row = tuple[Any, ...]
Batch = tuple[str, Sequence[Mapping[str, object]]]
"""A statement, and the values of each time that it is run."""


class LedgerError(SmsError):
    """The ledger cannot be used: what is wrong with it, in one line without any data."""


class LedgerVersionError(LedgerError):
    """The ledger was written by a newer release, whose schema this one does not know."""


def raise_alone(error: LedgerError) -> NoReturn:
    """Raise ``error``, and nothing with it, whatever is being handled.

    Also in a context manager, where Python adds what its block raised: that may hold a text.
    """
    try:
        raise error
    finally:
        error.__context__ = None


class Lock(enum.Enum):
    """Who else may write down consent, or how a send ended, before the end of a transaction."""

    SHARED = enum.auto()
    """Whoever has this one, too."""
    ALONE = enum.auto()
    """Nobody who has one of these two."""


class Run(Protocol):
    """Runs one statement of ``statements.sql`` inside a transaction."""

    def __call__(self, statement: str, **values: object) -> list[Row]:
        """Return all rows. Raises `LedgerError`."""


class Database(Protocol):
    """SQLite or PostgreSQL; usable from many threads, and anew after a fork."""

    dialect: Dialect

    def read(self, statement: str, **values: object) -> list[Row]:
        """Run one statement that changes nothing. Never waits for a writer.

        Raises `LedgerError`.
        """

    def transact(self, lock: Lock | None = None) -> AbstractContextManager[Run]:
        """One transaction that excludes other writers: all of the block, or nothing.

        The ``lock`` comes before anything else: a row that is locked before could be what another
        waits for. Durable once the block was left. Raises `LedgerError`, also where only the end
        failed: whether it was kept is then not known.
        """

    def write_all(self, lock: Lock, batches: Iterable[Batch]) -> None:
        """Run ``batches`` in one transaction, as `transact`, and as fast as can be.

        Each is asked for when the one before it was run, and so the first once the lock is held.
        What it reads for that, it reads as it was before.
        """

    def exists(self) -> bool:
        """Whether there is a ledger already. Makes and changes nothing. Raises `LedgerError`."""

    def upgrade(self) -> int:
        """Bring the schema to this release's version and return it.

        Exactly one of the processes that do so at once changes anything.
        Raises `LedgerVersionError` for a newer one.
        """

    def erase(self) -> None:
        """Make sure that what was removed stands in no file any more, where that can be done.

        Raises `LedgerError`.
        """

    def check(self) -> list[str]:
        """What is wrong with the database, a line each; empty where it is sound."""

    def describe(self) -> dict[str, str | int]:
        """What the database is, for people: kind, version, size in bytes."""

    def close(self) -> None:
        """Close the connections of this process."""
