"""From samples to figures; pure."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

import attrs


@attrs.frozen
class Sample:
    """One round of one contender: seconds per message."""

    cpu: float
    wall: float


Rounds = Mapping[str, Sequence[Sample]]
"""Samples by contender; the samples of one index were taken next to each other."""


@attrs.frozen
class Ratio:
    """A ratio of two contenders, taken round by round: its median and its quartiles."""

    median: float
    low: float
    high: float


@attrs.frozen
class Figures:
    """One contender: seconds per message (medians), and how often the base's time that is."""

    cpu: float
    wall: float
    cpu_ratio: Ratio
    wall_ratio: Ratio


@attrs.frozen
class Bound:
    """``name`` is to need at most ``most`` times the CPU of ``over``, in the same run.

    With ``above`` it is what ``name`` needs more than that contender which counts.
    """

    name: str
    over: str
    most: float
    above: str = ""

    @property
    def needs(self) -> set[str]:
        """The contenders that must have been measured."""
        return {self.name, self.over, *filter(None, [self.above])}


@attrs.frozen
class Judged:
    """A bound and what was measured."""

    bound: Bound
    ratio: Ratio

    @property
    def kept(self) -> bool:
        """Whether the median ratio is within the bound."""
        return self.ratio.median <= self.bound.most


def ratio(over: Sequence[float], under: Sequence[float]) -> Ratio:
    """``over / under``, pair by pair, so that a noisy second touches both sides of a pair.

    Raises `ValueError` for sequences that are empty or of different lengths.
    """
    quotients = [a / b for a, b in zip(over, under, strict=True)]
    if not quotients:
        raise ValueError("no samples to compare")
    if len(quotients) == 1:
        return Ratio(quotients[0], quotients[0], quotients[0])
    low, middle, high = statistics.quantiles(quotients, n=4, method="inclusive")
    return Ratio(middle, low, high)


def cpu_ratio(rounds: Rounds, name: str, over: str) -> Ratio:
    """How often the CPU of ``over`` contender ``name`` needs."""
    return ratio(_cpu(rounds, name), _cpu(rounds, over))


def bound_ratio(rounds: Rounds, bound: Bound) -> Ratio:
    """What is held against ``bound``."""
    if not bound.above:
        return cpu_ratio(rounds, bound.name, bound.over)
    pairs = zip(rounds[bound.name], rounds[bound.above], strict=True)
    return ratio([one.cpu - under.cpu for one, under in pairs], _cpu(rounds, bound.over))


def _cpu(rounds: Rounds, name: str) -> list[float]:
    return [one.cpu for one in rounds[name]]


def wall_ratio(rounds: Rounds, name: str, over: str) -> Ratio:
    """How often the wall time of ``over`` contender ``name`` needs."""
    return ratio([one.wall for one in rounds[name]], [one.wall for one in rounds[over]])


def figures(rounds: Rounds, base: str) -> dict[str, Figures]:
    """The figures of every contender, with ratios to ``base``."""
    return {
        name: Figures(
            cpu=statistics.median(one.cpu for one in samples),
            wall=statistics.median(one.wall for one in samples),
            cpu_ratio=cpu_ratio(rounds, name, base),
            wall_ratio=wall_ratio(rounds, name, base),
        )
        for name, samples in rounds.items()
    }


def judged(rounds: Rounds, bounds: Sequence[Bound]) -> list[Judged]:
    """The bounds whose contenders were all measured."""
    return [
        Judged(bound, bound_ratio(rounds, bound))
        for bound in bounds
        if bound.needs <= rounds.keys()
    ]


def beyond(samples: Sequence[Sample], start: Sequence[Sample]) -> Sample:
    """The median of ``samples`` above the median of ``start``, an interpreter that does nothing."""
    return Sample(
        cpu=statistics.median(one.cpu for one in samples)
        - statistics.median(one.cpu for one in start),
        wall=statistics.median(one.wall for one in samples)
        - statistics.median(one.wall for one in start),
    )
