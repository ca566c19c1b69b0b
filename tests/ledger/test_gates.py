"""Where consent is asked in a tree, and what it must not touch."""

from __future__ import annotations

import pytest

from sumotext_backend import Message, Outcome, Reason, Sender
from sumotext_backend.backend import SmsBackend
from sumotext_backend.ledger import Ledger, MemoryDatabase, opt_out
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

TO = "5015551234"
OTHER = "5015550000"


def _route(of: SmsBackend, health: Health | None = None) -> Route:
    return Route(provider="main", of=of, health=health, key="main")


@pytest.mark.parametrize(
    "around",
    [
        lambda it: it,
        lambda it: Fallback(chain=(_route(it),)),
        lambda it: RoundRobin(chain=(_route(it),)),
        lambda it: Retry(of=_route(it)),
        lambda it: Redirect(of=_route(it), allow=(f"+1{TO}",)),
        lambda it: Redirect(of=_route(it), to=f"+1{TO}"),
        lambda it: Fallback(chain=(_route(Retry(of=Fallback(chain=(_route(it),)))),)),
    ],
    ids=["alone", "fallback", "roundrobin", "retry", "allow", "redirect", "nested"],
)
def test_no_composite_goes_round_consent(around) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """The number that would be texted is asked for, below everything."""
    ledger, backend = Ledger(MemoryDatabase()), MemoryBackend()
    opt_out(ledger, TO)

    result = Sender(around(backend), ledger=ledger).send(Message(TO, "hello"))

    assert Reason.OPTED_OUT is result.reason
    assert 0 == len(backend.outbox)


def test_a_redirect_asks_for_whom_it_texts(ledger: Ledger) -> None:
    """A person who opted out does not stop a text that goes to somebody else."""
    backend = MemoryBackend()
    opt_out(ledger, TO)
    sender = Sender(Redirect(of=_route(backend), to=f"+1{OTHER}"), ledger=ledger)

    assert Outcome.ACCEPTED is sender.send(Message(TO, "hello")).outcome


def test_a_gate_says_nothing_of_a_providers_health() -> None:
    """A refusal out of the ledger neither closes a circuit nor counts: nobody was asked."""
    ledger, health = Ledger(MemoryDatabase()), Health(MemoryStore(), Rules(failures=5))
    opt_out(ledger, OTHER)
    sender = Sender(_route(MemoryBackend(reason="UNREACHABLE"), health), ledger=ledger)
    sender.send(Message(TO, "hello"))
    before = health.circuit("main")
    refused = sender.send(Message(OTHER, "hello"))

    assert (Reason.OPTED_OUT, "main") == (refused.reason, refused.provider)
    assert 1 == before.failures
    assert before == health.circuit("main")
