"""Backends for development: no text leaves the machine."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import (
    ConfigurationError,
    Message,
    Outcome,
    Reason,
    SendResult,
    SmsBackend,
    dsn,
)
from sumotext_backend.local import ConsoleBackend, FileBackend, MemoryBackend, NullBackend
from sumotext_backend.options import make, options_of
from sumotext_backend.routing import Fallback

NUMBER = "+15015551234"
TEXT = "hello from the shop"
MESSAGE = Message("501-555-1234", TEXT, ref="order 7")
CLASSES = [ConsoleBackend, FileBackend, MemoryBackend, NullBackend]

Make = Callable[[type[SmsBackend]], SmsBackend]


@pytest.fixture
def backend_of(tmp_path: Path) -> Make:
    """A backend of a class, with an empty directory to write in."""

    def build(cls: type[SmsBackend]) -> SmsBackend:
        return FileBackend(path=tmp_path / "outbox.jsonl") if cls is FileBackend else cls()

    return build


def lines(path: Path) -> list[dict[str, object]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def from_dsn(cls: type[SmsBackend], text: str) -> SmsBackend:
    """The backend that a DSN describes."""
    return make(cls, dsn.read(dsn.parse(text), cls.dsn), "the DSN")


# --- what all of them keep ------------------------------------------------------------------------


@pytest.mark.parametrize("cls", CLASSES)
class TestContract:
    """What holds for a provider's backend holds here."""

    def test_a_text_is_accepted_under_an_id_of_its_own(
        self, cls: type[SmsBackend], backend_of: Make
    ) -> None:
        """Two texts have two ids."""
        backend = backend_of(cls)
        first, second = backend.send(MESSAGE), backend.send(MESSAGE)

        assert (Outcome.ACCEPTED, Outcome.ACCEPTED) == (first.outcome, second.outcome)
        assert cls.name == first.backend
        assert first.message_id
        assert first.message_id != second.message_id

    @pytest.mark.parametrize(
        ("message", "reason"),
        [
            (Message(NUMBER, ""), Reason.INVALID_MESSAGE),
            (Message(NUMBER, "\ud800"), Reason.INVALID_MESSAGE),
            (Message("not a number", TEXT), Reason.INVALID_RECIPIENT),
            (Message("", ""), Reason.INVALID_MESSAGE),
        ],
    )
    def test_what_no_provider_can_send_is_refused(
        self, cls: type[SmsBackend], backend_of: Make, message: Message, reason: Reason
    ) -> None:
        """So that development finds what production would refuse."""
        assert reason is backend_of(cls).send(message).reason

    def test_it_closes_twice_and_sends_afterwards(
        self, cls: type[SmsBackend], backend_of: Make
    ) -> None:
        """`close` lets go, and a later send opens anew."""
        backend = backend_of(cls)
        backend.close()
        backend.close()

        assert Outcome.ACCEPTED is backend.send(MESSAGE).outcome

    def test_it_pickles_without_texts(self, cls: type[SmsBackend], backend_of: Make) -> None:
        """What was sent does not travel with the backend, which works on the other side."""
        backend = backend_of(cls)
        backend.send(MESSAGE)
        pickled = pickle.dumps(backend)

        assert TEXT.encode() not in pickled
        assert b"5551234" not in pickled
        assert Outcome.ACCEPTED is pickle.loads(pickled).send(MESSAGE).outcome

    def test_its_repr_holds_nothing_private(self, cls: type[SmsBackend], backend_of: Make) -> None:
        """Neither number nor text, though it was just sent."""
        backend = backend_of(cls)
        shown = repr(backend.send(MESSAGE)) + repr(backend)

        assert TEXT not in shown
        assert "5551234" not in shown

    def test_threads_may_share_it(self, cls: type[SmsBackend], backend_of: Make) -> None:
        """Eight threads, each text accepted under its own id."""
        backend = backend_of(cls)
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(backend.send, [MESSAGE] * 200))

        assert {Outcome.ACCEPTED} == {result.outcome for result in results}
        assert 200 == len({result.message_id for result in results})

    def test_every_option_has_a_help(self, cls: type[SmsBackend], backend_of: Make) -> None:
        """The tables in the docs and of the command line are made of them."""
        assert all(option.help for option in options_of(cls).values())


# --- console --------------------------------------------------------------------------------------


def test_the_console_masks_the_number_and_leaves_the_text_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By default a line tells length and segments, on stderr, where no output is spoilt."""
    result = ConsoleBackend().send(MESSAGE)
    printed = capsys.readouterr()

    assert f"[sms {result.message_id}] to •••1234: 19 characters, 1 x GSM-7\n" == printed.err
    assert "" == printed.out


def test_the_console_shows_number_and_text_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    """``show_text=true&stream=stdout``, for a developer's own screen."""
    result = from_dsn(ConsoleBackend, "console://?show_text=true&stream=stdout").send(MESSAGE)

    assert f"[sms {result.message_id}] to {NUMBER}: {TEXT!r}\n" == capsys.readouterr().out


