"""Where a configuration comes from: code, a file that is named, or one that is found."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from sumotext_backend.config.expression import is_alias
from sumotext_backend.config.files import toml_of
from sumotext_backend.config.places import Places
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.options import shown

FILE: Final = "sumotext.toml"
DSN: Final = "the DSN"
VARIABLE: Final = "$SMS_DSN"
_TOP: Final = ("health", "providers")


@attrs.frozen
class Origin:
    """Where something was written: ``label`` for people, empty for code.

    ``folder`` is what relative paths in it are relative to. ``provider`` is how a provider is
    written there, with ``{}`` for its alias, and ``health`` how the settings of health are: for
    errors.
    """

    label: str = ""
    folder: Path = Path()
    provider: str = "[providers.{}]"
    health: str = "[health]"

    def at(self, place: str) -> str:
        """``place`` with the file before it, for errors: ``"sumotext.toml: provider 'main'"``."""
        return ": ".join(part for part in (self.label, place) if part)


@attrs.frozen
class Entry:
    """One provider, or the health settings, as written; references are not yet resolved."""

    value: Any = attrs.field(repr=False)
    origin: Origin


@attrs.frozen
class Configuration:
    """Providers by alias and the settings of health, each with its origin.

    ``start`` is the provider that is asked for; the alias ``""`` is that of a DSN in code.
    ``origin`` is that of the whole; ``notes`` are lines on what was found and not used.
    """

    providers: Mapping[str, Entry]
    health: Entry
    origin: Origin
    start: str = "default"
    notes: tuple[str, ...] = ()

    def where(self, alias: str) -> str:
        """The place of a provider, for errors."""
        origin = self.providers[alias].origin
        return origin.at("" if origin.label in (DSN, VARIABLE) else f"provider {shown(alias)}")


def of_mapping(mapping: Mapping[str, Any], origin: Origin = Origin()) -> Configuration:
    """``{"providers": {alias: provider}, "health": settings}`` as a `Configuration`.

    Raises `ConfigurationError` for another shape. Providers are looked at when they are built.
    """
    for key in mapping:
        if key not in _TOP:
            meant = did_you_mean(str(key), _TOP)
            raise ConfigurationError(
                origin.at(f"unknown key {shown(str(key))}; there are providers and health{meant}")
            )
    providers = _table(mapping, "providers", origin)
    health = _table(mapping, "health", origin)
    for alias in map(str, providers):
        if not is_alias(alias):
            wrong = (
                f"{shown(alias)} is no alias; write letters, digits, '_', and inside '-' and '.'"
            )
            raise ConfigurationError(origin.at(wrong))
    entries = {str(alias): Entry(value, origin) for alias, value in providers.items()}
    return Configuration(entries, Entry(health, origin), origin)


def _table(mapping: Mapping[str, Any], key: str, origin: Origin) -> Mapping[str, Any]:
    value = mapping.get(key, {})
    if isinstance(value, Mapping):
        return value
    raise ConfigurationError(origin.at(f"{key!r} wants a table, such as [{_example(key)}]"))


def _example(key: str) -> str:
    return "providers.default" if key == "providers" else key


def of_file(path: Path, name: str, table: tuple[str, ...] = ()) -> Configuration:
    """The configuration in the TOML file ``path``, or in a ``table`` of it."""
    tables: Any = toml_of(path, name)
    for key in table:
        tables = tables[key]
    label = f"{name} [{'.'.join(table)}]" if table else name
    origin = Origin(label, path.parent)
    if isinstance(tables, Mapping):
        return of_mapping(tables, origin)
    raise ConfigurationError(f"{label} wants a table")


def find(places: Places, config: str | os.PathLike[str] | None = None) -> Configuration:
    """What ``config`` names, else ``$SUMOTEXT_CONFIG``, else what is found, with ``$SMS_DSN``.

    ``$SMS_DSN`` is the provider ``default`` of what is found, in place of a file's own. A file
    that somebody named is used as it is. Raises `ConfigurationError` where there is nothing.
    """
    named = _named(places, config)
    dsn = places.environ.get("SMS_DSN", "").strip()
    if named:
        note = f"$SMS_DSN is set but not used, since {named.origin.label} is named"
        return attrs.evolve(named, notes=(note,)) if dsn else named
    found = next(_found(places), None)
    if dsn:
        return _with_dsn(found or of_mapping({}, Origin(VARIABLE, places.cwd)), dsn, places)
    if found:
        return found
    raise ConfigurationError(
        f"no provider is configured: pass a DSN, set $SMS_DSN, or write {FILE} with a table "
        "[providers.default]; a DSN is such as sumotext://74700/SUMO?carrier=ATTUS"
    )


def _named(places: Places, config: str | os.PathLike[str] | None) -> Configuration | None:
    given = os.fspath(config) if config else places.environ.get("SUMOTEXT_CONFIG", "")
    if not given:
        return None
    path = places.expanded(given, places.cwd)
    if not _there(path):
        by = "the argument 'config'" if config else "$SUMOTEXT_CONFIG"
        raise ConfigurationError(f"there is no file {given}, which {by} names")
    table = ("tool", "sumotext") if path.name == "pyproject.toml" else ()
    if table and not _has(path, given, table):
        raise ConfigurationError(f"{given} has no table [tool.sumotext]; write one")
    return of_file(path, given, table)


def _found(places: Places) -> Iterator[Configuration]:
    """The configurations of the places where nobody named one, the first one first."""
    if _there(places.cwd / FILE):
        yield of_file(places.cwd / FILE, FILE)
    project, table = places.cwd / "pyproject.toml", ("tool", "sumotext")
    if _there(project) and _has(project, project.name, table):
        yield of_file(project, project.name, table)
    own = places.config_dir() / FILE
    if _there(own):
        yield of_file(own, str(own))


def _there(path: Path) -> bool:
    try:
        path.stat()
    except OSError:  # a folder that may not be looked into holds no configuration of ours
        return False
    return True


def _has(path: Path, name: str, table: tuple[str, ...]) -> bool:
    tables: Any = toml_of(path, name)
    for key in table:
        tables = tables.get(key) if isinstance(tables, Mapping) else None
    return tables is not None


def _with_dsn(found: Configuration, dsn: str, places: Places) -> Configuration:
    entry = Entry(dsn, Origin(VARIABLE, places.cwd))
    notes: tuple[str, ...] = ()
    if "default" in found.providers:
        notes = (f"the provider 'default' of {found.origin.label} gives way to $SMS_DSN",)
    return attrs.evolve(found, providers={**found.providers, "default": entry}, notes=notes)
