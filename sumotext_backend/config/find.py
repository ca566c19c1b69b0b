"""Where a configuration is found: in code, in a file that is named, or in one that is there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from sumotext_backend.config.model import VARIABLE, Configuration, Entry, Origin, ShapeError
from sumotext_backend.config.references import read_text
from sumotext_backend.exceptions import (
    ConfigurationError,
    NothingConfiguredError,
    did_you_mean,
)
from sumotext_backend.expression import is_alias
from sumotext_backend.numbering import DEFAULT_REGION, check_region
from sumotext_backend.options import quote_name
from sumotext_backend.places import Places

FILE: Final = "sumotext.toml"
EXAMPLE: Final = "sumotext://74700/SUMO?carrier=ATTUS"
"""A DSN, for who has none."""
_TABLE: Final = ("tool", "sumotext")
_CODE: Final = Origin()
_TABLES: Final = ("health", "ledger", "consent", "inbound")
_TOP: Final = ("providers", *_TABLES, "region")
"""What may stand at the top."""


def of_mapping(mapping: Mapping[str, Any], origin: Origin = _CODE) -> Configuration:
    """``{"providers": {alias: provider}, "health": settings, …, "region": "US"}`` as a value.

    Raises `ConfigurationError` for another shape. Providers are looked at when they are built.
    """
    wrong_region = _find_region_problem(mapping)
    wrong = [*_list_problems(mapping), *wrong_region]
    providers = _read_table(mapping, "providers").items()
    entries = {str(key): Entry(value, origin) for key, value in providers if is_alias(str(key))}
    tables = {name: Entry(_read_table(mapping, name), origin) for name in _TABLES}
    region = None if wrong_region else mapping.get("region")
    made = Configuration(entries, tables, origin, region=region)
    if wrong:
        raise ShapeError(wrong[0], wrong, made)
    return made


def _read_table(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = mapping.get(name, {})
    return found if isinstance(found, Mapping) else {}


def _list_problems(mapping: Mapping[str, Any]) -> Iterator[str]:
    """Why ``mapping`` is not a configuration."""
    for key in mapping:
        if key not in _TOP:
            known, meant = ", ".join(_TOP), did_you_mean(str(key), _TOP)
            yield f"unknown key {quote_name(str(key))}; there are {known}{meant}"
    for key, example in (("providers", "providers.default"), *zip(_TABLES, _TABLES, strict=True)):
        if not isinstance(mapping.get(key, {}), Mapping):
            yield f"{key!r} wants a table, such as [{example}]"
    for alias in map(str, _read_table(mapping, "providers")):
        if not is_alias(alias):
            form = "letters, digits, '_', and inside '-' and '.'"
            yield f"{quote_name(alias)} is not an alias; write {form}"


def _find_region_problem(mapping: Mapping[str, Any]) -> list[str]:
    try:
        check_region(mapping.get("region", DEFAULT_REGION))
    except ConfigurationError as error:
        return [str(error)]
    return []


def of_file(path: Path, name: str, table: tuple[str, ...] = ()) -> Configuration:
    """The configuration in the TOML file ``path``, or in a ``table`` of it."""
    tables = _dig(read_toml(path, name), table)
    label = f"{name} [{'.'.join(table)}]" if table else name
    if isinstance(tables, Mapping):
        return of_mapping(tables, Origin(label, path.parent))
    raise ConfigurationError("it wants a table", file=label)


def read_toml(path: Path, name: str) -> dict[str, Any]:
    """The tables of the TOML file ``path``; errors call it ``name``.

    Raises `ConfigurationError` with line and column for what is not TOML.
    """
    import tomllib

    text = read_text(path, name)
    try:
        return tomllib.loads(text)
    except RecursionError:
        wrong = ": it is nested too deeply"
    except ValueError as error:
        wrong = _position(str(error))
    raise ConfigurationError(f"{name} is not valid TOML{wrong}")


def _position(wrong: str) -> str:
    """``": Invalid value, line 3, column 5"``; without the words where they quote the file."""
    match = re.fullmatch(r"(?P<words>.*?)(?: \(at (?P<place>[a-z0-9 ,]+)\))?", wrong, re.DOTALL)
    words = match["words"] if match and not re.search(r"['\"\n]", match["words"]) else ""
    place = match["place"] if match else ""
    return ": " + ", ".join(part for part in (words, place) if part) if words or place else ""


def _dig(tables: Any, table: tuple[str, ...]) -> Any:
    """The ``table`` inside ``tables``; None where there is none."""
    for key in table:
        tables = tables.get(key) if isinstance(tables, Mapping) else None
    return tables


def find(places: Places, config: str | os.PathLike[str] | None = None) -> Configuration:
    """What ``config`` names, else ``$SUMOTEXT_CONFIG``, else what is found, with ``$SMS_DSN``.

    ``$SMS_DSN`` is the provider ``default`` of what is found, in place of a file's own. A file
    that somebody named is used as it is. Raises `ConfigurationError` where there is nothing.
    """
    named = _find_named(places, config)
    dsn = places.environ.get("SMS_DSN", "").strip()
    if named:
        note = f"$SMS_DSN is set but not used, since {named.origin.label} is named"
        return attrs.evolve(named, notes=(note,)) if dsn else named
    found = next(_look_around(places), None)
    if dsn:
        return _with_dsn(found or of_mapping({}, Origin(VARIABLE, places.cwd)), dsn, places)
    if found:
        return found
    raise NothingConfiguredError(
        f"no provider is configured: pass a DSN, set $SMS_DSN, or write {FILE} with a table "
        f"[providers.default]; a DSN is such as {EXAMPLE}"
    )


def find_or_empty(places: Places, config: str | os.PathLike[str] | None = None) -> Configuration:
    """As `find`, and a configuration that says nothing where there is none."""
    try:
        return find(places, config)
    except NothingConfiguredError:
        return of_mapping({})


def _find_named(places: Places, config: str | os.PathLike[str] | None) -> Configuration | None:
    name = os.fspath(config) if config else places.environ.get("SUMOTEXT_CONFIG", "")
    if not name:
        return None
    path = places.expand(name, places.cwd)
    if not _exists(path):
        by = "the argument 'config'" if config else "$SUMOTEXT_CONFIG"
        raise ConfigurationError(f"there is no file {name}, which {by} names")
    if path.name != "pyproject.toml":
        return of_file(path, name)
    if _dig(read_toml(path, name), _TABLE) is None:
        raise ConfigurationError(f"{name} has no table [tool.sumotext]; write one")
    return of_file(path, name, _TABLE)


def _look_around(places: Places) -> Iterator[Configuration]:
    """The configurations of the places where nobody named one, the first one first."""
    if _exists(places.cwd / FILE):
        yield of_file(places.cwd / FILE, FILE)
    project = places.cwd / "pyproject.toml"
    if _exists(project) and _dig(read_toml(project, project.name), _TABLE) is not None:
        yield of_file(project, project.name, _TABLE)
    own = places.config_dir() / FILE
    if _exists(own):
        yield of_file(own, str(own))


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except OSError:  # a folder that may not be looked into holds no configuration of ours
        return False
    return True


def _with_dsn(found: Configuration, dsn: str, places: Places) -> Configuration:
    entry = Entry(dsn, Origin(VARIABLE, places.cwd))
    notes: tuple[str, ...] = ()
    if "default" in found.providers:
        notes = (f"the provider 'default' of {found.origin.label} gives way to $SMS_DSN",)
    return attrs.evolve(found, providers={**found.providers, "default": entry}, notes=notes)
