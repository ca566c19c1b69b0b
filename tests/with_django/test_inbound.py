"""The receiver as Django's view, on a real server: every provider's callbacks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.urls import include, path
from sumotext_django.signals import delivery_report, inbound, provider_event

from sumotext_backend.ledger import Ledger, MemoryDatabase
from tests.inbound.apps import Running, serve_wsgi
from tests.inbound.cases import PUBLIC, SECRET, Heard
from tests.inbound.deliveries import MAX_BYTES, RULES, list_deliveries
from tests.inbound.test_apps import send

pytestmark = pytest.mark.once

urlpatterns = [path("texts/", include("sumotext_django.urls"))]

ALIASES = [alias for alias in RULES if alias != "aws"]
"""Without Amazon's, whose certificate Django's receiver would fetch from Amazon."""


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What receivers of the signals heard."""
    made = Heard()

    def hear(again: bool, **given: Any) -> None:
        made.events += [(given.get("report") or given.get("inbound") or given["event"], again)]

    signals = (delivery_report, inbound, provider_event)
    for signal in signals:
        signal.connect(hear)
    yield made
    for signal in signals:
        signal.disconnect(hear)


@pytest.fixture
def running(heard: Heard) -> Iterator[Running]:
    """A project whose providers are those of the rules."""
    providers = {
        alias: {"BACKEND": rules.cls.name, "OPTIONS": {**rules.options, **rules.keys}}
        for alias, rules in RULES.items()
    }
    table = {"secrets": [SECRET], "public_url": PUBLIC, "max_bytes": MAX_BYTES}
    with (
        override_settings(
            ROOT_URLCONF=__name__,
            ALLOWED_HOSTS=["*"],
            SMS_PROVIDERS={**providers, "default": {"BACKEND": "memory"}},
            SMS_LEDGER=Ledger(MemoryDatabase()),
            SMS_INBOUND=table,
        ),
        serve_wsgi(WSGIHandler()) as server,
    ):
        yield server


@pytest.mark.parametrize("alias", ALIASES)
def test_each_delivery_ends_as_it_must(alias: str, running: Running, heard: Heard) -> None:
    """Good ones are told once, all others to nobody; none is a 500, and nothing is echoed."""
    for delivery in list_deliveries(alias, time.time()):
        before = len(heard.events)
        status, headers, body = send(running, delivery, "/texts")

        assert delivery.status == status, delivery.name
        assert delivery.told == len(heard.events) - before, delivery.name
        assert "no-store" == headers["cache-control"]
        if status >= 400:
            assert b"" == body
