"""What a chain may do, and what it must never do."""

from __future__ import annotations

import itertools
import pickle
import time
from collections.abc import Callable, Iterator
from typing import ClassVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import ConfigurationError, Message, Outcome, Reason, SendResult, SmsBackend
from sumotext_backend.models import Verdict
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.routing import Fallback, Redirect, Retry, RoundRobin
from sumotext_backend.routing.failover import list_attempts, may_go_on
from sumotext_backend.routing.roundrobin import spread
from sumotext_backend.testing import HostileGateway

MESSAGE = Message("+15015551234", "hello")
ENDINGS: tuple[Reason | None, ...] = (None, *Reason)
POLICIES = [
    {"on_unknown": on_unknown, "also_after": also_after}
    for on_unknown in ("stop", "may_text_twice")
    for also_after in ((), ("NOT_SUBSCRIBED",))
]


@attrs.frozen
class Provider(SmsBackend):
    """Ends every send in the same way and keeps count of the calls in ``log``."""

    name: ClassVar[str] = "provider"

    ending: Reason | None
    log: list[Provider] = attrs.field(eq=False, repr=False)
    retry_after: float | None = 0.0

    def send(self, message: Message) -> SendResult:
        """End as told."""
        self.log.append(self)
        verdict = Verdict(reason=self.ending, retry_after=self.retry_after)
        return SendResult.of(self.name, message, verdict)


def outcome(ending: Reason | None) -> Outcome:
    """The outcome of an ending."""
    return ending.outcome if ending else Outcome.ACCEPTED


def texts(log: list[Provider]) -> int:
    """How many texts may have left: one for each call that was accepted or left a doubt."""
    return sum(outcome(each.ending) in (Outcome.ACCEPTED, Outcome.UNKNOWN) for each in log)


def after_refusal(log: list[Provider], exempt: tuple[str, ...] = ()) -> list[Provider]:
    """The calls that were made after a provider had refused."""
    refused = (
        place
        for place, each in enumerate(log)
        if outcome(each.ending) is Outcome.REJECTED and each.ending not in exempt
    )
    return log[next(refused, len(log)) + 1 :]


class NextOnAnyError(Fallback):
    """The control: what a chain does that takes every error for a reason to go on."""

    name: ClassVar[str] = "naive"

    def send(self, message: Message) -> SendResult:
        """Try each until one accepts."""
        for backend in self.chain:
            result = backend.send(message)
            if result.outcome is Outcome.ACCEPTED:
                break
        return result


def endings(length: int) -> Iterator[tuple[Reason | None, ...]]:
    """Every way in which that many providers can end."""
    return itertools.product(ENDINGS, repeat=length)


@pytest.mark.parametrize("length", [1, 2, pytest.param(3, marks=pytest.mark.once)])
@pytest.mark.parametrize("policy", POLICIES, ids=str)
@pytest.mark.parametrize("kind", [Fallback, RoundRobin])
def test_truth_table(kind: type[Fallback], policy: dict[str, object], length: int) -> None:
    """Every ending x every policy x every chain of up to three.

    Each provider is asked once at most, in order, up to the first that is not to be followed.
    """
    may_text_twice = policy["on_unknown"] == "may_text_twice"
    for row in endings(length):
        log: list[Provider] = []
        result = kind(chain=[Provider(each, log) for each in row], **policy).send(MESSAGE)

        expected = list(_asked(row, policy))
        assert expected == [each.ending for each in log]
        assert expected == [attempt.reason for attempt in result.attempts]
        assert may_text_twice or texts(log) <= 1
        assert not after_refusal(log, policy["also_after"])  # type: ignore[arg-type]
        assert result.outcome is _together(expected)


def _asked(row: tuple[Reason | None, ...], policy: dict[str, object]) -> Iterator[Reason | None]:
    """The rule in its own words: whom a chain asks."""
    for ending in row:
        yield ending
        failed = outcome(ending) is Outcome.FAILED
        doubt = outcome(ending) is Outcome.UNKNOWN and policy["on_unknown"] == "may_text_twice"
        exempt = ending is Reason.NOT_SUBSCRIBED and policy["also_after"]
        if not (failed or doubt or exempt):
            return


def _together(asked: list[Reason | None]) -> Outcome:
    """The rule in its own words: a doubt stays one unless a later provider accepted."""
    outcomes = [outcome(each) for each in asked]
    if Outcome.UNKNOWN in outcomes and outcomes[-1] is not Outcome.ACCEPTED:
        return Outcome.UNKNOWN
    return outcomes[-1]


