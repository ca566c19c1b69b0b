"""django-sms's own tests with our backend plugged in: ``tox run -e django-upstream``.

They come with the sdist of the version that is installed, and are never kept here. pytest collects
this file only where it is named, since it needs that sdist.

Their tests ask for a backend by its path and look at what reaches the provider behind it: a
client's method, or ``sms.outbox``. So `Plugged`, our backend with what they look at, stands at
those paths, and a provider of ours, `Bridge`, hands each text on to it.
"""

from __future__ import annotations

import importlib
import sys
import unittest
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import attrs
import django
import pytest
from django.conf import settings
from django.test import override_settings

from sumotext_backend import Message, SendResult, SmsBackend
from tests.upstream import unpack

# Their tests text a fixed line, which is refused where this extra can tell.
sys.modules["phonenumbers"] = None  # type: ignore[assignment]

settings.configure(LOGGING_CONFIG=None, SMS_BACKEND="sumotext_django.SmsBackend")
django.setup()
sms = importlib.import_module("sms")

OURS: Final = "sumotext_django.SmsBackend"
CASES: Final = (
    "SmsTests",
    "LocmemBackendTests",
    "ConsoleBackendTests",
    "FileBasedBackendTests",
    "MessageBirdBackendTests",
    "TwilioBackendTests",
    "SignalTests",
)
# These two are about options of backends of theirs, a stream and a folder, that ours has not.
THEIRS: Final = ("ConsoleBackendTests", "FileBasedBackendTests")


@attrs.frozen
class Bridge(SmsBackend):
    """Hands texts to whatever django-sms's tests look at just now."""

    name = "bridge"
    texts: list[Message] = attrs.field(factory=list)
    to: list[Any] = attrs.field(factory=list)

    def send(self, message: Message) -> SendResult:
        """Tell the newest connection, as a provider's client would be told."""
        self.texts.append(message)
        origin = message.sender or message.options.get("django-sms", {}).get("originator")
        for plugged in self.to[-1:]:
            plugged.client.messages.create(to=message.to, from_=origin, body=message.text)
            plugged.client.message_create(origin, [message.to], message.text)
        return SendResult(backend=self.name, to=message.to, outcome="ACCEPTED")


def plugged(bridge: Bridge) -> type:
    """Our backend, with a client that can be watched; it fills ``sms.outbox`` as theirs does."""
    from sumotext_django import SmsBackend as Ours

    class Plugged(Ours):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            nobody = SimpleNamespace(create=lambda **_: None)
            self.client = SimpleNamespace(messages=nobody, message_create=lambda *_: None)
            bridge.to.append(self)

        def send_messages(self, messages: Any) -> int:
            count = super().send_messages(messages)
            sms.outbox = [*getattr(sms, "outbox", []), *messages]
            return count

    return Plugged


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The module ``tests.tests`` of the sdist."""
    folder = unpack("django-sms", tmp_path_factory.mktemp("django-sms"))
    # A number without its country code is nobody whose consent could be known, and is refused.
    file = folder / "tests" / "tests.py"
    file.write_text(file.read_text("utf-8").replace("'0600000000'", "'+33600000000'"), "utf-8")
    root = str(folder)
    ours = sys.modules.pop("tests", None)
    sys.path.insert(0, root)
    yield importlib.import_module("tests.tests")
    sys.path.remove(root)
    for name in ("tests", "tests.tests", "tests.custombackend"):
        sys.modules.pop(name, None)
    if ours:
        sys.modules["tests"] = ours


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    """Our backend at the paths that the tests ask for, and in ``SMS_BACKEND``."""
    made = Bridge()
    monkeypatch.delattr(sms, "outbox", raising=False)
    with override_settings(SMS_PROVIDERS={"default": made}, SMS_BACKEND=OURS):
        for name in ("locmem", "twilio", "messagebird"):
            module = importlib.import_module(f"sms.backends.{name}")
            monkeypatch.setattr(module, "SmsBackend", plugged(made))
        path = "sms.backends.locmem.SmsBackend"
        with override_settings(SMS_BACKEND=path):
            yield made


def passed(case: type[unittest.TestCase]) -> int:
    """How many tests of ``case`` ran; all must pass."""
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=2).run(suite)

    assert result.wasSuccessful(), result.failures + result.errors
    return result.testsRun


def test_all_cases_are_run(upstream: ModuleType) -> None:
    """A case that a newer version brings is not left out unseen."""
    found = [
        name
        for name, value in vars(upstream).items()
        if isinstance(value, type) and issubclass(value, unittest.TestCase)
    ]

    assert sorted(CASES) == sorted(name for name in found if name != "SimpleTestCase")


@pytest.mark.parametrize("name", CASES)
def test_case(upstream: ModuleType, bridge: Bridge, name: str) -> None:
    """It passes, and but for those on options of theirs its texts came through our backend."""
    ran = passed(getattr(upstream, name))

    assert ran > 0
    assert (name in THEIRS) is (not bridge.texts)


def test_the_mixin_with_our_own_path(upstream: ModuleType, bridge: Bridge) -> None:
    """`BaseSmsBackendTests` with ``SMS_BACKEND`` set to ours, as it is for their backends."""
    base = upstream.BaseSmsBackendTests

    class OurTests(base, upstream.SimpleTestCase):  # type: ignore[misc, name-defined]
        sms_backend = OURS

        def test_send_messages(self) -> None:
            message = sms.Message("Here is the message", "+12065550100", ["+441134960000"])
            connection = sms.get_connection()

            assert connection.send_messages([message]) == 1
            assert type(connection).__module__ == "sumotext_django.backend"

    assert passed(OurTests) == 1
    assert ["+441134960000"] == [text.to for text in bridge.texts]
