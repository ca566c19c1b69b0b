"""Signals around a text, through both ways of sending."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import pytest
from django.dispatch import Signal
from sumotext_django import send_text
from sumotext_django.signals import (
    Draft,
    delivery_report,
    inbound,
    post_send,
    pre_send,
    tell_event,
)

from sumotext_backend import Message, Outcome, Reason, SendResult
from sumotext_backend.events import DeliveryReport, InboundMessage
from sumotext_backend.simulator import Simulator

GOOD, REFUSED = "5015551234", "5015550101"


@contextmanager
def listening(signal: Signal, *receivers: Callable[..., object]) -> Iterator[None]:
    """Connected for the time of the block."""
    for each in receivers:
        signal.connect(each)
    try:
        yield
    finally:
        for each in receivers:
            signal.disconnect(each)


def quiet_hours(draft: Draft, **_: Any) -> None:
    """Hold it back."""
    draft.hold("quiet hours")


def broken(**_: Any) -> None:
    """Fail with private words."""
    raise RuntimeError(f"no {GOOD} here: secret words")


def by_send_text(to: str) -> SendResult:
    """Send natively."""
    return send_text(to, "hello")


def by_django_sms(to: str) -> SendResult:
    """Send through django-sms."""
    sms = pytest.importorskip("sms")
    message = sms.Message("hello", "", [to])
    sms.get_connection(raise_on="never").send_messages([message])
    found: SendResult = message.sms_results[to]
    return found


BOTH = pytest.mark.parametrize("send", [by_send_text, by_django_sms])


@BOTH
def test_pre_send_may_hold(gateway: Simulator, send: Callable[[str], SendResult]) -> None:
    """``REJECTED`` / ``HELD`` with the reason given; no request is made."""
    with listening(pre_send, quiet_hours):
        result = send(GOOD)

    assert (Reason.HELD, "quiet hours", "sumotext") == (
        result.reason,
        result.detail,
        result.backend,
    )
    assert () == gateway.requests


@BOTH
def test_pre_send_may_change(gateway: Simulator, send: Callable[[str], SendResult]) -> None:
    """The next receiver sees what the one before made of it."""

    def first(draft: Draft, **_: Any) -> None:
        draft.message = attrs.evolve(draft.message, text="changed")

    def second(draft: Draft, **_: Any) -> None:
        draft.message = attrs.evolve(draft.message, text=draft.message.text + " twice")

    with listening(pre_send, first, second):
        send(GOOD)

    assert ["changed twice"] == [text.body for text in gateway.messages]


def test_pre_send_sees_alias_and_message(gateway: Simulator) -> None:
    """The very message that is about to go, and where."""
    seen: list[tuple[Message, str]] = []

    def see(draft: Draft, **_: Any) -> None:
        seen.append((draft.message, draft.using))

    with listening(pre_send, see):
        send_text(GOOD, "hello", using="kept")

    assert [(Message(GOOD, "hello"), "kept")] == seen


def test_the_first_reason_stands(gateway: Simulator) -> None:
    """Without a reason a plain one is made up; numbers in it are masked."""

    def other(draft: Draft, **_: Any) -> None:
        draft.hold(f"{GOOD} is asleep")

    def dumb(draft: Draft, **_: Any) -> None:
        draft.hold()

    with listening(pre_send, other, quiet_hours):
        assert "•••1234 is asleep" == send_text(GOOD, "hello").detail
    with listening(pre_send, dumb):
        assert "held back by a receiver of pre_send" == send_text(GOOD, "hello").detail


@BOTH
def test_a_guard_that_fails_fails_closed(
    gateway: Simulator, send: Callable[[str], SendResult], request: pytest.FixtureRequest
) -> None:
    """It could not decide: nothing is sent, ``FAILED``; the other receivers are asked still."""
    seen: list[Draft] = []

    def see(draft: Draft, **_: Any) -> None:
        seen.append(draft)

    with listening(pre_send, broken, see):
        if send is by_django_sms:
            with pytest.raises(Exception, match="could not decide"):
                send(GOOD)
        else:
            assert Reason.CONFIGURATION is send(GOOD).reason

    assert (1, ()) == (len(seen), gateway.requests)


def test_a_draft_takes_messages_only(gateway: Simulator) -> None:
    """Something else is an error of that receiver, and nothing is sent."""

    def wrong(draft: Draft, **_: Any) -> None:
        draft.message = "hello"  # type: ignore[assignment]

    with listening(pre_send, wrong):
        result = send_text(GOOD, "hello")

    assert "a receiver of pre_send could not decide (TypeError); nothing was sent" == result.detail


def test_post_send_has_message_and_results(gateway: Simulator) -> None:
    """Natively our message; through django-sms its message, once, with all results."""
    sms = pytest.importorskip("sms")
    seen: list[dict[str, Any]] = []

    def see(**given: Any) -> None:
        seen.append(given)

    sent = sms.Message("hello", "", [GOOD, REFUSED])
    with listening(post_send, see):
        result = send_text(GOOD, "hello")
        sms.get_connection(raise_on="never").send_messages([sent])

    native, foreign = seen
    assert (Message(GOOD, "hello"), {GOOD: result}) == (native["message"], native["results"])
    assert (sent, sent.sms_results) == (foreign["message"], foreign["results"])
    assert [Outcome.ACCEPTED, Outcome.REJECTED] == [
        one.outcome for one in foreign["results"].values()
    ]
    assert {"default"} == {each["using"] for each in seen}


@BOTH
def test_an_observer_that_raises_hides_nothing(
    gateway: Simulator, send: Callable[[str], SendResult], caplog: pytest.LogCaptureFixture
) -> None:
    """The next is called, the result is the same, and the log names the type only."""
    seen: list[Any] = []

    def see(results: Any, **_: Any) -> None:
        seen.append(results)

    caplog.set_level(logging.DEBUG)
    with listening(post_send, broken, see):
        result = send(GOOD)

    assert (Outcome.ACCEPTED, 1) == (result.outcome, len(seen))
    assert "broken in Signal.send_robust() (RuntimeError)" in caplog.text
    assert not any(each in caplog.text for each in (GOOD, "secret", "hello"))


def test_other_signals_keep_their_log(caplog: pytest.LogCaptureFixture) -> None:
    """Control: Django's line on a signal of somebody else is as Django writes it."""
    other = Signal()
    with listening(other, broken):
        other.send_robust(sender=None)

    assert "secret words" in caplog.text


def test_reports_and_inbound_texts_are_passed_on() -> None:
    """To all receivers, also after one that raised."""
    report = DeliveryReport(alias="sumotext", provider_id="1", status="DELIVERED")
    text = InboundMessage(alias="sumotext", sender=GOOD, recipient="74700", text="STOP")
    seen: list[object] = []

    def see(**given: Any) -> None:
        seen.append(given.get("report") or given.get("inbound"))

    with listening(delivery_report, broken, see), listening(inbound, broken, see):
        tell_event(report)
        tell_event(text)

    assert [report, text] == seen