def test_control_a_naive_chain_breaks_the_table() -> None:
    """A chain that goes on after any error texts twice and gets round refusals."""
    twice = refused = 0
    for row in endings(2):
        log: list[Provider] = []
        NextOnAnyError(chain=[Provider(each, log) for each in row]).send(MESSAGE)
        twice += texts(log) > 1
        refused += bool(after_refusal(log))

    assert twice > 0
    assert refused > 0


@st.composite
def trees(draw: st.DrawFn, *, policies: bool) -> tuple[SmsBackend, list[Provider]]:
    """A random tree of composites, and the log of its providers."""
    log: list[Provider] = []
    leaf = st.sampled_from(ENDINGS).map(lambda ending: Provider(ending, log))
    policy = st.sampled_from(POLICIES if policies else POLICIES[:1])

    def composites(inner: st.SearchStrategy[SmsBackend]) -> st.SearchStrategy[SmsBackend]:
        chains = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(
            st.builds(lambda chain, how: Fallback(chain=chain, **how), chains, policy),
            st.builds(lambda chain, how: RoundRobin(chain=chain, **how), chains, policy),
            st.builds(lambda of, tries: Retry(of=of, tries=tries, base=1e-6), inner, st.just(2)),
            st.builds(lambda of: Redirect(of=of, to="+15015550000"), inner),
        )

    return draw(st.recursive(leaf, composites, max_leaves=8)), log


@given(trees(policies=False), st.integers(1, 3))
def test_no_tree_texts_twice(tree: tuple[SmsBackend, list[Provider]], sends: int) -> None:
    """However composites are nested, at most one text may have left for each send."""
    backend, log = tree
    for _ in range(sends):
        log.clear()
        result = backend.send(MESSAGE)

        assert texts(log) <= 1
        assert (texts(log) == 1) == (result.outcome in (Outcome.ACCEPTED, Outcome.UNKNOWN))


@given(trees(policies=True))
def test_no_tree_gets_round_a_refusal(tree: tuple[SmsBackend, list[Provider]]) -> None:
    """After NOT_OPTED_IN and its like nobody else is asked, in any nesting, by any policy."""
    backend, log = tree

    backend.send(MESSAGE)

    assert not after_refusal(log, exempt=("NOT_SUBSCRIBED",))


@given(trees(policies=True))
def test_a_trail_tells_every_attempt(tree: tuple[SmsBackend, list[Provider]]) -> None:
    """The leaves of the trail are the providers that were asked, in order, with durations."""
    backend, log = tree

    result = backend.send(MESSAGE)

    trail = list(list_attempts(result))
    assert [each.ending for each in log] == [attempt.reason for attempt in trail]
    assert result.attempts == () or all(attempt.duration is not None for attempt in trail)


@given(trees(policies=True))
def test_a_doubt_is_never_called_a_failure(tree: tuple[SmsBackend, list[Provider]]) -> None:
    """Where a text may have left, no result says FAILED, which would invite a resend."""
    backend, log = tree

    result = backend.send(MESSAGE)

    assert texts(log) == 0 or result.outcome in (Outcome.ACCEPTED, Outcome.UNKNOWN)


@given(trees(policies=True))
def test_composites_pickle(tree: tuple[SmsBackend, list[Provider]]) -> None:
    """A chain travels to a worker."""
    backend, _ = tree

    assert backend == pickle.loads(pickle.dumps(backend))


@pytest.mark.parametrize("name", ["NOT_OPTED_IN", "HELD", "TIMEOUT", "not_subscribed", ""])
def test_only_not_subscribed_can_be_exempt(name: str) -> None:
    """No configuration makes a chain go on after an opt-out."""
    with pytest.raises(ConfigurationError, match="NOT_SUBSCRIBED only"):
        Fallback(chain=[Provider(None, [])], also_after=(name,))


def test_a_refusal_deep_in_the_trail_stops_the_outer_chain() -> None:
    """An inner chain that may go on after NOT_SUBSCRIBED does not speak for the outer one."""
    log: list[Provider] = []
    lenient = Fallback(
        chain=[Provider(Reason.NOT_SUBSCRIBED, log), Provider(Reason.TLS, log)],
        also_after=("NOT_SUBSCRIBED",),
    )

    Fallback(chain=[lenient, Provider(None, log)]).send(MESSAGE)

    assert [Reason.NOT_SUBSCRIBED, Reason.TLS] == [each.ending for each in log]


def test_a_provider_that_raises_leaves_a_doubt() -> None:
    """A crash in a backend may come after the text has left, so the chain stops there."""

    class Broken(Provider):
        def send(self, message: Message) -> SendResult:
            super().send(message)
            raise RuntimeError("after the text")

    log: list[Provider] = []
    result = Fallback(chain=[Broken(None, log), Provider(None, log)]).send(MESSAGE)

    assert (Outcome.UNKNOWN, Reason.CRASHED) == (result.outcome, result.reason)
    assert 1 == len(log)


