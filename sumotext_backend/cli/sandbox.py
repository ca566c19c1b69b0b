"""Changes to a provider, or to a whole tree of them, that the command line asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.config.spec import children, held_by
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import options_of, read

Change = Callable[[SmsBackend], SmsBackend]


def bare(backend: SmsBackend) -> SmsBackend:
    """``backend`` without the alias that a configuration put around it."""
    from sumotext_backend.routing import Route

    while isinstance(backend, Route):
        backend = backend.of
    return backend


def leaves(backend: SmsBackend) -> Iterator[SmsBackend]:
    """The providers in ``backend`` that send by themselves, in order."""
    below = held_by(backend)
    if not below:
        yield backend
    for each in below:
        yield from leaves(each)


def changed(backend: SmsBackend, change: Change) -> SmsBackend:
    """``backend`` with each of the providers that it holds changed; itself if it holds none."""
    fields: dict[str, Any] = {}
    for option in options_of(type(backend)).values():
        value = getattr(backend, option.name)
        if children(option) == "many":
            fields[option.name] = tuple(map(change, value))
        elif children(option) == "one" and value is not None:
            fields[option.name] = change(value)
    return _evolved(backend, fields)


def within_seconds(backend: SmsBackend, seconds: float) -> SmsBackend:
    """``backend`` with the deadline of its outermost provider that has one set to ``seconds``.

    Raises `ConfigurationError` where that is not what its option ``timeout`` takes.
    """
    option = options_of(type(backend)).get("timeout")
    if option is None:
        return changed(backend, lambda each: within_seconds(each, seconds))
    return _evolved(backend, {"timeout": read(option, seconds, "--timeout")})


def in_sandbox(backend: SmsBackend, url: str) -> SmsBackend:
    """``backend`` with every provider in it pointed at the simulator at ``url``, and nowhere else.

    It must have passed `refuse_strangers`.
    """
    if held_by(backend):
        return changed(backend, lambda each: in_sandbox(each, url))
    base_url = url + _paths()[type(backend)]
    return _evolved(backend, {"base_url": base_url, "proxy": None, "ca_bundle": None})


def refuse_strangers(backend: SmsBackend) -> None:
    """Raise `ConfigurationError` for a provider that the simulator cannot stand in for."""
    for leaf in leaves(backend):
        if type(leaf) not in _paths():
            raise ConfigurationError(
                f"--sandbox stands in for SUMOTEXT only, not for {leaf.name!r}; "
                "name a provider that is SUMOTEXT's with --using"
            )


def _paths() -> dict[type[SmsBackend], str]:
    """Where the simulator speaks the protocol of which backend."""
    from sumotext_backend.providers.sumotext import SumotextBackend, SumotextV2Backend

    return {SumotextBackend: "", SumotextV2Backend: "/api"}


def _evolved(backend: Any, fields: dict[str, Any]) -> SmsBackend:
    twin: SmsBackend = attrs.evolve(backend, **fields) if fields else backend
    return twin
