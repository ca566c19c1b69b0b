"""Who said no is not texted, now or later, through whomever."""

from __future__ import annotations

from sumotext_backend import Message, Outcome, Reason, Sender
from sumotext_backend.ledger import Ledger
from sumotext_backend.local import MemoryBackend, NullBackend
from sumotext_backend.routing import Fallback, Route

TO = "5015551234"


def _make_chain(main: MemoryBackend, backup: MemoryBackend) -> Fallback:
    return Fallback(chain=(Route(provider="main", of=main), Route(provider="backup", of=backup)))


def test_a_refusal_outlives_the_provider_that_gave_it(ledger: Ledger) -> None:
    """SUMOTEXT refuses a person, and is down minutes later: the backup does not text them."""
    backup = MemoryBackend()
    refuses = _make_chain(MemoryBackend(reason="NOT_OPTED_IN"), backup)
    down = _make_chain(MemoryBackend(reason="UNREACHABLE"), backup)
    Sender(refuses, ledger=ledger).send(Message(TO, "hello"))

    later = Sender(down, ledger=ledger).send(Message(TO, "hello"))

    assert Outcome.REJECTED is later.outcome
    assert 0 == len(backup.outbox)


def test_the_provider_that_refused_is_asked_again(ledger: Ledger) -> None:
    """It is the one that knows; its acceptance lifts the refusal for all."""
    backup = MemoryBackend()
    Sender(_make_chain(MemoryBackend(reason="NOT_OPTED_IN"), backup), ledger=ledger).send(
        Message(TO, "hello")
    )
    main = MemoryBackend()

    accepted = Sender(_make_chain(main, backup), ledger=ledger).send(Message(TO, "hello"))
    down = _make_chain(MemoryBackend(reason="UNREACHABLE"), backup)
    later = Sender(down, ledger=ledger).send(Message(TO, "hello"))

    assert (Outcome.ACCEPTED, Outcome.ACCEPTED) == (accepted.outcome, later.outcome)
    assert (1, 1) == (len(main.outbox), len(backup.outbox))


def test_another_company_under_the_alias_is_not_the_one_that_refused(ledger: Ledger) -> None:
    """Nobody is texted whom SUMOTEXT refused because its alias is another provider's today."""
    refuses = MemoryBackend(reason="NOT_OPTED_IN")
    Sender(Route(provider="main", of=refuses), ledger=ledger).send(Message(TO, "hello"))
    other = NullBackend()

    swapped = Sender(Route(provider="main", of=other), ledger=ledger).send(Message(TO, "hello"))
    back = Sender(Route(provider="main", of=MemoryBackend()), ledger=ledger)
    asked = back.send(Message(TO, "hello"))
    later = Sender(Route(provider="main", of=other), ledger=ledger).send(Message(TO, "hello"))

    assert (Reason.NOT_OPTED_IN, None, None) == (swapped.reason, asked.reason, later.reason)
    assert "'main', a 'memory' then, refused" in swapped.detail


def test_an_opt_out_stops_every_provider(ledger: Ledger) -> None:
    """No provider is asked once one said that the person opted out."""
    main, backup = MemoryBackend(), MemoryBackend()
    Sender(MemoryBackend(reason="OPTED_OUT"), ledger=ledger).send(Message(TO, "hello"))

    result = Sender(_make_chain(main, backup), ledger=ledger).send(Message(f"+1{TO}", "hello"))

    assert Reason.OPTED_OUT is result.reason
    assert (0, 0) == (len(main.outbox), len(backup.outbox))
