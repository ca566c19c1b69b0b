"""What a result does to the circuit of its provider: pure rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import Message, Outcome, Reason, SendResult
from sumotext_backend.models import Verdict
from sumotext_backend.routing import Circuit, Rules
from sumotext_backend.routing.circuit import CLOSED, EFFECTS, admission, after, begin_probe, judge

RULES = Rules(failures=3, cooldown=30.0, lease=60.0)
MOMENTS = st.floats(0, 4e9)

PROVES_THE_ROUTE_BROKEN = {
    "NO_ANSWER",
    "NO_CREDIT",
    "REFUSED_REQUEST",
    "SENDER",
    "SERVER_ERROR",
    "THROTTLED",
    "TIMEOUT",
    "TLS",
    "UNAUTHORIZED",
    "UNREACHABLE",
}
MAY_HIDE_A_REFUSAL = {"BAD_ANSWER", "CRASHED", "ECHO_MISMATCH", "REDIRECTED"}


def result(reason: Reason | None, retry_after: float | None = None) -> SendResult:
    """A result for that reason."""
    message = Message("+15015551234", "hello")
    return SendResult.of("b", message, Verdict(reason=reason, retry_after=retry_after))


def opened(reason: Reason, times: int = 100) -> bool:
    """Whether a circuit is open after that many results of this reason."""
    circuit = CLOSED
    for second in range(times):
        circuit = after(circuit, result(reason), 1000.0 + second, RULES)
    return circuit.is_open


def test_each_reason_has_been_decided() -> None:
    """A new reason without a decision is found here, before it does anything."""
    assert set(Reason) == set(EFFECTS)


@pytest.mark.parametrize("reason", Reason)
def test_truth_table(reason: Reason) -> None:
    """Only what proves the route broken ever opens a circuit, however often it comes."""
    assert (reason in PROVES_THE_ROUTE_BROKEN) is opened(reason)


@pytest.mark.parametrize("reason", [each for each in Reason if each.outcome is Outcome.REJECTED])
def test_no_refusal_counts(reason: Reason) -> None:
    """It is about a person or a text, whoever said it."""
    assert judge(result(reason)) in ("closes", "nothing")


@pytest.mark.parametrize("reason", sorted(MAY_HIDE_A_REFUSAL))
def test_a_doubt_that_may_hide_a_refusal_says_nothing(reason: str) -> None:
    """Neither for the route nor against it: failures before it stay as they were."""
    counted = after(CLOSED, result(Reason.TLS), 1000.0, RULES)

    assert Outcome.UNKNOWN is Reason(reason).outcome
    assert counted == after(counted, result(Reason(reason)), 1001.0, RULES)
    assert CLOSED == after(CLOSED, result(Reason(reason)), 1001.0, RULES)


@given(st.sampled_from([None, *Reason]), MOMENTS)
def test_only_a_closing_result_ends_an_open_circuit(reason: Reason | None, now: float) -> None:
    """An acceptance or a refusal by the provider itself closes; all else leaves it open."""
    circuit = Circuit(failures=3, open_until=now + 30, probe_until=now + 60, why="TLS", since=now)
    later = after(circuit, result(reason), now, RULES)

    assert later.is_open is (judge(result(reason)) != "closes")
    assert later.probe_until == 0


@given(MOMENTS, MOMENTS, MOMENTS)
def test_no_clock_leaves_a_provider_alone_for_longer_than_the_rules_allow(
    open_until: float, probe_until: float, now: float
) -> None:
    """Whatever was written by a clock that ran ahead, or by anyone."""
    circuit = Circuit(failures=9, open_until=open_until, probe_until=probe_until, why="TLS")

    if admission(circuit, now, RULES) == "open":
        assert admission(circuit, now + 302, RULES) != "open"


def test_a_clock_that_was_a_day_ahead_leaves_nobody_alone_for_a_day() -> None:
    """The failures before it have an earlier ``since``, which shows nothing of the jump."""
    circuit, day = CLOSED, 86_400.0
    for now in (1000.0, 1001.0, 1002.0 + day):
        circuit = after(circuit, result(Reason.UNREACHABLE), now, RULES)

    assert "open" == admission(circuit, 1002.0 + day, RULES)
    assert "probe" == admission(circuit, 1003.0, RULES)
    assert "open" == admission(begin_probe(circuit, 1003.0, RULES), 1004.0, RULES)


def test_the_longest_cooldown_that_can_be_is_kept() -> None:
    """One that the owner set, and the longest wait that a provider may ask for."""
    asked = after(CLOSED, result(Reason.THROTTLED, retry_after=300.0), 1000.0, RULES)
    patient = Rules(failures=1, cooldown=7200.0)
    owner = after(CLOSED, result(Reason.TLS), 1000.0, patient)

    assert "open" == admission(asked, 1299.0, RULES)
    assert "open" == admission(owner, 8199.0, patient)


def test_a_circuit_that_nobody_asks_for_is_forgotten() -> None:
    """Its provider may be gone; after a day the count begins anew."""
    circuit = Circuit(failures=9, open_until=1000.0, why="TLS", since=900.0)

    assert "probe" == admission(circuit, 1000.0 + 86_399, RULES)
    assert "closed" == admission(circuit, 1000.0 + 86_401, RULES)
    assert 1 == after(circuit, result(Reason.TLS), 1000.0 + 86_401, RULES).failures
