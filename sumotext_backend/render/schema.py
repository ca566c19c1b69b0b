"""A JSON Schema of configuration files, for editors, generated from the backends' declarations."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Final

from sumotext_backend.config.tables import TABLES
from sumotext_backend.numbering import DEFAULT_REGION
from sumotext_backend.options import Option, options_of

if TYPE_CHECKING:
    from sumotext_backend.registry import Listed

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
_REGION: Final[Schema] = {
    "description": "Where numbers without country code are dialled: two letters (ISO 3166-1).",
    "type": "string",
    "pattern": "^[A-Z]{2}$",
    "default": DEFAULT_REGION,
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


def make_schema(backends: Iterable[Listed]) -> Schema:
    """The schema (draft 2020-12) of ``sumotext.toml``, with ``backends``.

    A backend that is broken, or not among them, may be named with any options.
    """
    described = {row.name: _backend(row) for row in backends if row.state == "ok"}
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
            **{name: _table(options_of(cls).values()) for name, cls in TABLES.items()},
            "region": _REGION,
        },
        "additionalProperties": False,
        "$defs": {
            "reference": _REFERENCE,
            "provider": {"anyOf": any_of},
            "dsn": dsn | _object({"dsn": _or_elsewhere({"type": "string"})}, ["dsn"]),
            **{f"backend-{name}": each for name, each in described.items()},
            "other-backend": _other(list(described)),
        },
    }


def _backend(row: Listed) -> Schema:
    described = {"description": row.doc} if row.doc else {}
    return described | _table(row.options, {"backend": {"const": row.name}})


def _other(described: list[str]) -> Schema:
    return {
        "description": "A backend that was not installed when this schema was made.",
        "type": "object",
        "properties": {"backend": {"type": "string", "not": {"enum": described}}},
        "required": ["backend"],
    }


def _table(options: Collection[Option], first: Schema | None = None) -> Schema:
    properties = (first or {}) | {option.name: _option(option) for option in options}
    return _object(properties, [*(first or {}), *(each.name for each in options if each.required)])


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