def test_round_robin_takes_turns_by_weight() -> None:
    """With weights 2 and 1 the first provider begins two of three times, evenly spread."""
    log: list[Provider] = []
    first, second = Provider(None, log), Provider(None, log, retry_after=1.0)
    backend = RoundRobin(chain=[first, second], weights=(2, 1))
    for _ in range(6):
        backend.send(MESSAGE)

    assert [first, second, first, first, second, first] == log


@pytest.mark.parametrize("weights", [(1,), (1, 0), (1, 2, 3)])
def test_round_robin_wants_a_weight_for_each(weights: tuple[int, ...]) -> None:
    """Weights that do not fit are said at once."""
    with pytest.raises(ConfigurationError, match="weights"):
        RoundRobin(chain=[Provider(None, [])] * 2, weights=weights)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_a_round_has_each_provider_as_often_as_its_weight(weights: list[int]) -> None:
    """Neither more nor less."""
    turns = spread(range(len(weights)), weights)

    assert weights == [turns.count(index) for index in range(len(weights))]


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_round_is_spread_evenly(first: int, second: int) -> None:
    """Of two providers neither is ever ahead of its share by more than one turn."""
    turns = spread("ab", (first, second))
    for place in range(1, len(turns) + 1):
        share = first * place / len(turns)

        assert abs(turns[:place].count("a") - share) <= 1


def test_weights_are_bounded() -> None:
    """A round of millions of turns would take seconds to lay out and much memory to keep."""
    pair = [Provider(None, [])] * 2
    begun = time.monotonic()
    with pytest.raises(ConfigurationError, match="sum above 1000"):
        RoundRobin(chain=pair, weights=(10_000_000, 1))

    assert 4 == len(RoundRobin(chain=pair, weights=(30_000_000, 10_000_000))._turns)
    assert time.monotonic() - begun < 1


def test_thousands_of_providers_take_turns() -> None:
    """Without weights there is nothing to bound."""
    begun = time.monotonic()
    RoundRobin(chain=[Provider(None, [])] * 20_000)

    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("kind", [Fallback, RoundRobin])
def test_a_chain_has_a_provider(kind: type[Fallback]) -> None:
    """An empty chain is a configuration error."""
    with pytest.raises(ConfigurationError, match="at least one"):
        kind(chain=[])


@pytest.mark.parametrize("ending", ENDINGS, ids=str)
def test_retry_repeats_only_what_can_pass(ending: Reason | None) -> None:
    """Unreachable and throttled are tried again; nothing else is."""
    log: list[Provider] = []

    result = Retry(of=Provider(ending, log), tries=3, base=1e-6).send(MESSAGE)

    assert (3 if ending in (Reason.UNREACHABLE, Reason.THROTTLED) else 1) == len(log)
    assert len(log) == len(result.attempts)


def test_retry_does_not_wait_past_its_deadline() -> None:
    """A provider that asks for a longer wait than there is time ends the trying."""
    log: list[Provider] = []

    Retry(of=Provider(Reason.THROTTLED, log, retry_after=60.0), timeout=5).send(MESSAGE)

    assert 1 == len(log)


def test_retry_keeps_a_budget() -> None:
    """After a burst of ten, retries are at most that share of the sends."""
    log: list[Provider] = []
    backend = Retry(of=Provider(Reason.UNREACHABLE, log), tries=2, budget=0.1)
    for _ in range(200):
        backend.send(MESSAGE)

    retries = len(log) - 200
    assert 10 <= retries <= 10 + 20


def test_redirect_sends_every_text_to_one_number() -> None:
    """The result keeps the number that the message had."""
    seen: list[str] = []

    class Ear(Provider):
        def send(self, message: Message) -> SendResult:
            seen.append(message.to)
            return super().send(message)

    result = Redirect(of=Ear(None, []), to="501-555-0000").send(MESSAGE)

    assert ["+15015550000"] == seen
    assert MESSAGE.to == result.to


@pytest.mark.parametrize("number", ["501 555 1234", "+1 (501) 555-1234"])
def test_redirect_lets_the_allow_list_pass(number: str) -> None:
    """However a number of the list is written, it gets its own texts; others are held."""
    log: list[Provider] = []
    backend = Redirect(of=Provider(None, log), allow=("+15015551234",))

    passed = backend.send(Message(number, "hello"))
    stopped = backend.send(Message("+15015559999", "hello"))

    assert Outcome.ACCEPTED is passed.outcome
    assert Reason.HELD is stopped.reason
    assert 1 == len(log)


def test_redirect_shows_no_number() -> None:
    """Neither the repr nor an error holds a number."""
    backend = Redirect(of=Provider(None, []), to="+15015550000", allow=("+15015551234",))
    with pytest.raises(ConfigurationError) as caught:
        Redirect(of=Provider(None, []), to="555-12x4")

    assert "555" not in repr(backend)
    assert "12x4" not in str(caught.value)


