"""A JSON Schema of configuration files, for editors, generated from the backends' declarations."""

from __future__ import annotations

import enum
import typing
from collections.abc import Iterable
from pathlib import Path
from types import UnionType
from typing import Any, Final, Literal, Union

from sumotext_backend.config.health import Settings
from sumotext_backend.config.spec import class_of
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import Option, options_of
from sumotext_backend.registry import names
from sumotext_backend.routing.tree import count_providers

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
_SIMPLE: Final[dict[Any, Schema]] = {
    # A short code is easily written as a bare number.
    str: {"type": ["string", "integer"]},
    Path: {"type": "string", "minLength": 1},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
}
_BOUNDS: Final = {">": "exclusiveMinimum", ">=": "minimum", "<": "exclusiveMaximum"} | {
    "<=": "maximum"
}


def schema(backends: Iterable[str] | None = None) -> Schema:
    """The schema (draft 2020-12) of ``sumotext.toml``.

    ``backends`` are the names to describe; None is all that are installed. A backend that is
    broken, or not among them, may be named with any options.
    """
    described = [each for each in sorted(names() if backends is None else backends) if _works(each)]
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
            "health": _table(Settings, {}),
        },
        "additionalProperties": False,
        "$defs": {
            "reference": _REFERENCE,
            "provider": {"anyOf": any_of},
            "dsn": dsn | _object({"dsn": _or_elsewhere({"type": "string"})}, ["dsn"]),
            **{f"backend-{each}": _backend(each) for each in described},
            "other-backend": _other(described),
        },
    }


def _works(backend: str) -> bool:
    try:
        class_of(backend, "")
    except ConfigurationError:
        return False
    return True


def _backend(name: str) -> Schema:
    cls = class_of(name, "")
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
    many = {"anyOf": [{"type": "array", "items": _PROVIDER, "minItems": 1}, _ELSEWHERE]}
    kinds = {"one": _PROVIDER, "many": many}
    providers = kinds.get(count_providers(option))
    return described | (providers or _or_elsewhere(_typed(option.hint, option)))


def _or_elsewhere(schema: Schema) -> Schema:
    return {"anyOf": [schema, _ELSEWHERE]}


def _typed(hint: Any, option: Option) -> Schema:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, UnionType):
        return _typed(next(arg for arg in args if arg is not type(None)), option)
    if origin is Literal:
        return {"enum": list(args)}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [member.value for member in hint]}
    if origin is tuple:
        return {"type": "array", "items": _or_elsewhere(_typed(args[0], option))}
    bounds = {_BOUNDS[sign]: bound for sign, bound in option.bounds}
    return _SIMPLE.get(hint, {}) | (bounds if hint in (int, float) else {})
