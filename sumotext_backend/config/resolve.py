"""From words to a tree of values: read once, and everything else only looks at the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.config.model import Configuration, Entry, Place, Table, Value
from sumotext_backend.config.references import Found, label
from sumotext_backend.config.spec import Reader, Spec
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.expression import MAX_DEPTH, MAX_PROVIDERS
from sumotext_backend.numbering import DEFAULT_REGION
from sumotext_backend.options import Option, missing, options_of, quote_name, read, unknown
from sumotext_backend.phones import write_phones
from sumotext_backend.places import Places
from sumotext_backend.registry import finder

_DEFAULT: Final = "default"


def resolve(
    configuration: Configuration, places: Places, aliases: Iterable[str] | None = None
) -> Mapping[str, Table]:
    """The providers by alias, each a tree of values, with what is wrong where it is.

    They are those of ``aliases``, or all, and the one that is asked for. Only the backends that
    they need are imported. Never raises.
    """
    reader = Reader(places, finder(), configuration.region or DEFAULT_REGION)
    resolver = _Resolver(configuration, reader)
    asked = [*(configuration.providers if aliases is None else aliases), configuration.start]
    return {alias: resolver.by_alias(alias) for alias in asked}


def resolve_settings(cls: type, entry: Entry, place: Place, places: Places) -> Table:
    """A table of settings that are not a provider's, as ``cls`` declares them. Never raises."""
    options = {str(key): each for key, each in entry.value.items()}
    spec, reader = Spec("", cls, label(entry.origin), options), Reader(places, finder())
    values = {name: _read_value(spec, name, place, reader) for name in options}
    return _table(spec, place, values)


def replace_options(
    configuration: Configuration, options: Mapping[str, object], places: Places
) -> Configuration:
    """``configuration`` with some options of the provider that is asked for replaced.

    Raises `ConfigurationError` for a provider that was made in code.
    """
    table = resolve(configuration, places, ())[configuration.start]
    while table.target:
        table = table.target
    if table.made:
        error = ConfigurationError("it is an object of code, which takes no other options")
        raise table.place.mark(error)
    alias, origin = table.place.alias, table.place.origin
    raw = {name: value.raw for name, value in table.values.items()}
    entry = Entry({"backend": table.backend, **raw, **options}, origin)
    providers = {**configuration.providers, alias: entry} if table.cls else configuration.providers
    return attrs.evolve(configuration, providers=providers, start=alias)


def _table(spec: Spec, place: Place, values: Mapping[str, Value], name: str = "") -> Table:
    return Table(
        place=place,
        name=name,
        origin=spec.origin,
        backend=spec.name,
        cls=spec.cls,
        values=values,
        problems=tuple(place.mark(error) for error in missing(spec.cls, spec.options)),
    )


def _read_value(spec: Spec, name: str, place: Place, reader: Reader) -> Value:
    """The value of an option that holds no provider, as its kind asks."""
    option = options_of(spec.cls).get(name)
    raw, origin, value, problem = spec.options[name], spec.origin, None, None
    try:
        if option is None:
            raise unknown(spec.cls, name, private=spec.private)
        found = reader.read_option(spec.options, name, place.origin)
        origin = found.origin if found.elsewhere else origin
        value = write_phones(option, read(option, found.value), reader.region)
    except ConfigurationError as error:
        problem = place.mark(error, name if option else "")
    return Value(name=name, option=option, origin=origin, raw=raw, value=value, problem=problem)


