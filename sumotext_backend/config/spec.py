"""What one provider's entry asks for: a backend's class and its options, still unread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from sumotext_backend import dsn as dsns
from sumotext_backend.backend import SmsBackend
from sumotext_backend.config import expression
from sumotext_backend.config.places import Places
from sumotext_backend.config.references import given
from sumotext_backend.config.source import Origin
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.registry import backend_class

_SHAPES: Final = 'a table with "backend", a DSN, or an alias'


@attrs.frozen
class Spec:
    """A backend's name and class, and its options as written.

    ``origin`` says where they were written, ``found`` where they were found: not the same where a
    whole DSN stands in an environment variable.
    """

    backend: str
    cls: type[SmsBackend]
    options: Mapping[str, Any] = attrs.field(repr=False)
    origin: Origin
    found: str


@attrs.frozen
class Alias:
    """The name of another provider."""

    name: str


def spec_of(value: Any, origin: Origin, places: Places, where: str) -> Spec | Alias:
    """What ``value`` asks for: a table, a DSN, several of them in one line, or an alias.

    Raises `ConfigurationError` that begins with ``where``; options are not looked at.
    """
    entry = given(value, origin, places, where)
    if isinstance(entry.value, str):
        return _of_text(entry.value, origin, entry.origin, where)
    if not isinstance(entry.value, Mapping):
        raise ConfigurationError(f"{where} wants {_SHAPES}")
    if "dsn" in entry.value:
        return _of_dsn(entry.value, origin, places, where)
    if "backend" not in entry.value:
        raise ConfigurationError(f"{where}: option 'backend' is missing; name one, or give a 'dsn'")
    backend = given(entry.value["backend"], origin, places, f"{where}: option 'backend'").value
    if not isinstance(backend, str):
        raise ConfigurationError(f"{where}: option 'backend' wants the name of a backend")
    options = {str(key): each for key, each in entry.value.items() if key != "backend"}
    return Spec(backend, class_of(backend, where), options, origin, entry.origin)


def _of_dsn(table: Mapping[str, Any], origin: Origin, places: Places, where: str) -> Spec | Alias:
    if len(table) > 1:
        raise ConfigurationError(f"{where}: 'dsn' stands alone; other options go into its query")
    dsn = given(table["dsn"], origin, places, f"{where}: option 'dsn'")
    if not isinstance(dsn.value, str):
        raise ConfigurationError(f"{where}: option 'dsn' wants text")
    return _of_text(dsn.value, origin, dsn.origin, where)


def _of_text(text: str, origin: Origin, found: str, where: str) -> Spec | Alias:
    try:
        tree = expression.parse(text)
        if isinstance(tree, Mapping):
            options = {key: each for key, each in tree.items() if key != "backend"}
            return Spec(tree["backend"], class_of(tree["backend"], ""), options, origin, found)
        if expression.is_alias(tree):
            return Alias(tree)
        dsn = dsns.parse(tree)
        cls = class_of(dsn.scheme, "")
        return Spec(dsn.scheme, cls, dsns.read(dsn, cls.dsn), origin, found)
    except ConfigurationError as error:
        kind, wrong = type(error), str(error)
    raise kind(f"{where}: {wrong}")


def class_of(backend: str, where: str) -> type[SmsBackend]:
    """The class of an installed backend. Raises `ConfigurationError` that begins with ``where``."""
    try:
        return backend_class(backend)
    except ConfigurationError as error:
        kind, wrong = type(error), str(error)
    raise kind(f"{where}: {wrong}" if where else wrong)


def items_of(value: Any, where: str) -> list[Any]:
    """The entries of an option that holds several providers; text is cut at commas.

    Raises `ConfigurationError` for what is no list, and for none.
    """
    items = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        raise ConfigurationError(f"{where} wants a list of providers")
    if not items:
        raise ConfigurationError(f"{where} is empty; name at least one provider")
    return list(items)
