"""Connections to one SQLite file: kept for the next use, and none of them in a forked child.

SQLite's locks are those of a process, and what it knows of them is copied by a fork: a child that
inherits a connection takes its parent's locks for its own. Once the parent has closed the last
one, the write-ahead log is removed, and what the child writes is nowhere.
"""

from __future__ import annotations

import contextlib
import os
import time
import weakref
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import attrs

from sumotext_backend.state.files import StateError

if TYPE_CHECKING:
    import sqlite3

Identity = tuple[int, int]
"""Device and inode of a file."""

MAX_IDLE_CONNECTIONS: Final = 16
FORK_TIMEOUT: Final = 1.0
"""Seconds that a fork waits at most for what other threads write."""
LOOK_SECONDS: Final = 0.02
"""Between two looks at the log before what reads alone; after a commit there is one each time."""
_POLL_SECONDS: Final = 0.001


@attrs.frozen(eq=False)
class Open:
    """A ``connection``, and the write-ahead ``log`` that it writes to."""

    connection: sqlite3.Connection
    log: Identity


class Connections:
    """Those of this process to the file ``name``, each made by ``connect``."""

    def __init__(self, name: str, connect: Callable[[], sqlite3.Connection]) -> None:
        """Open nothing yet."""
        self._name = name
        self._log = f"{name}-wal"
        self._connect = connect
        self._file: Identity | None = None
        self._due = 0.0
        self._idle: deque[Open] = deque()
        self._lent: deque[None] = deque()  # its length counts: no lock, which a fork could hold
        weakref.finalize(self, close_all, self._idle)
        _ALL.add(self)

    def take(self) -> Open:
        """One for one statement or transaction; to be given back or thrown away.

        Raises `StateError`, `sqlite3.Error`, `OSError`.
        """
        self._lent.append(None)  # before the look: either a fork sees this, or this the fork
        try:
            if _forking:
                self._wait_for_fork()
            found = self._find()
            try:
                self._refuse_other_file()
                self._look_at_log(found)
            except BaseException:
                found.connection.close()
                raise
        except BaseException:
            self._lent.pop()
            raise
        return found

    def _find(self) -> Open:
        try:
            return self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()  # makes its log
            return Open(connection, _identify(self._log))
        except BaseException:
            connection.close()
            raise

    def give_back(self, used: Open) -> None:
        """Keep ``used`` for the next."""
        self._idle.append(used)
        self._lent.pop()
        if len(self._idle) > MAX_IDLE_CONNECTIONS:
            self._idle.popleft().connection.close()

    def throw_away(self, used: Open) -> None:
        """Close ``used``, of which nobody knows in what state it is."""
        self._lent.pop()
        used.connection.close()

    def check_kept(self, used: Open) -> None:
        """Raise `StateError` where what ``used`` committed just now went into no file."""
        self._refuse_other_file()
        self._refuse_other_log(used)

    def _refuse_other_file(self) -> None:
        # What is written to a file that has no name any more is lost, marks among it; and what
        # others write, a no among it, is not read there.
        found = _identify(self._name)
        if self._file is None:
            self._file = found
        elif self._file != found:
            raise StateError("it was removed or replaced while in use; start the program again")

    def _look_at_log(self, used: Open) -> None:
        now = time.monotonic()
        if now >= self._due or self._file in _LOST:
            self._refuse_other_log(used)
            self._due = now + LOOK_SECONDS

    def _refuse_other_log(self, used: Open) -> None:
        if self._file not in _LOST:
            with contextlib.suppress(FileNotFoundError):
                if used.log == _identify(self._log):
                    return
            _LOST.add(self._file)
        raise StateError("its log was removed while in use; start the program again")

    def close(self) -> None:
        """Close what is idle."""
        close_all(self._idle)

    def prepare_fork(self, give_up: float) -> None:
        """Wait for what is lent until ``give_up`` of `time.monotonic`, and close the rest."""
        while self._lent and time.monotonic() < give_up:
            time.sleep(_POLL_SECONDS)
        self.close()

    def leave_behind(self) -> None:
        """Forget a parent's connections without touching them, in its forked child."""
        _LEFT_BEHIND.extend(self._idle)
        self._idle.clear()
        self._lent.clear()

    def _wait_for_fork(self) -> None:
        self._lent.pop()
        give_up = time.monotonic() + FORK_TIMEOUT
        while _forking and time.monotonic() < give_up:
            time.sleep(_POLL_SECONDS)
        self._lent.append(None)


def close_all(idle: deque[Open]) -> None:
    """Close the connections that nobody uses, also when the last one who could is gone."""
    while idle:
        with contextlib.suppress(IndexError):
            idle.pop().connection.close()


def _identify(name: str) -> Identity:
    found = os.stat(name)  # noqa: PTH116 - before each text, and `Path.stat` is slower
    return found.st_dev, found.st_ino


_ALL: Final[weakref.WeakSet[Connections]] = weakref.WeakSet()
_LEFT_BEHIND: Final[list[Open]] = []
"""A parent's connections, in its child: closing one there may end what the parent is in."""
_LOST: Final[set[Identity | None]] = set()
"""Files whose log was removed under a connection: what SQLite knows of them here is wrong."""
_forking: Final[deque[None]] = deque()
"""One for each thread that is about to fork."""


def _before_fork() -> None:
    _forking.append(None)
    give_up = time.monotonic() + FORK_TIMEOUT
    for each in list(_ALL):
        each.prepare_fork(give_up)


def _after_fork_in_parent() -> None:
    with contextlib.suppress(IndexError):  # this module came while a thread forked
        _forking.pop()


def _after_fork_in_child() -> None:
    _forking.clear()
    for each in list(_ALL):
        each.leave_behind()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
