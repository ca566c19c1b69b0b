"""`PerProcess`: one driver for each process, since connections that cross a fork swap answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Protocol

from sumotext_backend.deadline import Limits
from sumotext_backend.http.request import Request
from sumotext_backend.http.response import NoResponse, Response


class Driver(Protocol):
    """What carries a request to the provider, once, and brings back what came of it."""

    def send(self, request: Request, limits: Limits) -> Response | NoResponse:
        """Send ``request``, once. Never raises for what a network or a server does."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class _Forks:
    """How many forks lie between this process and the first."""

    count = 0


def _count_fork() -> None:
    _Forks.count += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_count_fork)


def _identity() -> tuple[int, int]:
    """What tells this process from its parent.

    A child may have its parent's number: 1, in a container that starts another.
    """
    return os.getpid(), _Forks.count


class PerProcess:
    """One driver for each process.

    Pickles and copies as empty, so that a backend travels without its connections.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._made: dict[tuple[int, int], Driver] = {}

    def get(self, make: Callable[[], Driver]) -> Driver:
        """This process's driver, made when there is none. No lock: a fork could hold it."""
        mine = _identity()
        driver = self._made.get(mine)
        if driver is None:
            for other in list(self._made):
                self._made.pop(other, None)
            driver = self._made.setdefault(mine, make())
        return driver

    def close(self) -> None:
        """Close this process's driver."""
        driver = self._made.pop(_identity(), None)
        if driver:
            driver.close()

    def __reduce__(self) -> tuple[type[PerProcess], tuple[()]]:
        """Pickle as empty."""
        return (PerProcess, ())
