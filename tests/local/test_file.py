"""The backend ``file``: JSON Lines, none of them torn."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from local_backends import MESSAGE, NUMBER, TEXT, from_dsn

from sumotext_backend import (
    ConfigurationError,
    Message,
    Outcome,
    Reason,
)
from sumotext_backend.local import FileBackend, MemoryBackend
from sumotext_backend.routing import Fallback


def lines(path: Path) -> list[dict[str, object]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_line_holds_the_whole_text(tmp_path: Path) -> None:
    """One JSON object: what was sent, to whom in E.164, when, and under which id."""
    path = tmp_path / "outbox.jsonl"
    result = from_dsn(FileBackend, f"file://{path}").send(MESSAGE)
    (line,) = lines(path)

    assert {
        "time": line["time"],
        "id": result.message_id,
        "to": NUMBER,
        "text": TEXT,
        "sender": None,
        "ref": "order 7",
    } == line
    assert str(line["time"]).endswith("+00:00")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_is_one_line_and_comes_out_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """Line ends within a text do not end the line."""
    path = tmp_path_factory.mktemp("outbox") / "outbox.jsonl"
    FileBackend(path=path).send(Message(NUMBER, text))

    assert [text] == [line["text"] for line in lines(path)]


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """It holds numbers and texts in full."""
    path = tmp_path / "outbox.jsonl"
    FileBackend(path=path).send(MESSAGE)

    assert 0o600 == path.stat().st_mode & 0o777


def _hundred(path: Path, name: str) -> None:
    backend = FileBackend(path=path)
    for number in range(100):
        backend.send(Message(NUMBER, f"{name}-{number} " + "x" * 5000))


def test_processes_and_threads_do_not_tear_each_others_lines(tmp_path: Path) -> None:
    """Three processes and three threads append long lines; every line is whole and there once."""
    path = tmp_path / "outbox.jsonl"
    context = multiprocessing.get_context("spawn")
    workers: list[multiprocessing.process.BaseProcess | threading.Thread] = [
        context.Process(target=_hundred, args=(path, f"process{each}")) for each in range(3)
    ]
    workers += [
        threading.Thread(target=_hundred, args=(path, f"thread{each}")) for each in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    names = [str(line["text"]).partition(" ")[0] for line in lines(path)]

    assert 600 == len(names) == len(set(names))


@pytest.mark.parametrize("place", ["no/such/directory/file", "", "."])
def test_a_file_that_cannot_be_opened_is_failed(tmp_path: Path, place: str) -> None:
    """A missing directory, or a directory in the file's place: mend the configuration."""
    result = FileBackend(path=tmp_path / place).send(MESSAGE)

    assert Reason.CONFIGURATION is result.reason
    assert "option 'path'" in result.detail


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_failed(tmp_path: Path) -> None:
    """Without the permission nothing is written."""
    path = tmp_path / "outbox.jsonl"
    path.touch(0o400)

    assert Reason.CONFIGURATION is FileBackend(path=path).send(MESSAGE).reason


@pytest.mark.parametrize("path", ["a\0b", "\ud800"])
def test_a_path_that_can_be_no_files_name_is_refused(path: str) -> None:
    """When it is configured, not when it is used."""
    with pytest.raises(ConfigurationError, match="option 'path'"):
        FileBackend(path=path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
def test_a_full_disk_is_failed() -> None:
    """Nothing of the line was taken, so another provider may be tried; it may pass by itself."""
    result = FileBackend(path="/dev/full").send(MESSAGE)

    assert (Outcome.FAILED, Reason.UNAVAILABLE) == (result.outcome, result.reason)


LIMITED = """
import resource, sys
from sumotext_backend import Message
from sumotext_backend.local import FileBackend
backend = FileBackend(path=sys.argv[1])
print(backend.send(Message("5015551234", "short")).outcome)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
result = backend.send(Message("5015551234", "x" * 2000))
print(result.outcome, result.reason)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(backend.send(Message("5015551234", "after")).outcome)
"""


def test_a_line_of_which_only_a_part_fits_is_taken_back(tmp_path: Path) -> None:
    """The file is then as before, so the text is surely not there: ``FAILED``."""
    path = tmp_path / "outbox.jsonl"
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, path],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert ["ACCEPTED", "FAILED UNAVAILABLE", "ACCEPTED"] == ended.stdout.splitlines()
    assert ["short", "after"] == [line["text"] for line in lines(path)]


def test_half_a_line_does_not_spoil_the_next_one(tmp_path: Path) -> None:
    """After a process that was killed while it wrote, lines before and after are whole."""
    path = tmp_path / "outbox.jsonl"
    backend = FileBackend(path=path)
    backend.send(Message(NUMBER, "before"))
    with path.open("ab") as file:
        file.write(b'{"time": "2026-')
    backend.send(Message(NUMBER, "after"))
    backend.send(Message(NUMBER, "last"))
    before, half, *rest = path.read_bytes().splitlines()

    assert "before" == json.loads(before)["text"]
    assert b'{"time": "2026-' == half
    assert ["after", "last"] == [json.loads(line)["text"] for line in rest]


