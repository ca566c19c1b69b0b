"""The embedded ledger: one SQLite file, for every process of a machine."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sumotext_backend.deadline import seconds_left
from sumotext_backend.ledger.database import (
    Batch,
    LedgerError,
    Lock,
    Row,
    Run,
    raise_alone,
)
from sumotext_backend.ledger.schema import apply_schema
from sumotext_backend.ledger.sqlite_connections import Connections
from sumotext_backend.ledger.sqlite_file import LOCK_TIMEOUT, connect
from sumotext_backend.ledger.statements import SQLITE, Dialect, load_statements
from sumotext_backend.state.files import StateError, exists

if TYPE_CHECKING:
    import sqlite3

MIN_LOCK_TIMEOUT: Final = 1.0
"""Also where a send has none: a refusal or a result that came late is not lost for that."""


class SqliteDatabase:
    """The file ``path``, made with its folder when it is missing.

    Write-ahead log and ``synchronous=FULL``: what was committed survives a power cut. A
    connection serves one statement or transaction at a time and is kept for the next.
    """

    dialect: Dialect = SQLITE

    def __init__(
        self, path: Path, *, foreign: bool = False, lock_timeout: float = LOCK_TIMEOUT
    ) -> None:
        """Open nothing yet; a writer waits for ``lock_timeout`` seconds at most.

        A ``foreign`` file is somebody else's, who sees to its mode.
        """
        self.path = path
        self.foreign = foreign
        self.lock_timeout = lock_timeout
        self._connections = Connections(
            os.fspath(path), functools.partial(connect, path, foreign=foreign)
        )
        self._statements = load_statements(self.dialect)

    def read(self, statement: str, **values: object) -> list[Row]:
        """Run one statement that changes nothing."""
        try:
            return self._read(statement, values)
        except _list_errors() as error:
            wrong = self._speak_of(error)
        raise wrong

    def _read(self, statement: str, values: dict[str, object]) -> list[Row]:
        # `_lend` in a form that takes half the time: consent is read before each text.
        used = self._connections.take()
        try:
            rows = used.connection.execute(self._statements[statement], values).fetchall()
        except BaseException:
            self._connections.throw_away(used)
            raise
        self._connections.give_back(used)
        return rows

    @contextlib.contextmanager
    def transact(self, lock: Lock | None = None) -> Iterator[Run]:
        """One transaction, begun with the write lock, which is more than any ``lock``."""
        with self._lend() as connection, _transaction(connection, self.lock_timeout):
            yield lambda statement, **values: connection.execute(
                self._statements[statement], values
            ).fetchall()

    def write_all(self, lock: Lock, batches: Iterable[Batch]) -> None:
        """Run ``batches`` in one transaction."""
        with self._lend() as connection, _transaction(connection, self.lock_timeout):
            for statement, rows in batches:
                connection.executemany(self._statements[statement], rows)

    def exists(self) -> bool:
        """Whether the file is there and holds a ledger; it is opened for reading alone."""
        import sqlite3

        with self._translate():
            if not exists(self.path):
                return False
            uri = f"{self.path.absolute().as_uri()}?mode=ro"
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
                return bool(connection.execute(self._statements["find_schema"]).fetchall())

    def upgrade(self) -> int:
        """Bring the schema up to date under the write lock."""
        with self._lend() as connection, _transaction(connection, self.lock_timeout):
            return apply_schema(SQLITE, lambda sql: connection.execute(sql).fetchall())

    def erase(self) -> None:
        """Move the write-ahead log into the file and cut it off; what was removed is zeroed."""
        with self._lend() as connection:
            connection.execute(f"PRAGMA busy_timeout = {int(self.lock_timeout * 1000)}")
            [(busy, _, _)] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            if busy:
                raise StateError("another process reads or writes it: erase what was removed later")

    def check(self) -> list[str]:
        """What SQLite's own check finds."""
        with self._lend() as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    def describe(self) -> dict[str, str | int]:
        """Kind, SQLite's version, path and size in bytes."""
        import sqlite3

        with self._translate():
            size = self.path.stat().st_size if exists(self.path) else 0
        about = {"kind": "SQLite", "version": sqlite3.sqlite_version, "path": str(self.path)}
        return about | {"bytes": size}

    def close(self) -> None:
        """Close what is idle; a connection in use is closed or kept when its thread is done."""
        self._connections.close()

    def __reduce__(self) -> tuple[Callable[..., SqliteDatabase], tuple[Path, bool, float]]:
        """Pickle without what is open."""
        return _reopen, (self.path, self.foreign, self.lock_timeout)

    @contextlib.contextmanager
    def _lend(self) -> Iterator[sqlite3.Connection]:
        with self._translate():
            used = self._connections.take()
            try:
                yield used.connection
                self._connections.check_kept(used)
            except BaseException:
                self._connections.throw_away(used)
                raise
            self._connections.give_back(used)

    @contextlib.contextmanager
    def _translate(self) -> Iterator[None]:
        """Raise what goes wrong with the file as a `LedgerError`."""
        wrong = None
        try:
            yield
        except _list_errors() as error:
            wrong = self._speak_of(error)
        if wrong:
            raise_alone(wrong)

    def _speak_of(self, error: Exception) -> LedgerError:
        return LedgerError(f"the ledger {self.path.name!r} cannot be used ({_describe(error)})")


def _reopen(path: Path, foreign: bool, lock_timeout: float) -> SqliteDatabase:  # noqa: FBT001
    return SqliteDatabase(path, foreign=foreign, lock_timeout=lock_timeout)


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection, timeout: float) -> Iterator[None]:
    import sqlite3

    seconds = seconds_left(timeout, MIN_LOCK_TIMEOUT)
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _list_errors() -> tuple[type[Exception], ...]:
    import sqlite3

    return (sqlite3.Error, OSError, StateError, UnicodeError)


def _describe(error: Exception) -> str:
    # An error's words may hold a value; SQLite's own name for it does not.
    if isinstance(error, StateError):
        return str(error)
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, UnicodeError):
        return "a value holds a lone surrogate"
    return getattr(error, "sqlite_errorname", type(error).__name__)
