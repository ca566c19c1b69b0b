"""What a project's own tests use."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings
from django.test import SimpleTestCase
from sumotext_django import get_sender, send_text
from sumotext_django.pytest_plugin import sumotext_outbox  # noqa: F401 - a fixture
from sumotext_django.testing import override

from sumotext_backend import Message, Reason
from sumotext_backend.local.memory import Outbox
from sumotext_backend.simulator import Simulator

sms = pytest.importorskip("sms")

GOOD = "5015551234"


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_an_empty_outbox(sumotext_outbox: Outbox, turn: int) -> None:  # noqa: F811
    """And keeps what is sent in any way, by any provider."""
    send_text(GOOD, f"native {turn}")
    sms.send_sms(f"django-sms {turn}", "", [GOOD])

    assert [f"native {turn}", f"django-sms {turn}"] == [each.text for each in sumotext_outbox]


def test_nothing_leaves(gateway: Simulator) -> None:
    """Whatever alias is used, chains too; afterwards all is as before."""
    before = settings.SMS_PROVIDERS
    with override() as outbox:
        for alias in before:
            send_text(GOOD, "hello", using=alias)

    assert (len(before), ()) == (len(outbox), gateway.requests)
    assert settings.SMS_PROVIDERS is before
    send_text(GOOD, "hello")
    assert len(gateway.requests) == 1


def test_a_provider_may_fail(gateway: Simulator) -> None:
    """By its alias, with any `Reason`; the outbox holds what may have left."""
    with override(chain="NOT_OPTED_IN", down="TIMEOUT") as outbox:
        assert Reason.NOT_OPTED_IN is send_text("5015550000", "refused", using="chain").reason
        assert Reason.TIMEOUT is send_text(GOOD, "doubt", using="down").reason
        send_text(GOOD, "accepted")

    assert ["doubt", "accepted"] == [each.text for each in outbox]


def test_a_provider_that_does_not_exist_is_refused(gateway: Simulator) -> None:
    """As is a word that is no reason."""
    with (
        pytest.raises(ValueError, match="SMS_PROVIDERS has no provider 'mian'"),
        override(mian="X"),
    ):
        pass
    with pytest.raises(ValueError, match="wants a reason"), override(default="TIMEUOT"):
        pass


@override()
def decorated() -> Message:
    """Send while decorated; return what the provider kept."""
    send_text(GOOD, "hello")
    backend = get_sender().backend
    kept: Outbox = backend.of.outbox  # type: ignore[attr-defined]
    [message] = kept
    return message


def test_as_a_decorator_of_a_function(gateway: Simulator) -> None:
    """Each call has its own outbox."""
    assert decorated() == decorated()
    assert () == gateway.requests


@override(default="TIMEOUT")
class DecoratedTests(SimpleTestCase):
    """As a decorator of a Django test case: each test begins anew."""

    outbox: Outbox

    def send(self) -> None:
        """Send one that may have left."""
        assert Reason.TIMEOUT is send_text(GOOD, "hello").reason
        assert [Message(GOOD, "hello")] == self.outbox

    test_first = send
    test_second = send


def test_django_sms_own_outbox_is_emptied(gateway: Simulator) -> None:
    """Nobody else ever does it."""
    sms.get_connection("sms.backends.locmem.SmsBackend").send_messages([sms.Message("x")])
    assert sms.outbox
    with override():
        assert [] == sms.outbox


def test_pytest_is_not_needed() -> None:
    """`override` serves projects whose tests are Django's own."""
    code = (
        "import sys; sys.modules['pytest'] = None; from django.conf import settings;"
        "settings.configure(); from sumotext_django.testing import override;"
        "from sumotext_django import send_text\n"
        "with override() as outbox: send_text('5015551234', 'hello'); print(len(outbox))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout == "1\n"