def test_redirect_goes_somewhere() -> None:
    """A redirect with neither a number nor a list is a configuration error."""
    with pytest.raises(ConfigurationError, match="missing"):
        Redirect(of=Provider(None, []))


def test_may_go_on_reads_a_single_result() -> None:
    """A result with no trail is its own only attempt."""
    verdict = Verdict(reason=Reason.TLS)

    assert may_go_on(SendResult.of("b", MESSAGE, verdict))


def test_a_silent_provider_leaves_time_where_a_doubt_may_be_followed(
    sumotext_hostile_gateway: Callable[..., HostileGateway],
) -> None:
    """With may_text_twice and ordinary time-outs, the second provider is still reached."""
    silent, works = sumotext_hostile_gateway("U06"), sumotext_hostile_gateway("S01")
    chain = [
        SumotextBackend(shortcode="74700", keyword="SUMO", carrier="ATTUS", base_url=each.url)
        for each in (silent, works)
    ]

    result = Fallback(chain=chain, timeout=1.0, on_unknown="may_text_twice").send(MESSAGE)

    assert Outcome.ACCEPTED is result.outcome
    assert [Reason.TIMEOUT, None] == [attempt.reason for attempt in result.attempts]


def test_a_black_hole_first_takes_one_deadline(
    sumotext_hostile_gateway: Callable[..., HostileGateway],
) -> None:
    """A chain whose first provider swallows everything answers in its deadline, not the sum."""
    hole, works = sumotext_hostile_gateway("N09"), sumotext_hostile_gateway("S01")
    chain = [
        SumotextBackend(shortcode="74700", keyword="SUMO", carrier="ATTUS", base_url=each.url)
        for each in (hole, works)
    ]

    begun = time.monotonic()
    result = Fallback(chain=chain, timeout=1.0).send(MESSAGE)

    assert Outcome.ACCEPTED is result.outcome
    assert time.monotonic() - begun <= 1.25


@pytest.mark.parametrize("reason", [None, Reason.TIMEOUT, Reason.NOT_OPTED_IN])
def test_a_trail_of_failures_does_not_hide_the_end(reason: Reason | None) -> None:
    """A stranger's result counts itself, and not only the attempts that it tells of."""

    class Telling(Provider):
        def send(self, message: Message) -> SendResult:
            earlier = SendResult.of("x", message, Verdict(reason=Reason.TLS))
            return attrs.evolve(super().send(message), attempts=(earlier,))

    log: list[Provider] = []
    Fallback(chain=[Telling(reason, log), Provider(None, log)]).send(MESSAGE)

    assert 1 == len(log)


def test_a_misconfigured_provider_neither_stops_a_chain_nor_hides_a_doubt() -> None:
    """Its ConfigurationError is FAILED / CONFIGURATION, one attempt among others."""

    class Wrong(Provider):
        def send(self, message: Message) -> SendResult:
            raise ConfigurationError("no account")

    log: list[Provider] = []
    saved = Fallback(chain=[Wrong(None, log), Provider(None, log)]).send(MESSAGE)
    doubt = Fallback(
        chain=[Provider(Reason.TIMEOUT, log), Wrong(None, log)], on_unknown="may_text_twice"
    ).send(MESSAGE)

    assert Outcome.ACCEPTED is saved.outcome
    assert Reason.TIMEOUT is doubt.reason
    assert [Reason.TIMEOUT, Reason.CONFIGURATION] == [each.reason for each in doubt.attempts]


def test_a_wait_does_not_eat_the_time_of_the_next() -> None:
    """Inside a chain, a retry waits no longer than its share of the time."""
    log: list[Provider] = []
    busy = Retry(of=Provider(Reason.THROTTLED, log, retry_after=2.5))

    result = Fallback(chain=[busy, Provider(None, log)], timeout=3.0).send(MESSAGE)

    assert Outcome.ACCEPTED is result.outcome
    assert 2 == len(log)


def test_a_redirect_keeps_the_number_in_the_whole_trail() -> None:
    """The redirect's own number is in no attempt."""
    chain = Fallback(chain=[Provider(Reason.TLS, []), Provider(None, [])])

    result = Redirect(of=chain, to="+15015550000").send(MESSAGE)

    assert {MESSAGE.to} == {each.to for each in (result, *result.attempts)}


def test_a_redirect_refuses_what_is_no_number() -> None:
    """Staging refuses what production refuses."""
    result = Redirect(of=Provider(None, []), to="+15015550000").send(Message("hello", "hello"))

    assert Reason.INVALID_RECIPIENT is result.reason
