"""What one provider's entry asks for: a backend and its options, as written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from sumotext_backend import dsn as dsns
from sumotext_backend.backend import SmsBackend
from sumotext_backend.config import expression
from sumotext_backend.config.model import Configuration, Entry, Origin
from sumotext_backend.config.places import Places
from sumotext_backend.config.references import Found, dereference
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import options_of
from sumotext_backend.registry import finder

_SHAPES: Final = 'it wants a table with "backend", a DSN, or an alias'


@attrs.frozen
class Spec:
    """A backend's class and its options as written; ``name`` is its own.

    ``origin`` is where they were found: an environment variable, where a whole DSN stands in one.
    ``private`` tells that they came as a DSN, so that what stands for a name may be half a secret.
    """

    name: str
    cls: type[SmsBackend]
    options: Mapping[str, Any] = attrs.field(repr=False)
    origin: str
    private: bool = False


@attrs.frozen
class Alias:
    """The name of another provider; ``private`` where it may be a bare secret instead."""

    name: str = attrs.field(repr=False)
    origin: str
    private: bool = False


@attrs.frozen
class Reader:
    """What it takes to read an entry: the surroundings, and the installed backends by name."""

    places: Places
    find_class: Callable[..., type[SmsBackend]]

    def expand(self, value: Any, origin: Origin, *, private: bool = False) -> Spec | Alias:
        """What ``value`` asks for: a table, a DSN, several of them in one line, or an alias.

        Raises `ConfigurationError` without a place; options are not looked at.
        """
        found = dereference(value, origin, self.places)
        if isinstance(found.value, str):
            return self._expand_text(found, private=private or found.elsewhere or origin.is_dsn)
        if not isinstance(found.value, Mapping):
            raise ConfigurationError(_SHAPES)
        if "dsn" in found.value:
            return self._expand_dsn(found.value, origin)
        if "backend" not in found.value:
            raise ConfigurationError("option 'backend' is missing; name one, or give a 'dsn'")
        backend = self.read_option(found.value, "backend", origin).value
        if not isinstance(backend, str):
            raise ConfigurationError("option 'backend' wants the name of a backend")
        options = {str(key): each for key, each in found.value.items() if key != "backend"}
        cls = self.find_class(backend, private=private)
        return Spec(backend, cls, options, found.origin, private=private)

    def read_option(self, table: Mapping[str, Any], name: str, origin: Origin) -> Found:
        """The value of an option, not yet as its kind asks. Raises `ConfigurationError`."""
        try:
            return dereference(table[name], origin, self.places)
        except ConfigurationError as error:
            wrong = f"option {name!r}: {error.problem}"
        raise ConfigurationError(wrong, option=name)

    def _expand_dsn(self, table: Mapping[str, Any], origin: Origin) -> Spec | Alias:
        if len(table) > 1:
            raise ConfigurationError("'dsn' stands alone; other options go into its query")
        found = self.read_option(table, "dsn", origin)
        if not isinstance(found.value, str):
            raise ConfigurationError("option 'dsn' wants text", option="dsn")
        return self._expand_text(found, private=True)

    def _expand_text(self, found: Found, *, private: bool) -> Spec | Alias:
        tree = expression.parse(found.value)
        if isinstance(tree, Mapping):
            options = {key: each for key, each in tree.items() if key != "backend"}
            cls = self.find_class(tree["backend"], private=True)
            return Spec(tree["backend"], cls, options, found.origin, private=True)
        if expression.is_alias(tree):
            return Alias(tree, found.origin, private)
        dsn = dsns.parse(tree)
        cls = self.find_class(dsn.scheme, private=True)
        options = dsns.read(dsn, cls.dsn, options_of(cls))
        return Spec(dsn.scheme, cls, options, found.origin, private=True)


def replace_options(
    configuration: Configuration, options: Mapping[str, object], places: Places
) -> Configuration:
    """``configuration`` with some options of the provider that is asked for replaced.

    Aliases must not lead in a circle. Raises `ConfigurationError`.
    """
    alias = configuration.start
    entry = configuration.providers.get(alias)
    if entry is None:  # building it says so better
        return configuration
    place = configuration.place(alias)
    try:
        spec = _replaceable(entry, Reader(places, finder()))
    except ConfigurationError as error:
        place.mark(error)
        raise
    if isinstance(spec, Alias):
        return replace_options(attrs.evolve(configuration, start=spec.name), options, places)
    value = {"backend": spec.name, **spec.options, **options}
    providers = {**configuration.providers, alias: Entry(value, entry.origin)}
    return attrs.evolve(configuration, providers=providers)


def _replaceable(entry: Entry, reader: Reader) -> Spec | Alias:
    if isinstance(entry.value, SmsBackend):
        raise ConfigurationError("it is an object of code, which takes no other options")
    return reader.expand(entry.value, entry.origin)
