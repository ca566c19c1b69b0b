"""Whatever the tree, the history and the outages: who said no is not texted."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, ClassVar, Final

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sumotext_backend import ConfigurationError, Message, Outcome, Reason, Sender, SmsBackend
from sumotext_backend.ledger import Ledger, Word, opt_in, opt_out
from sumotext_backend.local import MemoryBackend
from sumotext_backend.models import SendResult, Verdict
from sumotext_backend.routing import Fallback, Redirect, Retry, RoundRobin, Route

ALIASES: Final = ("a", "b", "c", "d")
ANSWERS: Final = (
    None,
    None,
    Reason.UNREACHABLE,
    Reason.UNREACHABLE,
    Reason.NO_CREDIT,
    Reason.NOT_OPTED_IN,
    Reason.NOT_SUBSCRIBED,
    Reason.REFUSED,
    Reason.OPTED_OUT,
    Reason.TIMEOUT,
)
_REFUSALS: Final = {Reason.NOT_OPTED_IN, Reason.NOT_SUBSCRIBED, Reason.REFUSED}
_numbers: Final = itertools.count(2_000_000)


@attrs.define
class World:
    """What the providers answer now, what each person last said, and whom one texted in spite."""

    answers: dict[str, Reason | None] = attrs.field(factory=dict)
    opted_out: set[str] = attrs.field(factory=set)
    refusers: dict[str, set[str]] = attrs.field(factory=dict)
    violations: list[str] = attrs.field(factory=list)

    def ask(self, alias: str, number: str) -> Reason | None:
        """What the provider of that alias answers to a text for ``number``."""
        refusers = self.refusers.setdefault(number, set())
        if number in self.opted_out:
            self.violations.append(f"{alias} was asked for somebody who opted out")
        elif refusers and alias not in refusers:
            self.violations.append(f"{alias} was asked for somebody whom {refusers} refused")
        answer = self.answers[alias]
        if answer is Reason.OPTED_OUT:
            self.opted_out.add(number)
        elif answer in _REFUSALS:
            refusers.add(alias)
        elif answer is None:
            refusers.discard(alias)
        return answer

    def say(self, word: Word, number: str) -> None:
        """The person says so by another door."""
        if word is Word.OPTED_OUT:
            self.opted_out.add(number)
        else:
            self.opted_out.discard(number)
            self.refusers[number] = set()


@attrs.frozen(eq=False)
class Leaf(SmsBackend):
    """A provider of the world."""

    name: ClassVar[str] = "leaf"

    alias: str
    world: World = attrs.field(repr=False)

    def send(self, message: Message) -> SendResult:
        """Answer as the world has it."""
        answer = self.world.ask(self.alias, message.to)
        return SendResult.of(self.name, message, Verdict(reason=answer, message_id="1"))


Shape = tuple[Any, ...]


def _shapes() -> st.SearchStrategy[Shape]:
    """Trees as plain values: a kind, and what it holds."""
    doubt = st.sampled_from(["stop", "may_text_twice"])

    def extend(inner: st.SearchStrategy[Shape]) -> st.SearchStrategy[Shape]:
        several = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(
            st.tuples(st.just("fallback"), several, doubt),
            st.tuples(st.just("roundrobin"), several, doubt),
            st.tuples(st.just("retry"), inner),
            st.tuples(st.just("redirect"), inner, st.booleans()),
            st.tuples(st.just("named"), inner, st.sampled_from(ALIASES)),
        )

    return st.recursive(st.tuples(st.just("leaf"), st.sampled_from(ALIASES)), extend, max_leaves=7)


def _build(shape: Shape, leaves: dict[str, Leaf], people: list[str]) -> SmsBackend:
    """The tree that ``shape`` describes."""
    kind, inner, *rest = shape
    if kind == "leaf":
        return Route(provider=inner, of=leaves[inner])
    if kind in ("fallback", "roundrobin"):
        chain = tuple(_build(each, leaves, people) for each in inner)
        made = Fallback if kind == "fallback" else RoundRobin
        return made(chain=chain, on_unknown=rest[0])
    below = _build(inner, leaves, people)
    if kind == "retry":
        return Retry(of=below, tries=2, base=0.001, cap=0.001)
    if kind == "named":
        return Route(provider=f"composite-{rest[0]}", of=below)
    return Redirect(of=below, to=people[0], allow=tuple(people[1:]) if rest[0] else ())


_steps: Final = st.lists(
    st.one_of(
        st.tuples(
            st.just("send"),
            st.integers(0, 1),
            st.integers(0, 1),
            st.fixed_dictionaries({alias: st.sampled_from(ANSWERS) for alias in ALIASES}),
        ),
        st.tuples(
            st.just("say"), st.integers(0, 1), st.sampled_from([Word.OPTED_OUT, Word.OPTED_IN])
        ),
    ),
    min_size=2,
    max_size=8,
)
_trees: Final = st.tuples(_shapes(), _shapes())


def _play(ledger: Ledger | None, shapes: tuple[Shape, Shape], steps: list[Shape]) -> World:
    """Live through ``steps``, with two programs that share the ledger and not their trees."""
    people = [f"+1501{next(_numbers)}" for _ in range(2)]
    world = World()
    leaves = {alias: Leaf(alias, world) for alias in ALIASES}
    senders = [Sender(_build(shape, leaves, people), ledger=ledger) for shape in shapes]
    for kind, person, *rest in steps:
        if kind == "say":
            world.say(rest[0], people[person])
            if ledger is not None:
                (opt_out if rest[0] is Word.OPTED_OUT else opt_in)(ledger, people[person])
            continue
        program, world.answers = rest
        senders[program].send(Message(people[person], "hello"))
    return world


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shapes=_trees, steps=_steps)
def test_a_no_binds_every_tree(
    ledger: Ledger, shapes: tuple[Shape, Shape], steps: list[Shape]
) -> None:
    """No text leaves to a person whose last word is no; after A's refusal only A is asked."""
    assert [] == _play(ledger, shapes, steps).violations