ENDLESS = """
import sys
from sumotext_backend import Message
from sumotext_backend.local import FileBackend
backend = FileBackend(path=sys.argv[1])
while True:
    print(backend.send(Message("5015551234", "x" * 100_000)).message_id, flush=True)
"""


def test_a_kill_at_any_moment_loses_nothing_that_was_accepted(tmp_path: Path, scale: int) -> None:
    """``kill -9`` while lines are written: each accepted one is there, whole; more go after it."""
    path = tmp_path / "outbox.jsonl"
    accepted: list[str] = []
    for trial in range(5 * scale):
        with subprocess.Popen(
            [sys.executable, "-c", ENDLESS, path], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            accepted.append(process.stdout.readline().strip())
            time.sleep(0.003 * trial)
            process.send_signal(signal.SIGKILL)
            accepted += process.stdout.read().split("\n")[:-1]
    accepted.append(str(FileBackend(path=path).send(MESSAGE).message_id))
    found = {json.loads(line)["id"] for line in path.read_bytes().splitlines() if line[-1:] == b"}"}

    assert set(accepted) <= found


def test_a_pipe_that_nobody_reads_does_not_hold_the_sender(tmp_path: Path) -> None:
    """A path is not always a file; a full pipe ends the send, with a doubt if a part went in."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    backend = FileBackend(path=path)
    endings = {backend.send(Message(NUMBER, "x" * 30_000)).reason for _ in range(5)}
    os.close(reader)

    assert {None, Reason.CRASHED, Reason.UNAVAILABLE} == endings


def test_with_fsync_a_line_is_on_the_disk(tmp_path: Path) -> None:
    """It is accepted as without; what cannot be synced leaves a doubt."""
    path = tmp_path / "outbox.jsonl"
    on_disk = from_dsn(FileBackend, f"file://{path}?fsync=true").send(MESSAGE)
    nowhere = FileBackend(path="/dev/null", fsync=True).send(MESSAGE)

    assert Outcome.ACCEPTED is on_disk.outcome
    assert (Outcome.UNKNOWN, Reason.CRASHED) == (nowhere.outcome, nowhere.reason)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux lists open files")
def test_no_file_stays_open(tmp_path: Path) -> None:
    """Neither after sends that go well nor after those that fail."""
    used = len([*Path("/proc/self/fd").iterdir()])
    good, bad = FileBackend(path=tmp_path / "outbox.jsonl"), FileBackend(path=tmp_path)
    for _ in range(100):
        good.send(MESSAGE)
        bad.send(MESSAGE)

    assert used >= len([*Path("/proc/self/fd").iterdir()])


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A file that somebody else has locked, and does not let go."""
    path = tmp_path / "outbox.jsonl"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path


def test_a_file_that_stays_locked_is_failed_after_its_timeout(locked: Path) -> None:
    """Nothing was written, so another provider may be tried, and this one again."""
    began = time.monotonic()
    result = from_dsn(FileBackend, f"file://{locked}?timeout=0.2").send(MESSAGE)

    assert time.monotonic() - began < 5
    assert (Outcome.FAILED, Reason.UNAVAILABLE) == (result.outcome, result.reason)
    assert "" == locked.read_text()


def test_a_chain_gives_a_locked_file_no_more_than_its_own_time(locked: Path) -> None:
    """The wait is a part of what it may take to begin, so that the next one has its share."""
    chain = Fallback(chain=(FileBackend(path=locked), MemoryBackend()), timeout=2)
    began = time.monotonic()
    result = chain.send(MESSAGE)

    assert time.monotonic() - began < 5
    assert Reason.UNAVAILABLE is result.attempts[0].reason
    assert Outcome.ACCEPTED is result.outcome


def test_a_lock_that_is_let_go_in_time_is_waited_for(tmp_path: Path) -> None:
    """Another writer is no reason to fail."""
    path = tmp_path / "outbox.jsonl"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        timer = threading.Timer(0.3, fcntl.flock, (file, fcntl.LOCK_UN))
        timer.start()
        result = FileBackend(path=path).send(MESSAGE)
        timer.join()

    assert Outcome.ACCEPTED is result.outcome
    assert [TEXT] == [line["text"] for line in lines(path)]


@pytest.mark.parametrize("timeout", ["0", "-1", "nan", "1e9"])
def test_the_timeout_is_seconds(timeout: str) -> None:
    """A wait without end, or none, is refused when it is configured."""
    with pytest.raises(ConfigurationError, match="option 'timeout'"):
        from_dsn(FileBackend, f"file:///tmp/a?timeout={timeout}")
