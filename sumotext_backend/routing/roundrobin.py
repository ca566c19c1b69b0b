"""`RoundRobin`: providers take turns."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final, TypeVar

import attrs

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.models import Message, SendResult
from sumotext_backend.routing import failover
from sumotext_backend.routing.fallback import Chain

T = TypeVar("T")


MAX_WEIGHTS: Final = 10_000
"""The most that the weights of one backend may sum up to."""


def spread(items: Sequence[T], weights: Sequence[int]) -> list[T]:
    """One full round, each item as often as its weight says, spread evenly.

    An item of weight 4 stands at 1/8, 3/8, 5/8 and 7/8 of the round. For weights 2 and 1: first,
    second, first.
    """
    places = [
        ((2 * turn + 1) / weight, index)
        for index, weight in enumerate(weights)
        for turn in range(weight)
    ]
    return [items[index] for _, index in sorted(places)]


class Cursor:
    """Counts turns. Pickles as new; `itertools.count` is atomic, so threads need no lock."""

    def __init__(self) -> None:
        """Start at the first turn."""
        self._count: Iterator[int] = itertools.count()

    def next(self) -> int:
        """The number of this turn, from 0."""
        return next(self._count)

    def __reduce__(self) -> tuple[type[Cursor], tuple[()]]:
        """Pickle as new."""
        return (Cursor, ())


def _numbers(items: Iterable[int]) -> tuple[int, ...]:
    return tuple(items)


@attrs.frozen(kw_only=True)
class RoundRobin(Chain):
    """Each text begins with the next provider in turn and goes on as a fallback does.

    Every provider is tried at most once for a text. ``weights`` are whole numbers from 1 on, one
    for each provider.
    """

    name: ClassVar[str] = "roundrobin"
    dsn: ClassVar[str] = "roundrobin://"

    weights: tuple[int, ...] = attrs.field(
        default=(), converter=_numbers, metadata={"help": "how often each is first, such as 3,1"}
    )
    _cursor: Cursor = attrs.field(init=False, factory=Cursor, eq=False, repr=False)
    _turns: list[int] = attrs.field(init=False, eq=False, repr=False)

    @_turns.default
    def _first_turns(self) -> list[int]:
        weights = self.weights or (1,) * len(self.chain)
        if len(weights) != len(self.chain) or any(weight < 1 for weight in weights):
            raise ConfigurationError(
                "option 'weights' wants a whole number from 1 on for each provider"
            )
        divisor = math.gcd(*weights)
        shares = [weight // divisor for weight in weights]
        if self.weights and sum(shares) > MAX_WEIGHTS:
            raise ConfigurationError(
                f"option 'weights' has a sum above {MAX_WEIGHTS}; smaller numbers say as much"
            )
        return spread(range(len(self.chain)), shares)

    def send(self, message: Message) -> SendResult:
        """Send ``message``, beginning with the provider whose turn it is."""
        first = self._turns[self._cursor.next() % len(self._turns)]
        order = self.chain[first:] + self.chain[:first]
        return failover.fail_over(order, message, self.timeout, self.policy)
