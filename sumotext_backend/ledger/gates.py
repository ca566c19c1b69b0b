"""A gate around every provider of a tree, and look-ups before those that need them."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.ledger.ask_first import AskFirst
from sumotext_backend.ledger.book import Book, Programmes
from sumotext_backend.ledger.consent import Exempt
from sumotext_backend.ledger.gate import Gate
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.lookups import LookupBook
from sumotext_backend.lookups import LooksUp, LookupMemory
from sumotext_backend.routing.fallback import Chain
from sumotext_backend.routing.route import Route
from sumotext_backend.routing.tree import children, replace


def put_gates(backend: SmsBackend, ledger: Ledger) -> SmsBackend:
    """``backend``, with a `Gate` around each provider below it that sends by itself.

    A provider goes by its alias, and by its backend's name where it has none. It belongs to the
    programme of the alias that it has, or is inside of, and is bound by a no to that of any other
    alias around it, too; one without belongs to none, and is bound by a no to any.
    Raises `ConfigurationError` where two that differ go by one name: what one refuses, the other
    could send.
    """
    found: dict[str, SmsBackend] = {}
    for name, provider in _name(backend, ""):
        if found.setdefault(name, provider) != provider:
            raise ConfigurationError(
                f"two providers that differ are both called {name!r}, by which consent is kept: "
                "give each an alias of its own"
            )
    return _put(backend, _Place(Book(ledger)))


@attrs.frozen
class _Place:
    """Where in the tree a backend is.

    ``alias`` is the name that it goes by, "" where several share what is above it, and ``holders``
    the aliases that it has, or is inside of, the innermost first.
    """

    book: Book
    alias: str = ""
    holders: tuple[str, ...] = ()
    exempt: Exempt = attrs.field(factory=dict)

    def enter(self, backend: SmsBackend) -> _Place:
        """The place of ``backend`` itself."""
        named = isinstance(backend, Route) and backend.is_alias
        alias = _alias(backend, self.alias)
        holders = (alias, *self.holders) if named else self.holders
        return attrs.evolve(self, alias=alias, holders=holders)

    @property
    def programmes(self) -> Programmes:
        """Whose words bind what is here."""
        settings = self.book.ledger.settings
        return settings.programmes_of(self.holders) if self.holders else settings.all_programmes


def _put(backend: SmsBackend, above: _Place) -> SmsBackend:
    if isinstance(backend, Gate):
        return backend
    here = above.enter(backend)
    # Around a route, not inside of it: what a gate says is not the provider's word on its health.
    alone = not any(map(children, children(backend))) if isinstance(backend, Route) else False
    if alone or not children(backend):
        return Gate(
            of=_ask_first(backend, LookupBook(here.book.ledger)),
            provider=here.alias or backend.name,
            book=here.book,
            programmes=here.programmes,
            exempt=here.exempt,
        )
    if isinstance(backend, Chain):
        # Of two providers, the innermost chain that holds both says who may follow whom.
        names = [name for name, _ in _name(backend, here.alias)]
        exempt = {**here.exempt, **dict.fromkeys(names, backend.also_after)}
        here = attrs.evolve(here, exempt=exempt)
    return replace(backend, lambda child: _put(child, here))


def _ask_first(backend: SmsBackend, lookups: LookupMemory) -> SmsBackend:
    if isinstance(backend, Route):
        return attrs.evolve(backend, of=_ask_first(backend.of, lookups))
    return AskFirst(of=backend, lookups=lookups) if isinstance(backend, LooksUp) else backend


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
