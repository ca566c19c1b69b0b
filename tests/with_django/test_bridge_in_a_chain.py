"""django-sms's Twilio backend in our chains: Twilio's own SDK, against a server on loopback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import override_settings
from posts import NUMBERS, STOPPED, Posts, posts
from sumotext_django import send_text

from sumotext_backend import Outcome, Reason, SendResult

pytest.importorskip("sms")
domain = pytest.importorskip("twilio.base.domain")


@contextmanager
def chain(server: Posts, monkeypatch: pytest.MonkeyPatch, **options: object) -> Iterator[None]:
    """``twilio || backup``, the first by django-sms, with Twilio's SDK pointed to ``server``."""
    absolute = domain.Domain.absolute_url

    def there(self: object, uri: str) -> str:
        return str(absolute(self, uri)).replace("https://api.twilio.com", server.url)

    monkeypatch.setattr(domain.Domain, "absolute_url", there)
    providers = {
        "default": {
            "BACKEND": "fallback",
            "OPTIONS": {"chain": ["twilio", "backup"], **options},
        },
        "twilio": "django-sms://sms.backends.twilio.SmsBackend",
        "backup": "memory://",
    }
    with override_settings(
        SMS_PROVIDERS=providers,
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        TWILIO_AUTH_TOKEN="0" * 32,
        DEFAULT_FROM_SMS="+15557122661",
    ):
        yield


def asked(result: SendResult) -> list[str]:
    """The providers that were tried."""
    return [attempt.provider for attempt in result.attempts]


def test_twelve_who_said_stop_are_not_texted_by_the_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twilio's 21610 is an exception like any other, and never opens the circuit."""
    with posts(400, STOPPED) as server, chain(server, monkeypatch):
        results = [send_text(number, "hello") for number in NUMBERS]

    assert 12 == len(server.seen)
    assert [["twilio"]] * 12 == list(map(asked, results))
    assert {Reason.CRASHED} == {result.reason for result in results}


def test_a_chain_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that never answers: a doubt after a second, and nobody else is asked."""
    with posts(silent=True) as server, chain(server, monkeypatch, timeout=1):
        begun = time.monotonic()
        result = send_text(NUMBERS[0], "hello")
        took = time.monotonic() - begun

    assert 1 == len(server.seen)
    assert (Outcome.UNKNOWN, Reason.TIMEOUT) == (result.outcome, result.reason)
    assert ["twilio"] == asked(result)
    assert took < 2
