"""What a send would do, as far as consent decides it."""

from __future__ import annotations

import pytest

from sumotext_backend import ConfigurationError, Message, Sender, SmsBackend
from sumotext_backend.explain import Plan, explain
from sumotext_backend.ledger import (
    Ledger,
    LedgerError,
    MemoryDatabase,
    Settings,
    opt_in,
    opt_out,
)
from sumotext_backend.ledger.gates import put_gates
from sumotext_backend.local import MemoryBackend
from sumotext_backend.routing import Fallback, Redirect, Route

TO = "5015551234"
OTHER = "5015550199"
ONLY_A = "provider 'a' refused the person (NOT_OPTED_IN), and only it may be asked"


class Unreachable(MemoryDatabase):
    """A database for which everybody waits in vain; it knows how many did."""

    asked = 0

    def exists(self) -> bool:
        """Not to be found out."""
        self.asked += 1
        raise LedgerError("the ledger does not answer")


def _chain(*, reason: str = "", also_after: tuple[str, ...] = ()) -> Fallback:
    """Providers ``a``, which refuses where there is a ``reason``, and ``b``."""
    a = MemoryBackend(reason=reason or None)
    routes = (Route(provider="a", of=a), Route(provider="b", of=MemoryBackend()))
    return Fallback(chain=routes, also_after=also_after)


def _explain(backend: SmsBackend, ledger: Ledger) -> Plan:
    return explain(put_gates(backend, ledger), Message(TO, "hello"))


def _skipped(backend: SmsBackend, ledger: Ledger) -> dict[str, str]:
    return {step.provider: step.skipped for step in _explain(backend, ledger).steps}


def test_nothing_known_is_nothing_skipped() -> None:
    """An empty ledger changes nothing of the plan, its rules among it."""
    plan = _explain(_chain(), Ledger(MemoryDatabase()))

    assert explain(_chain(), Message(TO, "hello")) == plan
    assert {"a": "", "b": ""} == {step.provider: step.skipped for step in plan.steps}


def test_nobody_is_asked_for_a_person_who_opted_out() -> None:
    """Until an opt-in lifts it."""
    ledger = Ledger(MemoryDatabase())
    opt_out(ledger, TO)
    before = _skipped(_chain(), ledger)
    opt_in(ledger, TO)

    assert all(each.startswith("the person opted out (known by hand)") for each in before.values())
    assert {"a": "", "b": ""} == _skipped(_chain(), ledger)


def test_after_a_refusal_only_the_provider_that_gave_it_may_be_asked() -> None:
    """As the send itself has it."""
    ledger = Ledger(MemoryDatabase())
    Sender(_chain(reason="NOT_OPTED_IN"), ledger=ledger).send(Message(TO, "hello"))

    assert {"a": "", "b": ONLY_A} == _skipped(_chain(), ledger)


def test_a_refusal_that_the_owner_takes_as_none_skips_nobody() -> None:
    """``also_after`` names it."""
    ledger = Ledger(MemoryDatabase())
    chain = _chain(reason="NOT_SUBSCRIBED", also_after=("NOT_SUBSCRIBED",))
    Sender(chain, ledger=ledger).send(Message(TO, "hello"))

    assert {"a": "", "b": ""} == _skipped(chain, ledger)
    assert "NOT_SUBSCRIBED" in _skipped(_chain(), ledger)["b"]


@pytest.mark.parametrize(("who", "word"), [(TO, ""), (OTHER, "the person opted out")])
def test_a_redirect_is_asked_for_whom_it_texts(who: str, word: str) -> None:
    """A no of the person who gets nothing skips nobody."""
    ledger = Ledger(MemoryDatabase())
    opt_out(ledger, who)
    redirect = Redirect(of=Route(provider="a", of=MemoryBackend()), to=f"+1{OTHER}")

    assert word == _skipped(redirect, ledger)["a"][: len(word) or None]


def test_two_providers_of_one_name_are_told_as_a_send_tells_them() -> None:
    """What one refuses, the other could send."""
    routes = (Route(provider="a", of=MemoryBackend(reason=each)) for each in ("TLS", "TIMEOUT"))
    pair = [Fallback(chain=(route,)) for route in routes]

    with pytest.raises(ConfigurationError, match="both called 'a'"):
        _explain(Fallback(chain=tuple(pair)), Ledger(MemoryDatabase()))


@pytest.mark.parametrize("on_unread", ["send_nothing", "may_text_who_said_no"])
def test_a_ledger_that_does_not_answer_is_waited_for_once(on_unread: str) -> None:
    """For a plan of many providers and programmes, and the next plan asks anew."""
    settings = Settings(programmes={"offers": ("b",)}, on_unread=on_unread)
    database = Unreachable()
    ledger = Ledger(database, settings)
    tree = put_gates(Redirect(of=_chain(), allow=(f"+1{TO}",)), ledger)
    plans = [explain(tree, Message(TO, "hello")) for _ in range(2)]
    told = {"the ledger does not answer; nothing was sent" if on_unread == "send_nothing" else ""}

    assert [told, told] == [{step.skipped for step in plan.steps} for plan in plans]
    assert [2, 2] == [len(plan.steps) for plan in plans]
    assert 2 == database.asked
