"""Where consent is asked in a tree, and what it must not touch."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import attrs
import pytest

from sumotext_backend import Message, Outcome, Reason, Sender, SendResult
from sumotext_backend.backend import SmsBackend
from sumotext_backend.ledger import Ledger, MemoryDatabase, Settings, SqliteDatabase, opt_out
from sumotext_backend.ledger.book import Book
from sumotext_backend.ledger.gate import Gate
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
from tests.ledger.crashes import open_ledger

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


@attrs.frozen(kw_only=True)
class Either(SmsBackend):
    """A stranger's composite, which asks all, and keeps a list."""

    name: ClassVar[str] = "either"

    chain: list[SmsBackend]

    def send(self, message: Message) -> SendResult:
        """The first acceptance, or else the first result."""
        results = [backend.send(message) for backend in self.chain]
        return next((result for result in results if not result.reason), results[0])


def test_a_strangers_composite_may_keep_a_list(ledger: Ledger) -> None:
    """A refusal of its first provider stops its second one all the same."""
    backup = MemoryBackend()
    refuses = Route(provider="a", of=MemoryBackend(reason="NOT_OPTED_IN"))
    tree = Either(chain=[refuses, Route(provider="b", of=backup)])

    result = Sender(tree, ledger=ledger).send(Message(TO, "hello"))

    assert Reason.NOT_OPTED_IN is result.reason
    assert 0 == len(backup.outbox)


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


def test_who_only_looks_makes_nothing(ledger: Ledger) -> None:
    """A store in which nothing was ever written knows nothing, and stays as it is."""
    gate = Gate(of=MemoryBackend(), provider="main", book=Book(ledger))

    assert gate.foresee(Message(TO, "hello")) is None
    assert ledger.view() is None
    assert not ledger._database.exists()


def test_who_only_looks_sees_what_another_wrote(ledger: Ledger, place: str) -> None:
    """And keeps the text from nobody whom a send would text."""
    opt_out(ledger, TO)
    other = open_ledger(place, Settings())
    gate = Gate(of=MemoryBackend(), provider="main", book=Book(other))
    refused, free = (gate.foresee(Message(number, "hello")) for number in (TO, OTHER))
    other.close()

    assert refused is not None
    assert (Reason.OPTED_OUT, None) == (refused.reason, free)


def test_who_only_looks_hears_why_consent_cannot_be_read(tmp_path: Path) -> None:
    """It fails closed here as it does for a send."""
    (tmp_path / "state").write_text("a file, not a folder")
    broken = Ledger(SqliteDatabase(tmp_path / "state" / "ledger.sqlite3"))
    gate = Gate(of=MemoryBackend(), provider="main", book=Book(broken))
    looked, asked = gate.foresee(Message(TO, "hello")), gate.send(Message(TO, "hello"))

    assert looked is not None
    assert {Reason.UNAVAILABLE} == {looked.reason, asked.reason}
    assert "the ledger 'ledger.sqlite3' cannot be used" in looked.detail
