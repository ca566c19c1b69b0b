"""The time that a send has left, where something above the backend has set a bound.

A chain answers within one deadline, not the sum of its providers'. `SmsBackend.send` has no
argument for that, so the bound is ambient: of this thread (or task), for as long as
``with within(…)`` lasts. `HttpBackend` keeps it; a backend with its own transport should too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import attrs


@attrs.frozen
class Limits:
    """Two moments of `time.monotonic`: by when to be connected, by when to have answered."""

    connect_by: float = math.inf
    deadline: float = math.inf


_NONE: Final = Limits()
_current: Final = ContextVar("limits", default=_NONE)


def limits() -> Limits:
    """The bounds in force; both infinite where nobody set any."""
    return _current.get()


@contextmanager
def within(connect_by: float, deadline: float) -> Iterator[None]:
    """Tighten the bounds for the time of the block; they are never loosened."""
    outer = limits()
    token = _current.set(Limits(min(outer.connect_by, connect_by), min(outer.deadline, deadline)))
    try:
        yield
    finally:
        _current.reset(token)
