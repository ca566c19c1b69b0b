"""A gate around every provider of a tree."""

from __future__ import annotations

from sumotext_backend.backend import SmsBackend
from sumotext_backend.ledger.book import Book
from sumotext_backend.ledger.gate import Gate
from sumotext_backend.routing.fallback import Chain
from sumotext_backend.routing.route import Route
from sumotext_backend.routing.tree import children, replace


def put_gates(
    backend: SmsBackend, book: Book, provider: str = "", exempt: tuple[str, ...] = ()
) -> SmsBackend:
    """``backend``, with a `Gate` around each provider below it that sends by itself.

    ``provider`` is the alias that is known from above, and ``exempt`` what a chain above takes as
    no refusal. A backend without an alias goes by its name.
    """
    if isinstance(backend, Gate):
        return backend
    if isinstance(backend, Route):
        provider = backend.provider
    if isinstance(backend, Chain):
        exempt = (*exempt, *backend.also_after)
    # Around a route, not inside of it: what a gate says is not the provider's word on its health.
    alone = not any(map(children, children(backend))) if isinstance(backend, Route) else False
    if alone or not children(backend):
        return Gate(of=backend, provider=provider or backend.name, book=book, exempt=exempt)
    return replace(backend, lambda child: put_gates(child, book, provider, exempt))
