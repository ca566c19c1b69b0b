"""Plugins are called one by one: never a silent guard, never a lost result."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import pytest
from plugin_cases import MESSAGE, Recorder, fail, guard, interrupt, observer, result_of

from sumotext_backend import Message, Outcome, Reason, Sender
from sumotext_backend.events import DeliveryReport, DeliveryStatus, InboundMessage
from sumotext_backend.hookspecs import hookimpl
from sumotext_backend.local import NullBackend
from sumotext_backend.plugins import Plugins


def test_tryfirst_and_trylast_move_a_plugin() -> None:
    """The first answer wins in the order that pluggy's options ask for."""
    calls: list[str] = []
    plugins = Plugins.of(
        guard(lambda: calls.append("last"), trylast=True),
        guard(lambda: calls.append("second")),
        guard(lambda: calls.append("third")),
        guard(lambda: calls.append("first"), tryfirst=True),
    )

    assert plugins.hold(MESSAGE, "sumotext") is None
    assert ["first", "second", "third", "last"] == calls


def test_after_the_first_answer_nobody_is_asked() -> None:
    """Held back is held back."""
    plugins = Plugins.of(guard(lambda: "no"), guard(fail))
    held = plugins.hold(MESSAGE, "sumotext")

    assert held is not None
    assert (Reason.HELD, "no") == (held.reason, held.detail)


def test_a_guard_hears_message_and_backend() -> None:
    """It may decide by either."""

    class Guard:
        @hookimpl
        def sumotext_hold(self, message: Message, backend: str) -> str | None:
            return "not here" if (message, backend) == (MESSAGE, "sumotext") else None

    plugins = Plugins.of(Guard())

    assert plugins.hold(MESSAGE, "sumotext") is not None
    assert plugins.hold(MESSAGE, "console") is None


@pytest.mark.parametrize(
    ("decide", "kind"),
    [
        (fail, "ValueError"),
        (sys.exit, "SystemExit"),
        (lambda: True, "answered with bool"),
        (lambda: 0, "answered with int"),
    ],
)
def test_a_guard_that_cannot_decide_lets_nothing_through(
    decide: Callable[[], object], kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It raised or gave no sensible answer: surely not sent, safe to send again, logged."""
    held = Plugins.of(guard(decide)).hold(MESSAGE, "sumotext")
    words = f"plugin 'SimpleNamespace' could not decide ({kind}); nothing was sent"

    assert held is not None
    assert (Reason.CONFIGURATION, words) == (held.reason, held.detail)
    assert [("sumotext_backend.plugins", logging.ERROR, words)] == caplog.record_tuples
    assert caplog.records[0].exc_info is None


def test_a_reason_shows_no_number_and_is_one_line() -> None:
    """What a guard says goes into logs and to people; an empty reason names the plugin."""
    long = Plugins.of(guard(lambda: "5015551234\nis on the list")).hold(MESSAGE, "x")
    empty = Plugins.of(guard(lambda: "")).hold(MESSAGE, "x")

    assert long is not None
    assert "•••1234 is on the list" == long.detail
    assert empty is not None
    assert (Reason.HELD, "held back by plugin 'SimpleNamespace'") == (empty.reason, empty.detail)


def test_an_observer_that_raises_is_logged_and_the_next_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Plugin, hook and kind of error are logged; neither its words nor its traceback."""
    recorder = Recorder()
    Plugins.of(observer(fail), recorder).observe(MESSAGE, result_of("main"))

    assert [("result", "main")] == recorder.heard
    assert "plugin 'SimpleNamespace' raised ValueError in sumotext_result" == caplog.messages[0]
    assert caplog.records[0].exc_info is None
    assert "noon" not in caplog.text


def test_an_observer_that_ends_the_program_does_not_lose_the_result(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A text is out: `SystemExit` is one more error of a plugin, and the sender returns."""
    recorder = Recorder()
    sender = Sender(NullBackend(), plugins=Plugins.of(observer(sys.exit), recorder))
    result = sender.send(MESSAGE)

    assert Outcome.ACCEPTED is result.outcome
    assert [("result", "null")] == recorder.heard
    assert ["plugin 'SimpleNamespace' raised SystemExit in sumotext_result"] == caplog.messages


def test_ctrl_c_ends_the_program_once_all_have_heard() -> None:
    """What was sent is written down first, where a plugin writes it down; then Ctrl-C goes on."""
    recorder = Recorder()
    sender = Sender(NullBackend(), plugins=Plugins.of(observer(interrupt), recorder))
    with pytest.raises(KeyboardInterrupt):
        sender.send(MESSAGE)

    assert [("result", "null")] == recorder.heard


def test_ctrl_c_in_a_guard_ends_the_program_at_once() -> None:
    """Nothing was sent, and nobody hears of a send."""
    recorder = Recorder()
    sender = Sender(NullBackend(), plugins=Plugins.of(guard(interrupt), recorder))
    with pytest.raises(KeyboardInterrupt):
        sender.send(MESSAGE)

    assert [] == recorder.heard


def test_every_attempt_is_told_in_the_order_in_which_it_ended() -> None:
    """Those of a chain inside the chain come before it; the result comes last."""
    down = Reason.UNREACHABLE
    inner = result_of("inner", down, result_of("a", down), result_of("b", down))
    recorder = Recorder()
    Plugins.of(recorder).observe(MESSAGE, result_of("outer", down, inner, result_of("c", down)))
    attempts = [("attempt", name) for name in ("a", "b", "inner", "c")]

    assert [*attempts, ("result", "outer")] == recorder.heard


@pytest.mark.parametrize("first", [None, *Reason])
@pytest.mark.parametrize("last", [None, *Reason])
def test_degraded_is_told_when_a_later_attempt_saved_the_message(
    first: Reason | None, last: Reason | None
) -> None:
    """Accepted at last, and an earlier attempt failed or left a doubt: then, and only then."""
    recorder = Recorder()
    attempts = (result_of("a", first), result_of("b", last))
    Plugins.of(recorder).observe(MESSAGE, result_of("b", last, *attempts))
    lost = first is not None and first.outcome in (Outcome.FAILED, Outcome.UNKNOWN)

    assert (lost and last is None) == (("degraded", "b") in recorder.heard)


def test_degraded_sees_into_nested_chains() -> None:
    """A rescue inside an inner chain is one too."""
    inner = result_of("b", None, result_of("a", Reason.TLS), result_of("b"))
    recorder = Recorder()
    Plugins.of(recorder).observe(MESSAGE, result_of("b", None, inner))

    assert ("degraded", "b") == recorder.heard[-1]


def test_reports_and_inbound_texts_are_told() -> None:
    """What a source of them hands over reaches every plugin."""
    report = DeliveryReport(alias="x", provider_id="1", status=DeliveryStatus.DELIVERED)
    inbound = InboundMessage(alias="x", sender="5015551234", recipient="74700", text="STOP")
    recorder = Recorder()
    plugins = Plugins.of(recorder)
    plugins.report(report)
    plugins.inbound(inbound)

    assert [("report", report), ("inbound", inbound)] == recorder.heard
