"""The backend ``console``: one line for each text."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from local_backends import MESSAGE, NUMBER, TEXT, from_dsn

from sumotext_backend import (
    Message,
    Outcome,
    Reason,
)
from sumotext_backend.local import ConsoleBackend


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
