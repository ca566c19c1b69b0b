"""Backends of django-sms as providers: what their answers can prove."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

import attrs
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from sumotext_django import DjangoSmsBackend, send_text

from sumotext_backend import (
    ConfigurationError,
    Message,
    Outcome,
    Reason,
    SendResult,
    SmsBackend,
    connect,
)
from sumotext_backend.simulator import Simulator
from sumotext_backend.testing import BackendContract

sms = pytest.importorskip("sms")

GOOD = "+15015551234"
HERE = "sumotext_tests_django_backends"


class Foreign:
    """A backend of django-sms that ends as it is told to, and keeps what it was given."""

    ends: ClassVar[Any] = 1
    fails: ClassVar[Exception | None] = None
    seen: ClassVar[list[Any]] = []

    def __init__(self, fail_silently: bool = False, **_: Any) -> None:
        """Fail where it is told to."""
        if self.fails:
            raise self.fails
        assert not fail_silently

    def send_messages(self, messages: list[Any]) -> Any:
        """End."""
        self.seen.extend(messages)
        if isinstance(self.ends, Exception):
            raise self.ends
        return self.ends


@pytest.fixture(autouse=True)
def foreign(monkeypatch: pytest.MonkeyPatch) -> type[Foreign]:
    """`Foreign`, to be found under `HERE`."""
    import sys
    import types

    module = types.ModuleType(HERE)
    module.SmsBackend = Foreign  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, HERE, module)
    monkeypatch.setattr(Foreign, "seen", [])
    return Foreign


BACKEND = DjangoSmsBackend(path=f"{HERE}.SmsBackend")


def test_a_count_is_accepted_without_an_id(foreign: type[Foreign]) -> None:
    """It raised nothing, with ``fail_silently`` off, and says that it sent."""
    result = BACKEND.send(Message("(501) 555-1234", "hello"))

    assert (Outcome.ACCEPTED, None) == (result.outcome, result.message_id)
    assert [("hello", [GOOD])] == [(one.body, one.recipients) for one in foreign.seen]


@pytest.mark.parametrize("ends", [0, None, "1", -1])
def test_no_count_proves_nothing(
    foreign: type[Foreign], monkeypatch: pytest.MonkeyPatch, ends: object
) -> None:
    """``UNKNOWN``: it may have swallowed a time-out."""
    monkeypatch.setattr(foreign, "ends", ends)

    assert Reason.BAD_ANSWER is BACKEND.send(Message(GOOD, "hello")).reason


@pytest.mark.parametrize("error", [OSError, ImproperlyConfigured, ImportError, ConfigurationError])
def test_an_exception_while_sending_is_a_doubt(
    foreign: type[Foreign], monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """``UNKNOWN``: a request may have left. The error's words are not repeated."""
    monkeypatch.setattr(foreign, "ends", error(f"{GOOD} secret"))
    result = BACKEND.send(Message(GOOD, "hello"))

    assert (Reason.CRASHED, True) == (result.reason, error.__name__ in result.detail)
    assert not any(each in result.detail for each in ("secret", "1234"))


@pytest.mark.parametrize("error", [OSError, ImproperlyConfigured, ImportError, AttributeError])
def test_a_backend_that_cannot_be_made_sent_nothing(
    foreign: type[Foreign], monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """``FAILED``, so that a chain goes on."""
    monkeypatch.setattr(foreign, "fails", error("secret"))
    result = BACKEND.send(Message(GOOD, "hello"))

    assert (Reason.CONFIGURATION, []) == (result.reason, foreign.seen)
    assert "secret" not in result.detail


def test_a_path_that_leads_nowhere_sent_nothing() -> None:
    """``FAILED`` / ``CONFIGURATION``."""
    result = DjangoSmsBackend(path="no.such.Backend").send(Message(GOOD, "hello"))

    assert Reason.CONFIGURATION is result.reason


@pytest.mark.parametrize(
    ("message", "originator"),
    [
        (Message(GOOD, "x"), "+15557122661"),
        (Message(GOOD, "x", sender="12345"), "12345"),
        (Message(GOOD, "x", options={"django-sms": {"originator": "ACME"}}), "ACME"),
    ],
)
def test_the_originator(foreign: type[Foreign], message: Message, originator: str) -> None:
    """The message's option, else its sender, else the provider's option."""
    DjangoSmsBackend(path=BACKEND.path, originator="+15557122661").send(message)

    assert [originator] == [one.originator for one in foreign.seen]


def test_django_sms_default_originator(foreign: type[Foreign]) -> None:
    """Where nobody names one, ``DEFAULT_FROM_SMS`` holds."""
    with override_settings(DEFAULT_FROM_SMS="54321"):
        BACKEND.send(Message(GOOD, "x"))

    assert ["54321"] == [one.originator for one in foreign.seen]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Message("nobody", "x"), Reason.INVALID_RECIPIENT),
        (Message(GOOD, ""), Reason.INVALID_MESSAGE),
        (Message(GOOD, "x", options={"django-sms": {"orginator": "1"}}), Reason.CONFIGURATION),
    ],
)
def test_what_cannot_be_sent_reaches_nobody(
    foreign: type[Foreign], message: Message, reason: Reason
) -> None:
    """As with every backend."""
    assert reason is BACKEND.send(message).reason
    assert [] == foreign.seen


