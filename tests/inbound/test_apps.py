"""Every provider's callbacks over real sockets: exact status, exact number of events told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sumotext_backend.inbound import InboundTable, Receiver
from sumotext_backend.ledger import Ledger, MemoryDatabase
from tests.inbound.apps import Running, serve
from tests.inbound.cases import NOW, PUBLIC, SECRET, Heard
from tests.inbound.deliveries import MAX_BYTES, RULES, Delivery, list_deliveries

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def heard() -> Heard:
    """What hooks heard."""
    return Heard()


@pytest.fixture(scope="module", params=["wsgi", "asgi"])
def running(request: pytest.FixtureRequest, heard: Heard) -> Iterator[Running]:
    """A receiver of every provider, behind a server."""
    table = InboundTable(secrets=(SECRET,), public_url=PUBLIC, max_bytes=MAX_BYTES)
    receiver = Receiver(
        backends={alias: rules.checking() for alias, rules in RULES.items()},
        ledger=Ledger(MemoryDatabase()),
        tell=heard,
        fetch=fetch,
        table=table,
        clock=lambda: NOW,
    )
    with serve(request.param, receiver) as server:
        yield server


def fetch(url: str) -> bytes:
    """The certificate that the tests of SNS sign with."""
    from callback_requests import sns_keys

    return sns_keys()[1]


@pytest.mark.parametrize("alias", RULES)
def test_each_delivery_ends_as_it_must(alias: str, running: Running, heard: Heard) -> None:
    """Good ones are told once, all others to nobody; none is a 500, and nothing is echoed."""
    for delivery in list_deliveries(alias, NOW):
        before = len(heard.events)
        status, headers, body = send(running, delivery)

        assert delivery.status == status, delivery.name
        assert delivery.told == len(heard.events) - before, delivery.name
        assert "no-store" == headers["cache-control"]
        if status >= 400:
            assert b"" == body


def send(running: Running, delivery: Delivery, mount: str = "") -> Any:
    """Send one, as its provider does."""
    callback = delivery.callback
    headers = {**callback.headers, **delivery.headers}
    method = delivery.method or callback.method
    sent = {name.title(): value for name, value in headers.items()}
    return running.ask(method, mount + delivery.target, sent, callback.body)


def test_there_are_enough_of_them() -> None:
    """At least 110 for the receiver alone."""
    assert 110 <= sum(1 for alias in RULES for _ in list_deliveries(alias, NOW))