def test_segments_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """One character beyond GSM-7 makes UCS-2 of the whole text."""
    ConsoleBackend().send(Message(NUMBER, "☎" * 71))

    assert "71 characters, 2 x UCS-2" in capsys.readouterr().err


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_text_cannot_act_upon_the_terminal(text: str) -> None:
    """Whatever the text, what is printed is one line of printable characters."""
    stream = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        ConsoleBackend(show_text=True).send(Message(NUMBER, text))
    line = stream.getvalue()

    assert line.endswith("\n")
    assert line[:-1].isprintable()


def test_a_poor_encoding_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the stream cannot encode is escaped."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(raw, encoding="ascii", errors="strict"))
    result = ConsoleBackend(show_text=True).send(Message(NUMBER, "☎"))

    assert Outcome.ACCEPTED is result.outcome
    assert b"'\\u260e'\n" == raw.getvalue()[-9:]


def test_threads_do_not_print_into_each_others_lines() -> None:
    """Each line is one write: all lines of eight threads are whole."""
    script = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from sumotext_backend import Message\n"
        "from sumotext_backend.local import ConsoleBackend\n"
        "backend = ConsoleBackend(show_text=True)\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    list(pool.map(backend.send, [Message('5015551234', 'x' * 300)] * 400))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    printed = ended.stderr.splitlines()

    assert 400 == len(printed)
    assert {f"to {NUMBER}: {'x' * 300!r}"} == {line.partition("] ")[2] for line in printed}


@pytest.mark.parametrize("closed", [True, False])
def test_a_closed_stream_is_failed(monkeypatch: pytest.MonkeyPatch, closed: bool) -> None:
    """Nothing was printed, so another provider may be tried."""
    stream = io.StringIO()
    stream.close()
    monkeypatch.setattr(sys, "stderr", stream if closed else None)

    assert Reason.UNAVAILABLE is ConsoleBackend().send(MESSAGE).reason


def test_a_stream_that_breaks_while_printing_leaves_a_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A part of the line may be out: that is no permission to try elsewhere."""
    full = io.TextIOWrapper(open("/dev/full", "wb"), encoding="utf-8")  # noqa: PTH123, SIM115
    monkeypatch.setattr(sys, "stderr", full)
    result = ConsoleBackend().send(MESSAGE)
    with pytest.raises(OSError, match="No space"):
        full.close()

    assert (Outcome.UNKNOWN, Reason.CRASHED) == (result.outcome, result.reason)


# --- file -----------------------------------------------------------------------------------------


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


# --- memory ---------------------------------------------------------------------------------------


def test_the_outbox_holds_what_was_accepted() -> None:
    """Oldest first, and nothing that was refused."""
    backend = MemoryBackend()
    second = Message(NUMBER, "second")
    for message in (MESSAGE, Message("nobody", TEXT), second):
        backend.send(message)

    assert [MESSAGE, second] == backend.outbox


def test_clear_empties_the_outbox() -> None:
    """For the next test."""
    backend = MemoryBackend()
    backend.send(MESSAGE)
    backend.clear()

    assert [] == backend.outbox


@pytest.mark.parametrize("reason", Reason)
def test_any_ending_can_be_played(reason: Reason) -> None:
    """The outbox holds a text where it may have left, and only there."""
    backend = from_dsn(MemoryBackend, f"memory://?reason={reason}")
    result = backend.send(MESSAGE)

    assert isinstance(backend, MemoryBackend)
    assert (reason.outcome, reason) == (result.outcome, result.reason)
    assert ([MESSAGE] if reason.outcome is Outcome.UNKNOWN else []) == backend.outbox


def test_an_unknown_reason_is_an_error() -> None:
    """With what was probably meant."""
    with pytest.raises(ConfigurationError, match="did you mean 'UNREACHABLE'"):
        from_dsn(MemoryBackend, "memory://?reason=UNREACHABEL")


def test_a_chain_is_tested_with_two_outboxes() -> None:
    """What memory backends are for: the second provider got the text, the first did not."""
    first, second = MemoryBackend(reason="UNREACHABLE"), MemoryBackend()
    result: SendResult = Fallback(chain=(first, second)).send(MESSAGE)

    assert Outcome.ACCEPTED is result.outcome
    assert ([], [MESSAGE]) == (first.outbox, second.outbox)


# --- null -----------------------------------------------------------------------------------------


def test_null_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Accepted and forgotten."""
    NullBackend().send(MESSAGE)

    assert ("", "") == capfd.readouterr()