def test_without_gates_a_no_is_passed_over() -> None:
    """Control: the same trees without a ledger text people who said no."""

    @settings(phases=[Phase.generate])
    @given(shapes=_trees, steps=_steps)
    def play(shapes: tuple[Shape, Shape], steps: list[Shape]) -> None:
        assert [] == _play(None, shapes, steps).violations

    with pytest.raises(AssertionError):
        play()


def _nest(
    first: str, second: str, third: str, inner: tuple[str, ...], outer: tuple[str, ...]
) -> Callable[..., SmsBackend]:
    def build(leaves: dict[str, Leaf]) -> SmsBackend:
        one, two, three = (Route(provider=each, of=leaves[each]) for each in (first, second, third))
        nested = Fallback(chain=(one, two), also_after=inner)
        return Fallback(chain=(nested, three), also_after=outer)

    return build


EXEMPT: Final = ("NOT_SUBSCRIBED",)


@pytest.mark.parametrize(
    ("inner", "outer", "asked"),
    [
        ((), (), set()),
        (EXEMPT, (), {"b"}),
        ((), EXEMPT, {"c"}),
        (EXEMPT, EXEMPT, {"b"}),
    ],
)
@pytest.mark.parametrize("remembered", [False, True], ids=["at once", "later"])
def test_an_exempt_refusal_means_the_same_later(
    ledger: Ledger,
    inner: tuple[str, ...],
    outer: tuple[str, ...],
    asked: set[str],
    remembered: bool,
) -> None:
    """Where A said "not subscribed", those may be asked later who are asked at once, and no more.

    The chain that holds both decides, not one further out or further in.
    """
    number = f"+1501{next(_numbers)}"
    world = World(dict.fromkeys(ALIASES))
    world.answers["a"] = Reason.NOT_SUBSCRIBED
    leaves = {alias: Leaf(alias, world) for alias in ALIASES}
    if remembered:
        Sender(Route(provider="a", of=leaves["a"]), ledger=ledger).send(Message(number, "hello"))
        world.answers["a"] = Reason.UNREACHABLE

    result = Sender(_nest("a", "b", "c", inner, outer)(leaves), ledger=ledger).send(
        Message(number, "hello")
    )

    took = {each.provider for each in result.attempts if each.outcome is Outcome.ACCEPTED}
    assert asked == took


def test_two_providers_may_not_share_a_name(ledger: Ledger) -> None:
    """Two that differ and go by one name would let each other's refusals pass: refused at once."""
    world = World()
    pair = Fallback(chain=(Leaf("a", world), Leaf("b", world)))

    for tree in (pair, Route(provider="both", of=pair)):
        with pytest.raises(ConfigurationError, match=r"'leaf'.*an alias of its own"):
            Sender(tree, ledger=ledger)


def test_one_provider_may_stand_twice_in_a_tree(ledger: Ledger) -> None:
    """One that is tried again elsewhere in the tree is the same provider."""
    main = Route(provider="main", of=MemoryBackend(reason="UNREACHABLE"))
    tree = Fallback(chain=(main, Retry(of=main, tries=1)))

    assert Outcome.FAILED is Sender(tree, ledger=ledger).send(Message("5015551234", "x")).outcome