@pytest.mark.parametrize("path", ["Backend", "a/b.C", "", "sumotext_django.SmsBackend"])
def test_a_path_that_cannot_be_is_refused(path: str) -> None:
    """Our own backend among them: it would send in a circle."""
    with pytest.raises(ConfigurationError, match="option 'path'"):
        DjangoSmsBackend(path=path)


def test_as_a_dsn_and_in_a_chain(foreign: type[Foreign], gateway: Simulator) -> None:
    """The backup of a provider that is down, with the originator that the message had."""
    backup = f"django-sms://{HERE}.SmsBackend"
    chain = {"BACKEND": "fallback", "OPTIONS": {"chain": ["down", "backup"]}}
    down = {"BACKEND": "memory", "OPTIONS": {"reason": "UNREACHABLE"}}
    given = {"default": chain, "down": down, "backup": backup}
    with override_settings(SMS_PROVIDERS=given):
        result = send_text(GOOD, "hello")
        sent = sms.send_sms("hello", "+15557122661", [GOOD])

    assert (Outcome.ACCEPTED, 1) == (result.outcome, sent)
    assert ["", "+15557122661"] == [one.originator for one in foreign.seen]


def test_shipped_backends_work(tmp_path: Any) -> None:
    """django-sms's own file backend, for real."""
    path = "sms.backends.filebased.SmsBackend"
    with (
        override_settings(SMS_FILE_PATH=str(tmp_path / "texts")),
        connect(f"django-sms://{path}") as sender,
    ):
        result = sender.send(Message(GOOD, "hello"))

    assert Outcome.ACCEPTED is result.outcome
    assert [True] == ["hello" in each.read_text() for each in (tmp_path / "texts").iterdir()]


def test_twilio_without_its_settings_is_misconfigured() -> None:
    """Its backend raises `AttributeError` for a missing setting; a chain goes on."""
    result = DjangoSmsBackend(path="sms.backends.twilio.SmsBackend").send(Message(GOOD, "x"))

    assert Reason.CONFIGURATION is result.reason


def test_a_chain_stops_after_a_doubt(foreign: type[Foreign], monkeypatch: Any) -> None:
    """Twilio through django-sms timed out: nobody else is asked."""
    monkeypatch.setattr(foreign, "ends", TimeoutError())
    with connect(f"django-sms://{HERE}.SmsBackend || memory://") as sender:
        result = sender.send(Message(GOOD, "hello"))

    assert (Outcome.UNKNOWN, 1) == (result.outcome, len(result.attempts))


@attrs.frozen(kw_only=True)
class WithId(DjangoSmsBackend):
    """The contract asks for an id, which no backend of django-sms gives: here is one."""

    def send(self, message: Message) -> SendResult:
        """Add it to what was accepted."""
        result = super().send(message)
        accepted = result.outcome is Outcome.ACCEPTED
        return attrs.evolve(result, message_id=str(uuid.uuid4())) if accepted else result


class TestContract(BackendContract):
    """The rules of every backend, all but the id."""

    def backend(self, **options: Any) -> DjangoSmsBackend:
        """One that accepts."""
        return WithId(**{"path": f"{HERE}.SmsBackend", **options})

    def sent(self, backend: SmsBackend) -> list[tuple[str, str]]:
        """What reached `Foreign`."""
        return [(message.recipients[0], message.body) for message in Foreign.seen]
