"""The one opener of SQLite files. How durable a commit is, is an argument."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from sumotext_backend.state.files import StateError, prepare_file, refuse_link

if TYPE_CHECKING:
    import sqlite3

Synchronous = Literal["OFF", "FULL"]
"""``OFF`` survives a killed process but not a power cut; ``FULL`` survives both."""

_SIDE_FILES: Final = ("-journal", "-wal", "-shm")


class StateBusyError(StateError):
    """Another process was writing for as long as one could wait."""


@contextmanager
def open_database(
    path: Path, *, synchronous: Synchronous, timeout: float, any_thread: bool = False
) -> Iterator[sqlite3.Connection]:
    """A connection to the file ``path`` for the time of the block, in autocommit.

    File and folder are made where they are missing, for this user alone; SQLite gives its side
    files the mode of the file. ``timeout`` is how many seconds to wait for another writer.
    With ``any_thread`` threads may share it, one at a time.
    Text that is not UTF-8 is read with marks in its place.
    Raises `StateBusyError`, or `StateError` where the file cannot be used.
    """
    import sqlite3

    try:
        prepare_file(path)
        for suffix in _SIDE_FILES:
            refuse_link(path.with_name(path.name + suffix))
        database = sqlite3.connect(
            path, timeout=timeout, isolation_level=None, check_same_thread=not any_thread
        )
        try:
            database.text_factory = _decode
            database.execute(f"PRAGMA synchronous = {synchronous}")
            yield database
        finally:
            database.close()
    except sqlite3.Error as error:
        raise _translate(error) from None
    except OSError as error:
        raise StateError(error.strerror or type(error).__name__) from None


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _translate(error: sqlite3.Error) -> StateError:
    import sqlite3

    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # its lowest byte is the primary code
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StateBusyError("another process was writing to it")
    return StateError(type(error).__name__)
