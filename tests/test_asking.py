"""Asking again and again: how often, how long, and when it is over."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from sumotext_backend import Reason
from sumotext_backend.asking import NoAnswer, poll
from sumotext_backend.deadline import limits
from sumotext_backend.events import DeliveryReport, DeliveryStatus

Said = DeliveryReport | NoAnswer


@attrs.define
class Clock:
    """A clock that sleeping moves on."""

    now: float = 0.0
    slept: list[float] = attrs.field(factory=list)

    def __call__(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds


def report(status: DeliveryStatus) -> DeliveryReport:
    """A report of that status."""
    return DeliveryReport(alias="main", status=status, provider_id="id")


def ask_until(fetch: Callable[[], Said], deadline: float, clock: Clock) -> list[Said]:
    """All that was said."""
    return [*poll(fetch, deadline, sleep=clock.sleep, clock=clock)]


def test_a_final_report_ends_it() -> None:
    """Nothing is asked after it."""
    stages = (DeliveryStatus.SUBMITTED, DeliveryStatus.ENROUTE, DeliveryStatus.DELIVERED)
    answers = map(report, stages)
    clock = Clock()
    said = ask_until(lambda: next(answers), 1000, clock)

    assert len(said) == 3
    assert clock.slept == [1.0, 2.0]


def test_the_wait_doubles_up_to_half_a_minute_and_never_outlasts_the_deadline() -> None:
    """The last question is asked before it."""
    clock = Clock()
    ask_until(lambda: report(DeliveryStatus.ENROUTE), 130, clock)

    assert clock.slept == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    assert clock.now < 130


def test_a_provider_that_asks_for_a_pause_gets_it() -> None:
    """A shorter one than ours changes nothing."""
    answers = [
        NoAnswer(Reason.THROTTLED, "slow down", 20.0),
        NoAnswer(Reason.THROTTLED, "slow down", 0.1),
        report(DeliveryStatus.EXPIRED),
    ]
    clock = Clock()
    ask_until(lambda: answers.pop(0), 1000, clock)

    assert clock.slept == [20.0, 2.0]


@pytest.mark.parametrize("reason", [Reason.UNAUTHORIZED, Reason.CONFIGURATION, Reason.UNSUPPORTED])
def test_what_will_not_mend_itself_is_asked_once(reason: Reason) -> None:
    """Nobody waits five minutes to be told of a wrong key."""
    clock = Clock()

    assert len(ask_until(lambda: NoAnswer(reason, "no"), 1000, clock)) == 1
    assert clock.slept == []


def test_an_answer_that_did_not_come_may_come_later() -> None:
    """A server that fails, or does not know the text yet."""
    answers = [
        NoAnswer(Reason.SERVER_ERROR, "HTTP status 503"),
        NoAnswer(Reason.REFUSED_REQUEST, "HTTP status 404"),
        NoAnswer(Reason.TIMEOUT, "silence"),
        report(DeliveryStatus.UNKNOWN),
        report(DeliveryStatus.UNDELIVERABLE),
    ]

    assert len(ask_until(lambda: answers.pop(0), 1000, Clock())) == 5


def test_each_question_keeps_the_deadline_of_all() -> None:
    """A backend takes it from there."""
    seen: list[float] = []

    def fetch() -> Said:
        seen.append(limits().deadline)
        return report(DeliveryStatus.DELIVERED)

    ask_until(fetch, 77, Clock())

    assert seen == [77]
