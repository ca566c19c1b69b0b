"""What is in force, value by value, and where each was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from sumotext_backend.config.model import Configuration, Table, Value
from sumotext_backend.config.places import Places
from sumotext_backend.config.resolve import resolve
from sumotext_backend.config.tables import resolve_tables
from sumotext_backend.options import Option, options_of, quote_name

MASKED: Final = "•••"
DEFAULT: Final = "default"


@attrs.frozen
class Setting:
    """One value in force.

    ``place`` is the table (``providers.main``, ``health`` and its like, or ``dsn`` for a DSN in
    code), and below it for a provider without an alias (``providers.main.chain.1``, counted
    from 0).
    ``value`` is text, a number, true or false, None or a list of these, and ``•••`` for what is
    private. ``origin`` is the file, ``$VARIABLE``, ``file path``, ``code`` or ``default``.
    ``problem`` says why there is no value.
    """

    place: str
    option: str
    value: object
    origin: str
    problem: str = ""


def in_force(configuration: Configuration, places: Places | None = None) -> list[Setting]:
    """All values in force, those that nobody set included; what is wrong is told, not raised."""
    around = places or Places.here()
    tables = resolve(configuration, around)
    rows = [row for alias in configuration.providers for row in _rows(tables[alias])]
    settings = resolve_tables(configuration, around)
    return [*rows, *(row for table in settings for row in _options(table))]


def _rows(table: Table) -> Iterator[Setting]:
    path, origin = table.place.path, table.origin
    if table.target:
        yield Setting(path, "alias", table.target.place.alias, origin)
    elif table.cls is None and table.problems:
        yield Setting(path, "backend", None, origin, table.problems[0].problem)
    else:
        yield Setting(path, "backend", table.backend, origin)
        yield from _options(table)


def _options(table: Table) -> Iterator[Setting]:
    declared = options_of(table.cls) if table.cls else {}
    for name, option in declared.items():
        if name in table.values:
            yield from _value(table, option, table.values[name])
        elif not option.required:
            default = _plain(option, option.default)
            yield Setting(table.place.path, name, default, DEFAULT)
    for name, value in table.values.items():
        if name not in declared:
            yield Setting(table.place.path, quote_name(name), None, value.origin, "unknown option")


def _value(table: Table, option: Option, value: Value) -> Iterator[Setting]:
    path, problem = table.place.path, value.problem.problem if value.problem else ""
    if option.kind != "provider" or problem:
        plain = None if problem else _plain(option, value.value)
        yield Setting(path, option.name, plain, value.origin, problem)
        return
    names = [_name(below) for below in value.tables]
    yield Setting(path, option.name, names if option.many else names[0], value.origin)
    for below in value.tables:
        yield from () if below.target else _rows(below)


def _name(table: Table) -> str:
    """A provider in the option that holds it: its alias, or its backend in parentheses."""
    return table.target.place.alias if table.target else f"({table.backend or None})"


def _plain(option: Option, value: object) -> object:
    """``value`` as JSON takes it; masked where it is private, unless it is nothing."""
    if value is None or value == ():
        return None if value is None else []
    if option.private:
        return MASKED
    if isinstance(value, Mapping):
        return {str(key): _plain(option, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(option, item) for item in value]
    return value if isinstance(value, str | bool | int | float) else str(value)
