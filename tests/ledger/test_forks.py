"""A forked child loses nothing that it writes, whatever its parent was doing and does then."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sumotext_backend import Message, Outcome, Sender
from sumotext_backend.ledger import (
    Ledger,
    LedgerError,
    MemoryDatabase,
    Settings,
    list_changes,
    opt_out,
)
from sumotext_backend.ledger.sqlite_connections import LOOK_SECONDS
from sumotext_backend.local import MemoryBackend
from tests.ledger.crashes import open_ledger

BEFORE, MEANWHILE, AFTER = "+15015550001", "+15015550002", "+15015550003"

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


class Child:
    """A forked child that does ``first``, and ``second`` once `finish` was called."""

    def __init__(self, first: Callable[[], object], second: Callable[[], object]) -> None:
        """Fork, and wait until the child did the first."""
        (self._ready, told), (asked, self._go_on) = os.pipe(), os.pipe()
        self._pid = os.fork()
        if self._pid:
            os.close(told)
            os.close(asked)
            os.read(self._ready, 1)
            return
        code = 1
        signal.alarm(60)  # a child that hangs ends, and fails the test
        try:
            first()
            os.write(told, b".")
            os.read(asked, 1)
            code = bool(second())
        finally:
            os._exit(code)

    def finish(self) -> int:
        """Let the child do the second; the truth of what that returned, 1 where it raised."""
        os.write(self._go_on, b".")
        _, status = os.waitpid(self._pid, 0)
        for handle in (self._ready, self._go_on):
            os.close(handle)
        return os.waitstatus_to_exitcode(status)


def _is_known(place: str, number: str) -> bool:
    ledger = open_ledger(place, Settings())
    found = list_changes(ledger, number)
    ledger.close()
    return bool(found)


def test_what_a_child_writes_outlives_the_ledger_of_its_parent(ledger: Ledger, place: str) -> None:
    """As with workers that were forked after the program had used its ledger, and then closed it.

    The write-ahead log was removed with the parent's last connection, and a no in it was lost.
    """
    opt_out(ledger, BEFORE)
    child = Child(lambda: opt_out(ledger, MEANWHILE), lambda: opt_out(ledger, AFTER))

    ledger.close()

    assert 0 == child.finish()
    assert [_is_known(place, number) for number in (BEFORE, MEANWHILE, AFTER)] == [True] * 3


def test_a_child_knows_the_noes_that_came_after_its_parent_closed(
    ledger: Ledger, place: str
) -> None:
    """It texts nobody who said no meanwhile to another process."""
    opt_out(ledger, BEFORE)
    sender = Sender(MemoryBackend(), ledger=ledger)
    child = Child(
        lambda: opt_out(ledger, MEANWHILE),
        lambda: sender.send(Message(AFTER, "hello")).outcome is not Outcome.REJECTED,
    )
    ledger.close()
    other = open_ledger(place, Settings())
    opt_out(other, AFTER)
    other.close()

    assert 0 == child.finish()


@contextlib.contextmanager
def _written_to(ledger: Ledger) -> Iterator[None]:
    """Another thread is in a transaction on it for as long as the block lasts."""
    inside, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with ledger.database.transact() as run:
            run("add_audit", ref="", word="w", source="hand", note="")
            inside.set()
            go_on.wait(30)

    thread = threading.Thread(target=write)
    thread.start()
    inside.wait(10)
    try:
        yield
    finally:
        go_on.set()
        thread.join()


def test_a_child_of_a_parent_that_writes_loses_nothing_silently(ledger: Ledger, place: str) -> None:
    """What it cannot write down, it says so of; control: a child that wrote it has it kept."""
    opt_out(ledger, BEFORE)
    with _written_to(ledger):
        child = Child(lambda: None, lambda: _is_refused(ledger, AFTER))
    ledger.close()

    refused = child.finish()

    assert bool(refused) is not _is_known(place, AFTER)


def _is_refused(ledger: Ledger, number: str) -> bool:
    try:
        opt_out(ledger, number)
    except LedgerError:
        return True
    return False


def test_a_fork_waits_for_a_short_transaction(ledger: Ledger, place: str) -> None:
    """So that a child of a program whose threads send can write."""
    opt_out(ledger, BEFORE)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with ledger.database.transact() as run:
                run("add_audit", ref="", word="w", source="hand", note="")
            time.sleep(0.005)  # as SQLite lets who waits starve

    threads = [threading.Thread(target=write) for _ in range(3)]
    for each in threads:
        each.start()
    try:
        children = [Child(lambda: None, lambda: opt_out(ledger, AFTER)) for _ in range(3)]
        ended = [child.finish() for child in children]
    finally:
        stop.set()
        for each in threads:
            each.join()

    assert [0] * 3 == ended
    assert _is_known(place, AFTER)


def test_a_child_of_a_parent_that_writes_in_memory_can_write() -> None:
    """What the parent's thread was writing is not the child's: its own marks and words are kept."""
    ledger = Ledger(MemoryDatabase(), Settings())
    opt_out(ledger, BEFORE)
    sender = Sender(MemoryBackend(), ledger=ledger)
    with _written_to(ledger):
        child = Child(
            lambda: opt_out(ledger, MEANWHILE),
            lambda: (
                not (
                    [len(list_changes(ledger, number)) for number in (BEFORE, MEANWHILE)] == [1, 1]
                    and sender.send(Message(AFTER, "hello", key="k")).outcome is Outcome.ACCEPTED
                )
            ),
        )
        ended = child.finish()

    assert 0 == ended


def test_a_program_that_copied_its_own_ledger_misses_no_no(tmp_path: Path) -> None:
    """Closing the file it read from gave up SQLite's locks, and another program takes the log."""
    path = tmp_path / "ledger.sqlite3"
    ledger = open_ledger(str(path), Settings())
    opt_out(ledger, BEFORE)
    sender = Sender(MemoryBackend(), ledger=ledger)
    shutil.copy(path, tmp_path / "copy")
    other = "import sys; from pathlib import Path; from sumotext_backend.ledger import *; "
    other += "opt_out(Ledger(SqliteDatabase(Path(sys.argv[1])), Settings()), sys.argv[2])"
    subprocess.run([sys.executable, "-c", other, path, AFTER], check=True)
    time.sleep(LOOK_SECONDS)
    result = sender.send(Message(AFTER, "hello"))
    ledger.close()

    assert Outcome.FAILED is result.outcome


def test_a_log_that_was_removed_is_refused_and_not_written_to(tmp_path: Path) -> None:
    """As where a framework's own connection was inherited, whose locks the child takes for its own.

    Nothing is sent, and nothing is lost silently.
    """
    path = tmp_path / "ledger.sqlite3"
    ledger = open_ledger(str(path), Settings())
    opt_out(ledger, BEFORE)
    backend = MemoryBackend()
    sender = Sender(backend, ledger=ledger)
    with contextlib.closing(sqlite3.connect(path)) as frameworks:
        frameworks.execute("SELECT count(*) FROM sumotext_meta").fetchall()
        child = Child(
            lambda: opt_out(ledger, MEANWHILE),
            lambda: (
                not (
                    _is_refused(ledger, AFTER)
                    and sender.send(Message(AFTER, "hello")).outcome is Outcome.FAILED
                    and sender.send(Message(AFTER, "hello", key="k")).outcome is Outcome.FAILED
                )
            ),
        )
    ledger.close()
    other = open_ledger(str(path), Settings())
    opt_out(other, AFTER)

    assert 0 == child.finish()
    assert 1 == len(list_changes(other, AFTER))
    other.close()
