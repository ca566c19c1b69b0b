"""What is in force, value by value, and where each was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.config.health import Settings
from sumotext_backend.config.places import Places
from sumotext_backend.config.references import given, label
from sumotext_backend.config.source import Configuration, Origin
from sumotext_backend.config.spec import Alias, items_of, spec_of
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import Option, options_of, read, shown
from sumotext_backend.routing.tree import count_providers

MASKED: Final = "•••"
DEFAULT: Final = "default"


@attrs.frozen
class Setting:
    """One value in force.

    ``place`` is the table (``providers.main``, ``health``, or ``dsn`` for a DSN in code), and
    below it for a provider without an alias (``providers.main.chain.1``, counted from 0).
    ``value`` is text, a number, true or false, None or a list of these, and ``•••`` for what is
    private. ``origin`` is the file, ``$VARIABLE``, ``file path``, ``code`` or ``default``.
    ``problem`` says why there is no value.
    """

    place: str
    option: str
    value: object
    origin: str
    problem: str = ""


@attrs.frozen
class _At:
    """A table: its name, where it was written, and where its values were found."""

    place: str
    origin: Origin
    found: str
    places: Places

    def row(self, option: str, value: object, problem: str = "") -> Setting:
        return Setting(self.place, option, value, self.found, problem)


def in_force(configuration: Configuration, places: Places | None = None) -> list[Setting]:
    """All values in force, those that nobody set included; what is wrong is told, not raised."""
    around = places or Places.here()
    rows: list[Setting] = []
    for alias, entry in configuration.providers.items():
        place = f"providers.{alias}" if alias else "dsn"
        rows += _provider(_at(place, entry.origin, around), entry.value)
    health = configuration.health
    rows += _options(_at("health", health.origin, around), Settings, health.value)
    return rows


def _at(place: str, origin: Origin, places: Places) -> _At:
    return _At(place, origin, label(origin), places)


def _provider(at: _At, value: Any) -> Iterator[Setting]:
    if isinstance(value, SmsBackend):
        yield at.row("backend", value.name)
        return
    try:
        spec = spec_of(value, at.origin, at.places, at.place)
    except ConfigurationError as error:
        yield at.row("backend", None, str(error))
        return
    if isinstance(spec, Alias):
        yield at.row("alias", spec.name)
        return
    found = attrs.evolve(at, found=spec.found)
    yield found.row("backend", spec.backend)
    yield from _options(found, spec.cls, spec.options)


def _options(at: _At, cls: type, values: Mapping[str, Any]) -> Iterator[Setting]:
    options = options_of(cls)
    for name, option in options.items():
        if name in values and count_providers(option) == "none":
            yield _value(at, option, values[name])
        elif name in values:
            yield from _children(at, option, values[name])
        elif not option.required:
            default = _plain(option, option.default)
            yield attrs.evolve(at, found=DEFAULT).row(name, default)
    for name in values:
        if name not in options:
            yield at.row(shown(name), None, "unknown option")


def _value(at: _At, option: Option, raw: Any) -> Setting:
    try:
        got = given(raw, at.origin, at.places, f"option {option.name!r}")
        value = _plain(option, read(option, got.value, at.place))
    except ConfigurationError as error:
        return at.row(option.name, None, str(error))
    elsewhere = got.origin != label(at.origin)
    return attrs.evolve(at, found=got.origin if elsewhere else at.found).row(option.name, value)


def _children(at: _At, option: Option, raw: Any) -> Iterator[Setting]:
    single = count_providers(option) == "one"
    names: list[object] = []
    below: list[Setting] = []
    for index, item in enumerate([raw] if single else _items(at, raw)):
        place = f"{at.place}.{option.name}" + ("" if single else f".{index}")
        first, *rest = _provider(attrs.evolve(at, place=place), item)
        names.append(first.value if first.option == "alias" else f"({first.value})")
        below += [] if first.option == "alias" else [first, *rest]
    yield at.row(option.name, names[0] if single else names)
    yield from below


def _items(at: _At, raw: Any) -> list[Any]:
    try:
        value = raw if isinstance(raw, list) else given(raw, at.origin, at.places, "").value
        return items_of(value, at.place)
    except ConfigurationError:
        return []


def _plain(option: Option, value: object) -> object:
    """``value`` as JSON takes it; masked where it is private, unless it is nothing."""
    if value is None or value == ():
        return None if value is None else []
    if option.private:
        return MASKED
    if isinstance(value, list | tuple):
        return [_plain(option, item) for item in value]
    return value if isinstance(value, str | bool | int | float) else str(value)
