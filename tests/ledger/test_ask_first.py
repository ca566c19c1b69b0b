"""Where in a tree a carrier is looked up, and what that says of its provider."""

from __future__ import annotations

import pytest
from lookup_sends import account

from sumotext_backend import Message, Outcome, Reason, Sender
from sumotext_backend.backend import SmsBackend
from sumotext_backend.explain import explain
from sumotext_backend.ledger import Ledger
from sumotext_backend.ledger.gates import put_gates
from sumotext_backend.local import MemoryBackend
from sumotext_backend.routing import (
    Fallback,
    Health,
    MemoryStore,
    Redirect,
    Retry,
    RoundRobin,
    Route,
    Rules,
)
from sumotext_backend.simulator import Simulator

TO, OTHER, NO_CARRIER, NO_IP = "5015551234", "5015550000", "5015550102", "5015550103"


def route(of: SmsBackend, health: Health | None = None, name: str = "main") -> Route:
    """A provider as a configuration puts it into a chain."""
    return Route(provider=name, of=of, health=health, key=name)


@pytest.mark.parametrize(
    "around",
    [
        lambda it: it,
        route,
        lambda it: Fallback(chain=(route(it),)),
        lambda it: RoundRobin(chain=(route(it),)),
        lambda it: Retry(of=route(it)),
        lambda it: Redirect(of=route(it), allow=(f"+1{TO}",)),
        lambda it: Redirect(of=route(it), to=f"+1{TO}"),
        lambda it: Fallback(chain=(route(Retry(of=Fallback(chain=(route(it),)))),)),
    ],
    ids=["alone", "route", "fallback", "roundrobin", "retry", "allow", "redirect", "nested"],
)
def test_a_carrier_is_looked_up_in_any_composite(around, ledger: Ledger) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Once, for the number that is texted."""
    with Simulator() as gateway, Sender(around(account(gateway.url)), ledger=ledger) as sms:
        results = [sms.send(Message(TO, "hello")) for _ in range(2)]

        assert [result.outcome for result in results] == [Outcome.ACCEPTED] * 2
        assert gateway.account.lookups == (TO,)
        assert [text.fields["carrier"] for text in gateway.messages] == ["ATTUS"] * 2


def test_a_chain_goes_on_where_there_is_no_carrier(ledger: Ledger) -> None:
    """The text was surely not sent by the first."""
    backup = MemoryBackend()
    with Simulator() as gateway:
        chain = Fallback(chain=(route(account(gateway.url)), route(backup, name="backup")))
        with Sender(chain, ledger=ledger) as sms:
            result = sms.send(Message(NO_CARRIER, "hello"))

    assert (result.outcome, result.provider) == (Outcome.ACCEPTED, "backup")
    assert len(backup.outbox) == 1


def test_a_look_up_in_vain_speaks_of_the_route(ledger: Ledger) -> None:
    """A provider that is left alone is not asked for carriers either, so that nothing is paid."""
    health = Health(MemoryStore(), Rules(failures=1))
    with Simulator() as gateway:
        with Sender(route(account(gateway.url), health), ledger=ledger) as sms:
            refused = sms.send(Message(NO_IP, "hello"))
            left_alone = sms.send(Message(TO, "hello"))

        assert (refused.reason, left_alone.reason) == (Reason.UNAUTHORIZED, Reason.UNAVAILABLE)
        assert "left alone" in left_alone.detail
        assert gateway.account.lookups == ()


def test_a_plan_shows_the_provider_alone(ledger: Ledger) -> None:
    """Nothing is looked up for it."""
    with Simulator() as gateway:
        plan = explain(put_gates(route(account(gateway.url)), ledger), Message(TO, "hello"))

        assert [(step.provider, step.backend) for step in plan.steps] == [("main", "sumotext")]
        assert plan.rules == ()
        assert gateway.account.lookups == ()


def test_a_sender_that_is_closed_may_be_used_again(ledger: Ledger) -> None:
    """Its connections are closed with it, those of look-ups too."""
    backend = account("http://127.0.0.1:9", timeout=0.5)
    sms = Sender(backend, ledger=ledger)
    first = sms.send(Message(TO, "hello"))
    sms.close()

    assert backend._drivers._made == {}
    assert sms.send(Message(OTHER, "hello")).reason is first.reason is Reason.UNREACHABLE
    sms.close()
