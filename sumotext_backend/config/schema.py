"""A JSON Schema of configuration files, for editors, generated from the backends' declarations."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any, Final

from sumotext_backend.config.tables import TABLES
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import Option, options_of
from sumotext_backend.registry import finder, names

Schema = dict[str, Any]

_REFERENCE: Final[Schema] = {
    "description": "A value that stands elsewhere: in an environment variable, or in a file.",
    "type": "object",
    "properties": {
        "env": {"type": "string", "minLength": 1},
        "file": {"type": "string", "minLength": 1},
    },
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}
_ELSEWHERE: Final[Schema] = {"$ref": "#/$defs/reference"}
_PROVIDER: Final[Schema] = {"$ref": "#/$defs/provider"}
_KINDS: Final[dict[str, Schema]] = {
    # A short code is easily written as a bare number.
    "text": {"type": ["string", "integer"]},
    "path": {"type": "string", "minLength": 1},
    "flag": {"type": "boolean"},
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "value": {},
}
_BOUNDS: Final = {
    ">": "exclusiveMinimum",
    ">=": "minimum",
    "<": "exclusiveMaximum",
    "<=": "maximum",
}


def schema(backends: Iterable[str] | None = None) -> Schema:
    """The schema (draft 2020-12) of ``sumotext.toml``.

    ``backends`` are the names to describe; None is all that are installed. A backend that is
    broken, or not among them, may be named with any options.
    """
    described = _find_classes(names() if backends is None else backends)
    dsn = {"description": "A DSN, several in one line, or the alias of another provider."}
    any_of = [{"type": "string", "minLength": 1}, _ELSEWHERE, {"$ref": "#/$defs/dsn"}]
    any_of += [{"$ref": f"#/$defs/backend-{each}"} for each in described]
    any_of.append({"$ref": "#/$defs/other-backend"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sumotext.toml",
        "type": "object",
        "properties": {
            "providers": {
                "description": "Providers by alias; 'default' is used where none is named.",
                "type": "object",
                "propertyNames": {"pattern": r"^\w[\w.-]*$"},
                "additionalProperties": _PROVIDER,
            },
            **{name: _table(cls, {}) for name, cls in TABLES.items()},
        },
        "additionalProperties": False,
        "$defs": {
            "reference": _REFERENCE,
            "provider": {"anyOf": any_of},
            "dsn": dsn | _object({"dsn": _or_elsewhere({"type": "string"})}, ["dsn"]),
            **{f"backend-{each}": _backend(each, cls) for each, cls in described.items()},
            "other-backend": _other(list(described)),
        },
    }


def _find_classes(backends: Iterable[str]) -> dict[str, type]:
    """The classes of those ``backends`` that work, by name."""
    find, classes = finder(), dict[str, type]()
    for name in sorted(backends):
        with contextlib.suppress(ConfigurationError):
            classes[name] = find(name)
    return classes


def _backend(name: str, cls: type) -> Schema:
    doc = (cls.__doc__ or "").strip().partition("\n")[0]
    described = {"description": doc} if doc else {}
    return described | _table(cls, {"backend": {"const": name}})


def _other(described: list[str]) -> Schema:
    return {
        "description": "A backend that was not installed when this schema was made.",
        "type": "object",
        "properties": {"backend": {"type": "string", "not": {"enum": described}}},
        "required": ["backend"],
    }


def _table(cls: type, first: Schema) -> Schema:
    options = options_of(cls).values()
    properties = first | {option.name: _option(option) for option in options}
    return _object(properties, [*first, *(each.name for each in options if each.required)])


def _object(properties: Schema, required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _option(option: Option) -> Schema:
    described: Schema = {"description": option.help} if option.help else {}
    default = option.default
    if not option.private and isinstance(default, str | bool | int | float):
        described["default"] = default
    return described | _kind(option)


def _kind(option: Option) -> Schema:
    if option.kind != "provider":
        one = {"enum": list(option.choices)} if option.choices else _KINDS[option.kind]
        one = one | {_BOUNDS[sign]: bound for sign, bound in option.bounds}
        items = {"type": "array", "items": _or_elsewhere(one)}
        return _or_elsewhere(items if option.many else one)
    if not option.many:
        return _PROVIDER
    return _or_elsewhere({"type": "array", "items": _PROVIDER, "minItems": 1})


def _or_elsewhere(schema: Schema) -> Schema:
    return {"anyOf": [schema, _ELSEWHERE]}
