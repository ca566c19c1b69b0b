"""The ledger of one process alone, for ``record = "off"``: gone when the process ends."""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from collections.abc import Iterable, Iterator
from typing import Final, Self

from sumotext_backend.ledger.database import (
    Batch,
    LedgerError,
    Lock,
    Row,
    Run,
    raise_alone,
)
from sumotext_backend.ledger.schema import apply_schema
from sumotext_backend.ledger.statements import SQLITE, Dialect, load_statements


class MemoryDatabase:
    """One SQLite database in memory, used by one thread at a time. Pickles as empty."""

    dialect: Dialect = SQLITE

    def __init__(self) -> None:
        """Start with nothing."""
        import sqlite3

        self._statements = load_statements(SQLITE)
        self._connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False
        )
        # Not by __del__: of garbage in a circle the connection may be the first to go.
        weakref.finalize(self, self._connection.close)
        self.renew_lock()
        _ALL.add(self)

    def renew_lock(self) -> None:
        """Take a new lock: another thread's may have been held when this process was forked.

        What that thread was writing is nobody's here.
        """
        self._lock = threading.RLock()
        self._connection.rollback()

    def read(self, statement: str, **values: object) -> list[Row]:
        """Run one statement that changes nothing."""
        with self._locked():
            return self._connection.execute(self._statements[statement], values).fetchall()

    @contextlib.contextmanager
    def transact(self, lock: Lock | None = None) -> Iterator[Run]:
        """One transaction: all of the block, or nothing; whoever writes is alone, without lock."""
        with self._locked():
            self._connection.execute("BEGIN")
            try:
                yield lambda statement, **values: self._connection.execute(
                    self._statements[statement], values
                ).fetchall()
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def write_all(self, lock: Lock, batches: Iterable[Batch]) -> None:
        """Run ``batches`` in one transaction."""
        with self.transact(lock) as run:
            for statement, rows in batches:
                for row in rows:
                    run(statement, **row)

    def exists(self) -> bool:
        """Whether anything was kept yet."""
        return bool(self.read("find_schema"))

    def upgrade(self) -> int:
        """Make the schema."""
        with self._locked():
            return apply_schema(SQLITE, lambda sql: self._connection.execute(sql).fetchall())

    def erase(self) -> None:
        """Nothing stands in a file."""

    def check(self) -> list[str]:
        """Nothing can be wrong."""
        return []

    def describe(self) -> dict[str, str | int]:
        """Kind alone."""
        return {"kind": "memory of one process"}

    def close(self) -> None:
        """Keep what is known: a sender that is closed may be used again."""

    def __reduce__(self) -> tuple[type[MemoryDatabase], tuple[()]]:
        """Pickle as empty."""
        return (MemoryDatabase, ())

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        """The same one, as a copy of a file's path is the same file: a no binds copies, too."""
        return self

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        import sqlite3

        wrong = ""
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                wrong = getattr(error, "sqlite_errorname", type(error).__name__)
            except UnicodeError:
                wrong = "a value holds a lone surrogate"
        if wrong:
            raise_alone(LedgerError(f"the ledger of this process cannot be used ({wrong})"))


_ALL: Final[weakref.WeakSet[MemoryDatabase]] = weakref.WeakSet()


def _renew_locks() -> None:
    for database in list(_ALL):
        database.renew_lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_locks)
