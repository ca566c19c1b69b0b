"""The file of a ledger is its user's alone, and a child of a fork has connections of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sumotext_backend import Message, Outcome, Sender
from sumotext_backend.ledger import Ledger, LedgerError, list_entries, opt_out
from sumotext_backend.local import MemoryBackend
from tests.ledger.crashes import open_ledger

NOBODY = 65534
OPEN_FILES = Path("/proc/self/fd")
TEXT = Message("5015551234", "hello", key="order-1")


def _open(path: Path) -> None:
    open_ledger(str(path)).database.upgrade()


def test_folder_and_file_are_private(tmp_path: Path) -> None:
    """The folder is made 0700, and every file of it 0600, whatever the umask."""
    before = os.umask(0)
    try:
        _open(tmp_path / "state" / "ledger.sqlite3")
    finally:
        os.umask(before)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").iterdir()}
    assert 0o700 == stat.S_IMODE((tmp_path / "state").stat().st_mode)
    assert {0o600} == modes


def test_a_file_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    """One that was copied there with another mode, say."""
    path = tmp_path / "ledger.sqlite3"
    _open(path)
    path.chmod(0o644)

    _open(path)

    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_a_symbolic_link_is_refused(tmp_path: Path, suffix: str) -> None:
    """It would write where somebody else wants it; what it points to stays as it was."""
    target = tmp_path / "precious"
    target.write_text("precious")
    (tmp_path / f"ledger.sqlite3{suffix}").symlink_to(target)

    with pytest.raises(LedgerError, match="symbolic link"):
        _open(tmp_path / "ledger.sqlite3")
    assert "precious" == target.read_text()


def test_a_linked_folder_is_refused(tmp_path: Path) -> None:
    """As a linked file is."""
    (tmp_path / "real").mkdir()
    (tmp_path / "state").symlink_to(tmp_path / "real")

    with pytest.raises(LedgerError, match="symbolic link"):
        _open(tmp_path / "state" / "ledger.sqlite3")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    """They could read it."""
    path = tmp_path / "ledger.sqlite3"
    _open(path)
    os.chown(path, NOBODY, NOBODY)

    with pytest.raises(LedgerError, match="another user"):
        _open(path)


def test_a_file_that_is_no_ledger_is_refused_in_one_line(tmp_path: Path) -> None:
    """Nothing is sent, and nothing in it is changed."""
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"something else" * 1000)
    backend = MemoryBackend()

    result = Sender(backend, ledger=open_ledger(str(path))).send(TEXT)

    assert Outcome.FAILED is result.outcome
    assert "SQLITE_NOTADB" in result.detail
    assert path.read_bytes() == b"something else" * 1000


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_of_a_fork_has_its_own_connections(ledger: Ledger) -> None:
    """Parent and child write at once, many times, and each row is there once."""
    opt_out(ledger, "+15015550000")
    child = os.fork()
    if child == 0:
        try:
            _send_many(ledger, "child")
        except BaseException:  # noqa: BLE001 - a child of a fork ends here
            os._exit(1)
        os._exit(0)
    _send_many(ledger, "parent")
    _, status = os.waitpid(child, 0)
    _send_many(ledger, "after")

    assert 0 == os.waitstatus_to_exitcode(status)
    keys = [entry.key for entry in list_entries(ledger)]
    wanted = [f"{who}-{number}" for who in ("child", "parent", "after") for number in range(20)]
    assert sorted(wanted) == sorted(map(str, keys))


def _send_many(ledger: Ledger, who: str) -> None:
    sender = Sender(MemoryBackend(), ledger=ledger)
    for number in range(20):
        result = sender.send(Message("5015551234", f"{who} {number}", key=f"{who}-{number}"))
        assert Outcome.ACCEPTED is result.outcome, result
        assert result.recorded, result


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_during_a_transaction_harms_neither(ledger: Ledger) -> None:
    """The child does not end the transaction that a thread of the parent is in."""
    inside, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with ledger.database.transact() as run:
            values = {"programme": "p", "person": "p", "number": "n", "word": "OPTED_OUT"}
            values |= dict.fromkeys(("provider", "backend", "reason", "note"), "")
            run("add_consent", source="hand", **values)
            inside.set()
            go_on.wait(10)

    thread = threading.Thread(target=write)
    thread.start()
    inside.wait(10)
    child = os.fork()
    if child == 0:
        os._exit(bool(ledger.database.read("list_consent", after=0, limit=9)))
    _, status = os.waitpid(child, 0)
    go_on.set()
    thread.join()

    assert 0 == os.waitstatus_to_exitcode(status)
    assert 1 == len(ledger.database.read("list_consent", after=0, limit=9))


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="there is no list of open files here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_opens_a_connection_of_its_own(ledger: Ledger) -> None:
    """The parent's stays as it is: two that use one would read each other's answers."""
    ledger.database.read("count_sends")  # so that a connection waits for its next use
    child = os.fork()
    if child == 0:
        before = len(list(OPEN_FILES.iterdir()))
        ledger.database.read("count_sends")
        os._exit(len(list(OPEN_FILES.iterdir())) - before)
    _, status = os.waitpid(child, 0)

    assert 0 < os.waitstatus_to_exitcode(status) < 10
    assert [] == ledger.database.read("count_sends")


def test_threads_write_at_once(ledger: Ledger) -> None:
    """Sixteen threads that write wait for each other, and none fails."""
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: opt_out(ledger, f"+1501555{n:04}"), range(100)))

    assert 100 == len(ledger.database.read("list_consent", after=0, limit=1000))


def _is_bound(path: Path) -> bool:
    ledger = open_ledger(str(path))
    result = Sender(MemoryBackend(), ledger=ledger).send(Message("5015551234", "hello"))
    ledger.close()
    return result.outcome is Outcome.REJECTED


def test_a_backup_of_sqlite_holds_the_newest_no(tmp_path: Path) -> None:
    """Made while a program runs; control: a copy of the file alone does not hold it."""
    ledger = open_ledger(str(tmp_path / "ledger.sqlite3"))
    opt_out(ledger, "5015551234")
    with (
        contextlib.closing(sqlite3.connect(tmp_path / "ledger.sqlite3")) as running,
        contextlib.closing(sqlite3.connect(tmp_path / "backup.sqlite3")) as backup,
    ):
        running.backup(backup)
    shutil.copy(tmp_path / "ledger.sqlite3", tmp_path / "copy.sqlite3")
    found = [_is_bound(tmp_path / f"{name}.sqlite3") for name in ("backup", "copy")]
    ledger.close()

    assert [True, False] == found


def test_a_file_that_cannot_be_described_is_one_line(tmp_path: Path) -> None:
    """Its name is longer than names may be, say."""
    ledger = open_ledger(str(tmp_path / ("x" * 300)))

    with pytest.raises(LedgerError, match="cannot be used"):
        ledger.describe()
