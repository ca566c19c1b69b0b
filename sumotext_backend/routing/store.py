"""Where circuits are kept: in memory, or in one SQLite file for all processes of a machine."""

from __future__ import annotations

import abc
import hashlib
import hmac
import os
import re
import threading
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from sumotext_backend.routing.circuit import CLOSED, Circuit
from sumotext_backend.state import exists, load_key, open_database

if TYPE_CHECKING:
    import sqlite3

Change = Callable[[Circuit], Circuit]
Transition = tuple[Circuit, Circuit]
"""A circuit before and after a change."""


class Store(abc.ABC):
    """Circuits by name. Raises `StateError` where it cannot be used."""

    __slots__ = ()

    def name_of(self, key: str) -> str:
        """The name under which the circuit of ``key`` is kept."""
        return key

    @abc.abstractmethod
    def read(self) -> dict[str, Circuit]:
        """All that are kept."""

    @abc.abstractmethod
    def update(self, changes: Sequence[tuple[str, Change]]) -> list[Transition]:
        """Apply each change to the circuit of its name, alone among all threads and processes."""

    def change(self, name: str, change: Change) -> Transition:
        """Apply one change."""
        (transition,) = self.update([(name, change)])
        return transition


class MemoryStore(Store):
    """Circuits of this process. Pickles as empty."""

    def __init__(self) -> None:
        """Start with none."""
        self._circuits: dict[str, Circuit] = {}
        self.unlock()
        _STORES.add(self)

    def unlock(self) -> None:
        """Take a new lock: another thread's may have been held when this process was forked."""
        # Reentrant, as a signal handler that texts may come while its thread holds it.
        self._lock = threading.RLock()

    def read(self) -> dict[str, Circuit]:
        """All that are kept."""
        return dict(self._circuits)

    def is_empty(self) -> bool:
        """Whether none is kept."""
        return not self._circuits

    def get(self, name: str) -> Circuit:
        """The circuit of ``name``."""
        return self._circuits.get(name, CLOSED)

    def put(self, name: str, circuit: Circuit) -> None:
        """Keep ``circuit`` in the place of what was there."""
        self._circuits[name] = circuit

    def replace(self, circuits: dict[str, Circuit]) -> None:
        """Keep ``circuits`` in the place of all."""
        self._circuits = circuits

    def update(self, changes: Sequence[tuple[str, Change]]) -> list[Transition]:
        """Apply ``changes`` under a lock."""
        with self._lock:
            return [_apply(self._circuits, name, change) for name, change in changes]

    def __reduce__(self) -> tuple[type[MemoryStore], tuple[()]]:
        """Pickle as empty."""
        return (MemoryStore, ())


def _apply(circuits: dict[str, Circuit], name: str, change: Change) -> Transition:
    before = circuits.get(name, CLOSED)
    circuits[name] = after = change(before)
    return before, after


def _unlock_all() -> None:
    for store in list(_STORES):
        store.unlock()


_STORES: Final[weakref.WeakSet[MemoryStore]] = weakref.WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock_all)

BUSY_TIMEOUT: Final = 0.1
"""Seconds to wait for another process that is writing: less than a send may lose."""

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS circuit (name TEXT PRIMARY KEY, failures INTEGER, "
    "open_until REAL, probe_until REAL, why TEXT, since REAL)"
)
_COLUMNS: Final = ", ".join(("name", *(field.name for field in attrs.fields(Circuit))))
_SELECT: Final = f"SELECT {_COLUMNS} FROM circuit"  # noqa: S608 - our own names
_REPLACE: Final = f"REPLACE INTO circuit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608

_IDENTITY: Final = re.compile(r":([0-9a-f]{64})")
_MAX_MOMENT: Final = 1e11
"""Far behind any year that a clock can show."""


@attrs.frozen
class SqliteStore(Store):
    """Circuits in the file ``path``, made with its folder at the first change.

    The file is opened for each use and never held: a connection must not cross a fork, and uses
    are rare. Every change is one transaction, so a process that is killed leaves the file whole.
    A row that no version of this package can have written counts as closed.
    """

    path: Path

    def name_of(self, key: str) -> str:
        """``alias:identity`` with the identity hashed under the secret of the folder.

        An identity is a plain hash of all options of a provider, secrets among them: in a file it
        would let a short keyword be guessed.
        """
        alias, found, identity = key.rpartition(":")
        if not _IDENTITY.fullmatch(found + identity):
            return key
        secret = load_key(self.path.parent)
        return f"{alias}:{hmac.new(secret, identity.encode(), hashlib.sha256).hexdigest()[:16]}"

    def read(self) -> dict[str, Circuit]:
        """All that are kept; a file that is not there is not made."""
        if not exists(self.path):
            return {}
        with open_database(self.path, synchronous="OFF", timeout=BUSY_TIMEOUT) as database:
            database.execute(_TABLE)
            found = {row[0]: _circuit(row) for row in database.execute(_SELECT)}
        return {name: circuit for name, circuit in found.items() if isinstance(name, str)}

    def update(self, changes: Sequence[tuple[str, Change]]) -> list[Transition]:
        """Apply ``changes`` in one transaction that excludes all other writers."""
        with open_database(self.path, synchronous="OFF", timeout=BUSY_TIMEOUT) as database:
            database.execute(_TABLE)
            database.execute("BEGIN IMMEDIATE")
            transitions = [_write(database, name, change) for name, change in changes]
            database.execute("COMMIT")
            return transitions


def _write(database: sqlite3.Connection, name: str, change: Change) -> Transition:
    row = database.execute(f"{_SELECT} WHERE name = ?", (name,)).fetchone()
    before = _circuit(row) if row else CLOSED
    after = change(before)
    if after == CLOSED:
        database.execute("DELETE FROM circuit WHERE name = ?", (name,))
    elif after != before:
        database.execute(_REPLACE, (name, *attrs.astuple(after)))
    return before, after


def _circuit(row: Sequence[object]) -> Circuit:
    """The circuit of a row; closed where the row is not one of ours."""
    _, failures, open_until, probe_until, why, since = row
    if not (isinstance(failures, int) and failures >= 0):
        return CLOSED
    if not (isinstance(why, str) and re.fullmatch("[A-Z_]*", why)):
        return CLOSED
    moments = (open_until, probe_until, since)
    if not all(isinstance(each, float) and 0 <= each < _MAX_MOMENT for each in moments):
        return CLOSED
    found = Circuit(failures, open_until, probe_until, why, since)  # type: ignore[arg-type]
    return CLOSED if found == CLOSED else found
