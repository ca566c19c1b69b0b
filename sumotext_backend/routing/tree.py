"""The tree that composites make: what a backend holds, what sends in the end, what replaces what.

Nobody else takes a composite apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.options import options_of
from sumotext_backend.routing.route import Route


def _slots(backend: SmsBackend) -> Iterator[tuple[str, Any]]:
    """The options of ``backend`` that hold providers, with what they hold."""
    options = options_of(type(backend)).values() if attrs.has(type(backend)) else ()
    for option in options:
        if option.kind == "provider":
            yield option.name, getattr(backend, option.name)


def children(backend: SmsBackend) -> list[SmsBackend]:
    """The backends that ``backend`` holds, in order; none for one that sends by itself."""
    found: list[SmsBackend] = []
    for _, value in _slots(backend):
        found += value if isinstance(value, tuple | list) else [value]
    return [backend for backend in found if backend is not None]


def leaves(backend: SmsBackend, alias: str = "") -> Iterator[tuple[str, SmsBackend]]:
    """The backends in ``backend`` that send by themselves, in order, each under its alias.

    ``alias`` is that of ``backend`` where it has none of its own.
    """
    alias = backend.provider if isinstance(backend, Route) else alias
    below = children(backend)
    if not below:
        yield alias, backend
    for each in below:
        yield from leaves(each, alias)


def walk(backend: SmsBackend) -> Iterator[SmsBackend]:
    """``backend`` and all that it holds at any depth, but for routes, which only name others."""
    if not isinstance(backend, Route):
        yield backend
    for each in children(backend):
        yield from walk(each)


def unwrap(backend: SmsBackend) -> SmsBackend:
    """``backend`` without the alias that a configuration put around it."""
    return next(walk(backend))


def replace(backend: SmsBackend, change: Callable[[SmsBackend], SmsBackend]) -> SmsBackend:
    """``backend`` with ``change`` made of each that it holds; itself where it holds none."""
    fields: dict[str, Any] = {}
    for name, value in _slots(backend):
        if isinstance(value, tuple | list):
            fields[name] = type(value)(map(change, value))
        elif value is not None:
            fields[name] = change(value)
    return evolve(backend, fields)


def evolve(backend: Any, fields: dict[str, Any]) -> SmsBackend:
    """``backend`` with other values for some of its fields."""
    twin: SmsBackend = attrs.evolve(backend, **fields) if fields else backend
    return twin
