"""From a configuration to backends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.config.expression import DEEPEST
from sumotext_backend.config.health import health_of
from sumotext_backend.config.places import Places
from sumotext_backend.config.references import given
from sumotext_backend.config.source import Configuration, Origin
from sumotext_backend.config.spec import Alias, Spec, items_of, spec_of
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.options import known, make, read, shown
from sumotext_backend.routing.tree import children, count_providers

if TYPE_CHECKING:
    from sumotext_backend.routing import Health


@attrs.frozen
class Place:
    """Where in a configuration the builder is: words for errors, and the aliases on the way."""

    where: str
    path: tuple[str, ...]
    depth: int = 0


@attrs.frozen
class Named:
    """A backend under the name that results and circuits know it by."""

    name: str
    backend: SmsBackend


@attrs.frozen
class Builder:
    """Makes each provider of a configuration once. Opens nothing."""

    configuration: Configuration
    places: Places
    _made: dict[str, Named] = attrs.field(init=False, factory=dict, repr=False)
    _nameless: dict[str, int] = attrs.field(init=False, factory=dict, repr=False)
    _health: list[Health | None] = attrs.field(init=False, factory=list, repr=False)

    def start(self) -> SmsBackend:
        """The provider that the configuration is asked for, its results carrying its alias."""
        named = self.provider(self.configuration.start, Place(self.configuration.origin.at(""), ()))
        if not named.name:
            return named.backend
        from sumotext_backend.routing import Route

        return Route(provider=named.name, of=named.backend)

    def provider(self, alias: str, place: Place) -> Named:
        """The provider ``alias``. Raises `ConfigurationError`, also for one that holds itself."""
        if alias in place.path:
            raise ConfigurationError(self._cycle((*place.path, alias)))
        if alias not in self.configuration.providers:
            raise ConfigurationError(self._missing(alias, place.where))
        if alias not in self._made:
            where = self.configuration.where(alias)
            entry = self.configuration.providers[alias]
            inner = Place(where, (*place.path, alias), place.depth + 1)
            self._made[alias] = self._named(entry.value, entry.origin, alias, inner)
        return self._made[alias]

    def _named(self, value: Any, origin: Origin, name: str | None, place: Place) -> Named:
        """The provider that ``value`` asks for; ``name`` None gives it one by its backend."""
        if place.depth > DEEPEST:
            raise ConfigurationError(
                f"{place.where}: more than {DEEPEST} providers inside each other"
            )
        if isinstance(value, SmsBackend):
            return Named(self._name(value.name) if name is None else name, value)
        spec = spec_of(value, origin, self.places, place.where)
        if isinstance(spec, Alias):
            return self.provider(spec.name, place)
        own = self._name(spec.backend) if name is None else name
        options = {key: self.option(spec, key, place) for key in spec.options}
        return Named(own, make(spec.cls, options, place.where))

    def _name(self, backend: str) -> str:
        """``sumotext``, and for the next one without an alias ``sumotext#2``."""
        count = self._nameless[backend] = self._nameless.get(backend, 0) + 1
        return f"{backend}#{count}" if count > 1 else backend

    def option(self, spec: Spec, name: str, place: Place) -> object:
        """The value of an option, read as its type asks; providers are built."""
        option = known(spec.cls, name, place.where)
        inside = attrs.evolve(place, where=f"{place.where}: option {name!r}", depth=place.depth + 1)
        if count_providers(option) == "one":
            return self._route(self._named(spec.options[name], spec.origin, None, inside))
        value = given(spec.options[name], spec.origin, self.places, inside.where).value
        if count_providers(option) == "none":
            return read(option, value, place.where)
        return self._chain(value, spec.origin, inside)

    def _chain(self, value: Any, origin: Origin, place: Place) -> object:
        named = [self._named(item, origin, None, place) for item in items_of(value, place.where)]
        for index, each in enumerate(named):
            if each.name in [other.name for other in named[:index]]:
                raise ConfigurationError(
                    f"{place.where} names {shown(each.name)} twice; take one out"
                )
        return tuple(map(self._route, named))

    def _route(self, named: Named) -> SmsBackend:
        """The provider as a chain takes it: under its name, with health if it sends by itself."""
        from sumotext_backend.routing import Route

        health = None if children(named.backend) else self.health()
        key = key_of(named.name, named.backend)
        return Route(provider=named.name, of=named.backend, health=health, key=key)

    def health(self) -> Health | None:
        """The one health of everything that this builder makes."""
        if not self._health:
            self._health.append(health_of(self.configuration, self.places))
        return self._health[0]

    def _missing(self, alias: str, where: str) -> str:
        aliases, form = self.configuration.providers, self.configuration.origin.provider
        words = f"there is no provider {shown(alias)}{did_you_mean(alias, aliases)}"
        mend = f"; write {form.format(alias)}" if shown(alias) == repr(alias) else ""
        return f"{where}: {words}{mend}" if where else f"{words}{mend}"

    def _cycle(self, path: tuple[str, ...]) -> str:
        """The cycle, told from its first provider in the configuration on."""
        ring = path[path.index(path[-1]) : -1]
        order = list(self.configuration.providers)
        first = ring.index(min(ring, key=order.index))
        turned = (*ring[first:], *ring[:first], ring[first])
        words = " → ".join(alias if shown(alias) == repr(alias) else "…" for alias in turned)
        return f"{self.configuration.where(ring[first])} holds itself: {words}; take one out"


def key_of(name: str, backend: SmsBackend) -> str:
    """What a provider's health is known by: its name, a colon, and a hash of all its options.

    Two projects of one user may use one alias for two accounts. The hash holds secrets too, and
    is hashed again under a secret key before it is written anywhere.
    """
    import hashlib

    cls = type(backend)
    options = (
        [(field.name, getattr(backend, field.name)) for field in attrs.fields(cls) if field.init]
        if attrs.has(cls)
        else backend
    )
    identity = f"{cls.__module__}.{cls.__qualname__} {options!r}"
    return f"{name}:{hashlib.sha256(identity.encode('utf-8', 'surrogatepass')).hexdigest()}"
