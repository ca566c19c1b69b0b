"""Rules of `Sender`: hold, send, observe."""

from __future__ import annotations

import types

import attrs
import pytest

from sumotext_backend import (
    ConfigurationError,
    Message,
    Outcome,
    Reason,
    Sender,
    SendResult,
    SmsBackend,
)
from sumotext_backend.hookspecs import hookimpl
from sumotext_backend.models import Verdict
from sumotext_backend.plugins import Plugins

MESSAGE = Message("5015551234", "meet me at noon")


@attrs.frozen
class Tiny(SmsBackend):
    """Accepts everything and keeps it; raises what it is told to."""

    name = "tiny"
    error: Exception | None = None
    calls: list[Message | str] = attrs.field(factory=list)

    def send(self, message: Message) -> SendResult:
        """Keep ``message``."""
        self.calls.append(message)
        if self.error:
            raise self.error
        return SendResult(backend="tiny", to=message.to, outcome=Outcome.ACCEPTED)

    def close(self) -> None:
        """Keep that it was closed."""
        self.calls.append("close")


def _observer(seen: list[tuple[Message, SendResult]]) -> object:
    @hookimpl
    def sumotext_result(message: Message, result: SendResult) -> None:
        seen.append((message, result))

    return types.SimpleNamespace(sumotext_result=sumotext_result)


def _guard(answer: object) -> object:
    @hookimpl
    def sumotext_hold() -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return types.SimpleNamespace(sumotext_hold=sumotext_hold)


def test_without_plugins_the_backend_is_called_once() -> None:
    """`send` returns what the backend says, with the duration."""
    backend = Tiny()
    result = Sender(backend, plugins=Plugins.of()).send(MESSAGE)

    assert Outcome.ACCEPTED is result.outcome
    assert result.duration is not None
    assert [MESSAGE] == backend.calls


def test_a_key_without_a_ledger_is_refused() -> None:
    """Nothing would know of it at the next send, and the text would go twice."""
    backend = Tiny()
    result = Sender(backend, plugins=Plugins.of()).send(attrs.evolve(MESSAGE, key="order-1"))

    assert (Outcome.FAILED, Reason.CONFIGURATION) == (result.outcome, result.reason)
    assert [] == backend.calls


def test_by_default_the_installed_plugins_stand_around_it() -> None:
    """No plugins given: those of the environment, here none that would hold back."""
    assert Outcome.ACCEPTED is Sender(Tiny()).send(MESSAGE).outcome


def test_what_is_held_back_never_reaches_the_backend() -> None:
    """The result is ``REJECTED`` / ``HELD`` with the plugin's reason, and observers see it."""
    backend, seen = Tiny(), []
    sender = Sender(backend, plugins=Plugins.of(_guard("quiet hours"), _observer(seen)))
    result = sender.send(MESSAGE)

    assert (Outcome.REJECTED, Reason.HELD) == (result.outcome, result.reason)
    assert ("tiny", MESSAGE.to, "quiet hours") == (result.backend, result.to, result.detail)
    assert [(MESSAGE, result)] == seen
    assert [] == backend.calls


@pytest.mark.parametrize("answer", [ValueError("boom"), True])
def test_a_guard_that_fails_fails_closed(answer: object) -> None:
    """Surely not sent and safe to send again: ``FAILED``, not ``REJECTED``."""
    backend, seen = Tiny(), []
    sender = Sender(backend, plugins=Plugins.of(_guard(answer), _observer(seen)))
    result = sender.send(MESSAGE)

    assert (Outcome.FAILED, Reason.CONFIGURATION) == (result.outcome, result.reason)
    assert [(MESSAGE, result)] == seen
    assert [] == backend.calls


def test_observers_see_what_send_returns() -> None:
    """The very message and the very result, a crash of the backend included."""
    seen: list[tuple[Message, SendResult]] = []
    plugins = Plugins.of(_guard(None), _observer(seen))
    accepted = Sender(Tiny(), plugins=plugins).send(MESSAGE)
    crashed = Sender(Tiny(RuntimeError("boom")), plugins=plugins).send(MESSAGE)

    assert Reason.CRASHED is crashed.reason
    assert [(MESSAGE, accepted), (MESSAGE, crashed)] == seen


def test_a_configuration_error_of_a_backend_is_a_failure() -> None:
    """Nothing was tried: FAILED / CONFIGURATION, with the error's words, numbers masked."""
    seen: list[tuple[Message, SendResult]] = []
    error = ConfigurationError("no account\nfor 5015551234")
    sender = Sender(Tiny(error), plugins=Plugins.of(_observer(seen)))
    result = sender.send(MESSAGE)

    assert Reason.CONFIGURATION is result.reason
    assert "no account for •••1234" == result.detail
    assert [(MESSAGE, result)] == seen


def test_the_backend_is_closed_at_the_end_of_the_block() -> None:
    """`Sender` is a context manager that gives itself."""
    backend = Tiny()
    with Sender(backend) as sender:
        assert [] == backend.calls
    sender.close()

    assert ["close", "close"] == backend.calls


def test_a_subclass_of_a_result_is_taken_for_what_it_says() -> None:
    """However its class is made, nothing raises after the text has gone."""

    class Odd(SendResult):
        def __init__(self, odd: int) -> None:
            plain = SendResult.of("odd", MESSAGE, Verdict(message_id="7"))
            for field in attrs.fields(SendResult):
                object.__setattr__(self, field.name, getattr(plain, field.name))

    class Strange(Tiny):
        def send(self, message: Message) -> SendResult:
            return Odd(1)

    result = Sender(Strange()).send(MESSAGE)

    assert ("7", SendResult) == (result.message_id, type(result))


class Stopping(Tiny):
    """Holds number and text when the process is told to end, as a worker whose time is over."""

    def send(self, message: Message) -> SendResult:
        """End."""
        request = f"GET /?mobile={message.to}&msg={message.text}"
        raise SystemExit(len(request))


def locals_of(backend: SmsBackend, *, direct: bool = False) -> str:
    """What a tracker of errors would show of the exit, and the exit's own notes."""
    send = backend.send if direct else Sender(backend, plugins=Plugins.of()).send
    with pytest.raises(SystemExit) as caught:
        send(MESSAGE)
    found, trace = [*getattr(caught.value, "__notes__", ())], caught.value.__traceback__
    assert caught.value.__context__ is None
    while trace:
        found.append(repr(trace.tb_frame.f_locals))
        trace = trace.tb_next
    return "\n".join(found)


def test_an_exit_leaves_without_the_frames_inside() -> None:
    """Those hold number and text, as the control shows; file and line are kept as a note."""
    shown = locals_of(Stopping())

    assert "raised at " in shown
    assert "test_sender.py:" in shown
    for private in (MESSAGE.to, MESSAGE.text):
        assert private not in shown
        assert private in locals_of(Stopping(), direct=True)
