"""A call that keeps no deadline of its own is bounded from outside."""

from __future__ import annotations

import contextvars
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from sumotext_backend import Reason
from sumotext_backend.bounded import MAX_LEFT_BEHIND, run_within
from sumotext_backend.deadline import limits, within
from sumotext_backend.models import Verdict

ACCEPTED = Verdict(message_id="1")


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Set when the test is over, so that no thread stays behind."""
    event = threading.Event()
    yield event
    event.set()
    for thread in threading.enumerate():
        if thread.name == "sumotext-bridge":
            thread.join(10)


def test_what_the_call_says_is_returned() -> None:
    """Nothing else is made of it."""
    assert ACCEPTED is run_within(5, lambda: ACCEPTED)


def test_a_call_that_hangs_is_a_doubt_at_the_deadline(released: threading.Event) -> None:
    """Its own time, or what a chain has left of its own."""

    def hang() -> Verdict:
        released.wait(30)
        return ACCEPTED

    begun = time.monotonic()
    own = run_within(0.1, hang)
    chains = within(begun + 0.3, begun + 0.3, lambda: run_within(30, hang))

    assert [Reason.TIMEOUT] * 2 == [own.reason, chains.reason]
    assert time.monotonic() - begun < 2


def test_without_time_nothing_is_started() -> None:
    """``FAILED``: surely not sent."""
    started: list[int] = []

    def start() -> Verdict:
        started.append(1)
        return ACCEPTED

    verdict = within(0, 0, lambda: run_within(5, start))

    assert (Reason.UNAVAILABLE, []) == (verdict.reason, started)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_call_that_raises_is_a_doubt(
    error: type[BaseException], capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing of it is printed: it may hold the text."""

    def fail() -> Verdict:
        raise error("+15015551234 hello")

    verdict = run_within(5, fail)

    assert (Reason.CRASHED, True) == (verdict.reason, error.__name__ in verdict.detail)
    assert "1234" not in verdict.detail
    assert ("", "") == tuple(capfd.readouterr())


def test_threads_left_behind_are_bounded(released: threading.Event) -> None:
    """With so many that have not ended no new one begins; once they end, all is as before."""

    def hang() -> Verdict:
        released.wait(30)
        return ACCEPTED

    verdicts = [run_within(0.001, hang) for _ in range(MAX_LEFT_BEHIND)]
    refused = run_within(5, hang)
    left = [each for each in threading.enumerate() if each.name == "sumotext-bridge"]
    released.set()
    for thread in left:
        thread.join(10)

    assert {Reason.TIMEOUT} == {each.reason for each in verdicts}
    assert (Reason.UNAVAILABLE, MAX_LEFT_BEHIND) == (refused.reason, len(left))
    assert ACCEPTED is run_within(5, lambda: ACCEPTED)


def test_context_variables_are_carried_over() -> None:
    """The deadline among them."""
    word = contextvars.ContextVar("word", default="")
    word.set("ours")
    seen: list[object] = []

    def look() -> Verdict:
        seen.extend((word.get(), limits().deadline))
        return ACCEPTED

    deadline = time.monotonic() + 5
    within(deadline, deadline, lambda: run_within(30, look))

    assert ["ours", deadline] == seen


class Alarm(Exception):
    """What the program's own alarm raises."""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such signals here")
def test_an_alarm_of_the_programs_is_the_programs(released: threading.Event) -> None:
    """It is raised where the send waits, and the thread counts as left behind."""

    def ring(*_: object) -> None:
        raise Alarm

    def hang() -> Verdict:
        released.wait(30)
        return ACCEPTED

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(Alarm):
            run_within(30, hang)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_thread_left_behind_keeps_no_process_alive() -> None:
    """The program ends when it wants to."""
    code = (
        "import time; from sumotext_backend.bounded import run_within; "
        "print(run_within(0.05, lambda: time.sleep(60)).reason)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True
    )

    assert "TIMEOUT" == ended.stdout.strip()