@attrs.frozen
class _Resolver:
    """Resolves each provider of a configuration once."""

    configuration: Configuration
    reader: Reader
    known: dict[str, Table] = attrs.field(init=False, factory=dict)
    counts: dict[str, int] = attrs.field(init=False, factory=dict)

    def by_alias(self, alias: str, path: tuple[str, ...] = ()) -> Table:
        """The provider ``alias``, reached through the aliases and tables of ``path``."""
        if alias in self.known:
            return self.known[alias]
        if alias not in self.configuration.providers:
            place = Place(f"providers.{alias}", "", self.configuration.origin, alias)
            return _wrong(place, self._no_provider(alias, private=alias != _DEFAULT))
        entry, place = self.configuration.providers[alias], self.configuration.place(alias)
        if len(path) >= MAX_DEPTH:
            return _wrong(place, _too_deep())
        table = self.provider(entry.value, place, (*path, alias), name=alias)
        self.known[alias] = table
        return table

    def provider(
        self,
        value: Any,
        place: Place,
        path: tuple[str, ...],
        *,
        name: str | None = None,
        private: bool = False,
    ) -> Table:
        """The provider that ``value`` asks for; ``name`` None gives it one by its backend."""
        if isinstance(value, SmsBackend):
            own = self._number(value.name) if name is None else name
            origin = label(place.origin)
            return Table(place=place, name=own, origin=origin, backend=value.name, made=value)
        try:
            spec = self.reader.read(value, place.origin, private=private)
        except ConfigurationError as error:
            return _wrong(place, error)
        if spec.cls is None:
            return self._target(spec, place, path)
        own = self._number(spec.name) if name is None else name
        declared, values = options_of(spec.cls), dict[str, Value]()
        for key in spec.options:
            option = declared.get(key)
            if option and option.kind == "provider":
                values[key] = self._hold(spec, option, place, path)
            else:
                values[key] = _read_value(spec, key, place, self.reader)
        return _table(spec, place, values, own)

    def _number(self, backend: str) -> str:
        """``sumotext``, and for the next one without an alias ``sumotext#2``."""
        count = self.counts[backend] = self.counts.get(backend, 0) + 1
        return f"{backend}#{count}" if count > 1 else backend

    def _target(self, alias: Spec, place: Place, path: tuple[str, ...]) -> Table:
        if alias.name in path:
            return self._wrong_cycle((*path, alias.name))
        if alias.name not in self.configuration.providers:
            return _wrong(place, self._no_provider(alias.name, private=alias.private))
        target = self.by_alias(alias.name, path)
        return Table(place=place, name=target.name, origin=alias.origin, target=target)

    def _hold(self, spec: Spec, option: Option, place: Place, path: tuple[str, ...]) -> Value:
        """The providers that an option holds."""
        tables, problem = list[Table](), None
        try:
            tables += self._tables(spec, option, place, path)
        except ConfigurationError as error:
            problem = place.mark(error, option.name)
        return Value(
            name=option.name,
            option=option,
            origin=spec.origin,
            raw=spec.options[option.name],
            tables=() if problem else tuple(tables),
            problem=problem,
        )

    def _tables(
        self, spec: Spec, option: Option, place: Place, path: tuple[str, ...]
    ) -> Iterator[Table]:
        raw, private = spec.options[option.name], spec.private
        if len(path) >= MAX_DEPTH:
            raise _too_deep()
        if not option.many:
            yield self.provider(raw, place.below(option.name), (*path, ""), private=private)
            return
        found = Found(raw, spec.origin)
        if not isinstance(raw, list | tuple):  # of a list each has an origin of its own
            found = self.reader.read_option(spec.options, option.name, place.origin)
        names = set[str]()
        for index, item in enumerate(_items(found.value, option.name)):
            below = place.below(option.name, index)
            hidden = private or found.elsewhere
            table = self.provider(item, below, (*path, ""), private=hidden)
            if table.name and table.name in names:
                words = f"option {option.name!r} names {quote_name(table.name)} twice; take one out"
                raise ConfigurationError(words)
            names.add(table.name)
            yield table

    def _no_provider(self, alias: str, *, private: bool) -> ConfigurationError:
        aliases = self.configuration.providers
        words = quote_name(alias, aliases if private else None)
        form = self.configuration.origin.provider.format(alias)
        there = ", ".join(quote_name(each) for each in sorted(aliases) if each)
        listed = f"; there are: {there}" if there else ""
        mend = f"; write {form}" if words == repr(alias) else listed
        return ConfigurationError(
            f"there is no provider {words}{did_you_mean(alias, aliases)}{mend}"
        )

    def _wrong_cycle(self, path: tuple[str, ...]) -> Table:
        """The cycle, told from its first provider in the configuration on."""
        ring = [alias for alias in path[path.index(path[-1]) : -1] if alias]
        order = list(self.configuration.providers)
        first = ring.index(min(ring, key=order.index))
        turned = (*ring[first:], *ring[:first], ring[first])
        words = " → ".join(alias if quote_name(alias) == repr(alias) else "…" for alias in turned)
        place = self.configuration.place(ring[first])
        return _wrong(place, ConfigurationError(f"it holds itself: {words}; take one out"))


def _wrong(place: Place, error: ConfigurationError) -> Table:
    """A provider of which nothing is known but what is wrong."""
    return Table(place=place, origin=label(place.origin), problems=(place.mark(error),))


def _too_deep() -> ConfigurationError:
    return ConfigurationError(f"more than {MAX_DEPTH} providers inside each other")


def _items(value: Any, name: str) -> list[Any]:
    """The entries of an option that holds several providers; text is cut at commas.

    Raises `ConfigurationError` for what is not a list, for none and for too many.
    """
    items = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        raise ConfigurationError(f"option {name!r} wants a list of providers")
    if not items:
        raise ConfigurationError(f"option {name!r} is empty; name at least one provider")
    if len(items) > MAX_PROVIDERS:
        raise ConfigurationError(f"option {name!r} names more than {MAX_PROVIDERS} providers")
    return list(items)
