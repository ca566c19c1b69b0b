"""Where circuits are kept: in memory, or in one SQLite file for all processes of a machine."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Protocol

import attrs

from sumotext_backend.routing.circuit import CLOSED, Circuit

Change = Callable[[Circuit], Circuit]


class Store(Protocol):
    """Circuits by name."""

    def read(self) -> dict[str, Circuit]:
        """All that are kept."""

    def change(self, name: str, change: Change) -> tuple[Circuit, Circuit]:
        """Apply ``change`` to one circuit, alone among all threads and processes.

        Returns the circuit before and after.
        """


class MemoryStore:
    """Circuits of this process. Pickles as empty."""

    def __init__(self) -> None:
        """Start with none."""
        self._circuits: dict[str, Circuit] = {}
        self.unlock()
        _STORES.add(self)

    def unlock(self) -> None:
        """Take a new lock: another thread's may have been held when this process was forked."""
        self._lock = threading.Lock()

    def read(self) -> dict[str, Circuit]:
        """All that are kept."""
        return dict(self._circuits)

    def change(self, name: str, change: Change) -> tuple[Circuit, Circuit]:
        """Apply ``change`` under a lock."""
        with self._lock:
            before = self._circuits.get(name, CLOSED)
            self._circuits[name] = after = change(before)
            return before, after

    def __reduce__(self) -> tuple[type[MemoryStore], tuple[()]]:
        """Pickle as empty."""
        return (MemoryStore, ())


def _unlock_all() -> None:
    for store in list(_STORES):
        store.unlock()


_STORES: Final[weakref.WeakSet[MemoryStore]] = weakref.WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock_all)

_FIELDS: Final = tuple(field.name for field in attrs.fields(Circuit))
PATIENCE: Final = 0.2
"""Seconds to wait for another process that is writing: less than a send may lose."""

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS circuit (name TEXT PRIMARY KEY, failures INTEGER, "
    "open_until REAL, probe_until REAL, why TEXT, since REAL)"
)
_COLUMNS: Final = ", ".join(("name", *_FIELDS))
_SELECT: Final = f"SELECT {_COLUMNS} FROM circuit"  # noqa: S608 - our own names
_REPLACE: Final = f"REPLACE INTO circuit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608


@attrs.frozen
class SqliteStore:
    """Circuits in the file ``path``, made with its folder when it is missing.

    The file is opened for each use and never held: a connection must not cross a fork, and uses
    are rare. Every change is one transaction, so a process that is killed leaves the file whole.
    Raises `OSError` or `sqlite3.Error` where the file cannot be used.
    """

    path: Path

    def read(self) -> dict[str, Circuit]:
        """All that are kept."""
        with self._open() as database:
            return {name: Circuit(*rest) for name, *rest in database.execute(_SELECT)}

    def change(self, name: str, change: Change) -> tuple[Circuit, Circuit]:
        """Apply ``change`` in a transaction that excludes all other writers."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            row = database.execute(f"{_SELECT} WHERE name = ?", (name,)).fetchone()
            before = Circuit(*row[1:]) if row else CLOSED
            after = change(before)
            if after != before:
                database.execute(_REPLACE, (name, *attrs.astuple(after)))
            database.execute("COMMIT")
            return before, after

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        try:
            database.execute("PRAGMA synchronous = OFF")
            database.execute(_TABLE)
            yield database
        finally:
            database.close()
