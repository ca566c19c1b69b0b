"""A gate around every provider of a tree."""

from __future__ import annotations

from collections.abc import Iterator

from sumotext_backend.backend import SmsBackend
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.ledger.book import Book
from sumotext_backend.ledger.consent import Exempt
from sumotext_backend.ledger.gate import Gate
from sumotext_backend.routing.fallback import Chain
from sumotext_backend.routing.route import Route
from sumotext_backend.routing.tree import children, replace


def put_gates(backend: SmsBackend, book: Book) -> SmsBackend:
    """``backend``, with a `Gate` around each provider below it that sends by itself.

    A provider goes by its alias, and by its backend's name where it has none. Raises
    `ConfigurationError` where two that differ go by one name: what one refuses, the other could
    send.
    """
    found: dict[str, SmsBackend] = {}
    for name, provider in _name(backend, ""):
        if found.setdefault(name, provider) != provider:
            raise ConfigurationError(
                f"two providers that differ are both called {name!r}, by which consent is kept: "
                "give each an alias of its own"
            )
    return _put(backend, book, "", {})


def _put(backend: SmsBackend, book: Book, alias: str, exempt: Exempt) -> SmsBackend:
    if isinstance(backend, Gate):
        return backend
    alias = _alias(backend, alias)
    # Around a route, not inside of it: what a gate says is not the provider's word on its health.
    alone = not any(map(children, children(backend))) if isinstance(backend, Route) else False
    if alone or not children(backend):
        return Gate(of=backend, provider=alias or backend.name, book=book, exempt=exempt)
    if isinstance(backend, Chain):
        # Of two providers, the innermost chain that holds both says who may follow whom.
        names = [name for name, _ in _name(backend, alias)]
        exempt = {**exempt, **dict.fromkeys(names, backend.also_after)}
    return replace(backend, lambda child: _put(child, book, alias, exempt))


def _name(backend: SmsBackend, alias: str) -> Iterator[tuple[str, SmsBackend]]:
    """The providers in ``backend`` that send by themselves, each by the name it goes by."""
    alias = _alias(backend, alias)
    below = children(backend)
    if not below:
        yield alias or backend.name, backend
    for each in below:
        yield from _name(each, alias)


def _alias(backend: SmsBackend, alias: str) -> str:
    if isinstance(backend, (Route, Gate)):
        return backend.provider
    return alias if len(children(backend)) < 2 else ""  # several cannot share one
