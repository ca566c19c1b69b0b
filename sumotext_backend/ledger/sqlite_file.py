"""A connection to the file of an embedded ledger, whose commits survive a power cut."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sumotext_backend.state.files import StateError, prepare_file, refuse_link

if TYPE_CHECKING:
    import sqlite3

LOCK_TIMEOUT: Final = 10.0
"""Seconds that a writer waits for the others at most; less where a send has less time left."""


def connect(path: Path, *, foreign: bool = False) -> sqlite3.Connection:
    """A connection to ``path``, which is made, for its user's eyes alone, where it is missing.

    A ``foreign`` file is somebody else's, who sees to its mode.
    Raises `StateError`, `sqlite3.Error` or `OSError`.
    """
    import sqlite3

    if not foreign:
        prepare_file(path)
        for suffix in ("-wal", "-shm"):
            refuse_link(path.with_name(path.name + suffix))
    connection = sqlite3.connect(
        path, timeout=LOCK_TIMEOUT, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA secure_delete = ON")
        _switch_to_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        _demand(connection, "PRAGMA synchronous", 2)
    except BaseException:
        connection.close()
        raise
    return connection


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switch a new file to its write-ahead log, for which SQLite itself waits for nobody."""
    import sqlite3

    give_up = time.monotonic() + LOCK_TIMEOUT
    while True:
        try:
            return _demand(connection, "PRAGMA journal_mode = WAL", "wal")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() >= give_up:
                raise
        time.sleep(0.01)


def _demand(connection: sqlite3.Connection, pragma: str, wanted: object) -> None:
    [(answer,)] = connection.execute(pragma).fetchall()
    if answer != wanted:
        raise StateError("its file system keeps no write-ahead log")
