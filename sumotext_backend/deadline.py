"""The time that a send has left, where something above the backend has set a bound.

A chain answers within one deadline, not the sum of its providers'. `SmsBackend.send` has no
argument for that, so the bound is ambient: of this thread (or task), for as long as what
``within(…)`` calls lasts. `HttpBackend` keeps it; a backend with its own transport should too.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from typing import Any, Final, NamedTuple, TypeVar

T = TypeVar("T")

Kept = dict[Any, list[Any]]
"""What a chain writes once at its end, by who is to write it; only they know what it is."""


class Limits(NamedTuple):
    """Two moments of `time.monotonic`: by when to be connected, by when to have answered.

    ``kept`` is of the outermost chain, None where there is none. It is here because each part of
    the ambient takes as long to set as all of them.
    """

    connect_by: float = math.inf
    deadline: float = math.inf
    kept: Kept | None = None


_NONE: Final = Limits()
_current: Final = ContextVar("limits", default=_NONE)


def limits() -> Limits:
    """The bounds in force; both infinite where nobody set any."""
    return _current.get()


def seconds_left(most: float, least: float = 0.0) -> float:
    """Seconds until the deadline in force, from ``least`` to ``most``."""
    return min(most, max(least, limits().deadline - time.monotonic()))


def within(connect_by: float, deadline: float, do: Callable[[], T], kept: Kept | None = None) -> T:
    """What ``do`` returns, which these two moments of `time.monotonic` bind; none is loosened.

    ``kept`` is what a chain keeps. What ``do`` raises is raised.
    ``do`` runs in a copy of the context, which the interpreter itself leaves: an alarm could keep
    a ``finally`` from doing so, and every later send of the thread would have no time left.
    """
    outer = _current.get()
    bounds = Limits(
        min(connect_by, outer.connect_by),
        min(deadline, outer.deadline),
        outer.kept if kept is None else kept,
    )
    context = copy_context()
    context.run(_current.set, bounds)
    return context.run(do)
