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


MAX_WEIGHTS: Final = 1_000
"""The most that the weights of one backend may sum up to."""


def spread(items: Sequence[T], weights: Sequence[int]) -> list[T]:
    """One full round, each item as often as its weight says, spread evenly (smooth weighted).

    For weights 2 and 1: first, second, first.
    """
    total, credit = sum(weights), [0] * len(items)
    order: list[T] = []
    for _ in range(total):
        credit = [have + weight for have, weight in zip(credit, weights, strict=True)]
        best = credit.index(max(credit))
        credit[best] -= total
        order.append(items[best])
    return order


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
        if not self.weights:
            return list(range(len(self.chain)))
        if len(self.weights) != len(self.chain) or any(weight < 1 for weight in self.weights):
            raise ConfigurationError(
                "option 'weights' wants a whole number from 1 on for each provider"
            )
        divisor = math.gcd(*self.weights)
        shares = [weight // divisor for weight in self.weights]
        if sum(shares) > MAX_WEIGHTS:
            raise ConfigurationError(
                f"option 'weights' has a sum above {MAX_WEIGHTS}; smaller numbers say as much"
            )
        return spread(range(len(self.chain)), shares)

    def send(self, message: Message) -> SendResult:
        """Send ``message``, beginning with the provider whose turn it is."""
        first = self._turns[self._cursor.next() % len(self._turns)]
        order = self.chain[first:] + self.chain[:first]
        return failover.fail_over(order, message, self.timeout, self.policy)
