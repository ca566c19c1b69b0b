"""The time that a send has left, where something above the backend has set a bound.

A chain answers within one deadline, not the sum of its providers'. `SmsBackend.send` has no
argument for that, so the bound is ambient: of this thread (or task), for as long as
``with within(…)`` lasts. `HttpBackend` keeps it; a backend with its own transport should too.
"""

from __future__ import annotations

import math
import time
from contextvars import ContextVar, Token
from typing import Final, NamedTuple


class Limits(NamedTuple):
    """Two moments of `time.monotonic`: by when to be connected, by when to have answered."""

    connect_by: float = math.inf
    deadline: float = math.inf


_NONE: Final = Limits()
_current: Final = ContextVar("limits", default=_NONE)


def limits() -> Limits:
    """The bounds in force; both infinite where nobody set any."""
    return _current.get()


def seconds_left(most: float, least: float = 0.0) -> float:
    """Seconds until the deadline in force, from ``least`` to ``most``."""
    return min(most, max(least, limits().deadline - time.monotonic()))


class within:  # noqa: N801 - read as a word: with within(…)
    """Tighten the bounds for the time of the block; they are never loosened."""

    # Each provider of each chain enters one: a generator would take twice the time.
    __slots__ = ("_limits", "_token")

    def __init__(self, connect_by: float, deadline: float) -> None:
        """Take two moments of `time.monotonic`."""
        outer = _current.get()
        self._limits = Limits(min(outer.connect_by, connect_by), min(outer.deadline, deadline))

    def __enter__(self) -> None:
        """Set the bounds."""
        self._token: Token[Limits] = _current.set(self._limits)

    def __exit__(self, *_: object) -> None:
        """Set those that were before."""
        _current.reset(self._token)
