"""Changes to a provider, or to a whole tree of them, that the command line asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sumotext_backend.backend import SmsBackend
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import options_of, read
from sumotext_backend.routing.tree import children, evolve, leaves, replace

if TYPE_CHECKING:
    from sumotext_backend.ledger import Ledger


def within_seconds(backend: SmsBackend, seconds: float) -> SmsBackend:
    """``backend`` with the deadline of its outermost provider that has one set to ``seconds``.

    Raises `ConfigurationError` where that is not what its option ``timeout`` takes.
    """
    option = options_of(type(backend)).get("timeout")
    if option is None:
        return replace(backend, lambda each: within_seconds(each, seconds))
    return evolve(backend, {"timeout": read(option, seconds, "--timeout")})


def in_sandbox(backend: SmsBackend, url: str) -> SmsBackend:
    """``backend`` with every provider in it pointed at the simulator at ``url``, and nowhere else.

    It must have passed `refuse_strangers`.
    """
    if children(backend):
        return replace(backend, lambda each: in_sandbox(each, url))
    base_url = url + _paths()[type(backend)]
    return evolve(backend, {"base_url": base_url, "proxy": None, "ca_bundle": None})


def make_ledger() -> Ledger:
    """One in which nothing is learned of real people, and nothing kept."""
    from sumotext_backend.ledger import Ledger, MemoryDatabase

    return Ledger(MemoryDatabase())


def refuse_strangers(backend: SmsBackend) -> None:
    """Raise `ConfigurationError` for a provider that the simulator cannot stand in for."""
    for _, leaf in leaves(backend):
        if type(leaf) not in _paths():
            raise ConfigurationError(
                f"--sandbox stands in for SUMOTEXT only, not for {leaf.name!r}; "
                "name a provider that is SUMOTEXT's with --using"
            )


def _paths() -> dict[type[SmsBackend], str]:
    """Where the simulator speaks the protocol of which backend."""
    from sumotext_backend.providers.sumotext import SumotextBackend, SumotextV2Backend

    return {SumotextBackend: "", SumotextV2Backend: "/api"}
