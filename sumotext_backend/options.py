"""A backend's options, read off its attrs class: the one declaration behind everything.

Validation, error texts, the tables in the docs, ``sumotext backends`` and the DSN all come from
the fields of the class: the annotation says the type, the default says whether it is required,
``metadata={"help": …, "secret": True}`` says the rest.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeVar, Union

import attrs

from sumotext_backend.exceptions import ConfigurationError, did_you_mean

T = TypeVar("T")

_FLAGS: Final = {"true": True, "yes": True, "on": True, "1": True} | {
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


@attrs.frozen
class Option:
    """One option: its type as written, whether it must be given, its default and its help."""

    name: str
    hint: Any
    required: bool
    default: object
    help: str
    secret: bool


@functools.cache
def options_of(cls: type) -> Mapping[str, Option]:
    """The options of an attrs class by name, in the order of their declaration."""
    hints = typing.get_type_hints(cls)
    fields = (field for field in attrs.fields(cls) if field.init)
    return {str(field.alias): _option(field, hints[field.name]) for field in fields}


def _option(field: attrs.Attribute[Any], hint: object) -> Option:
    default = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        default = default.factory()  # type: ignore[union-attr]
    return Option(
        name=str(field.alias),
        hint=hint,
        required=field.default is attrs.NOTHING,
        default=default,
        help=field.metadata.get("help", ""),
        secret=field.metadata.get("secret", False),
    )


def make(cls: type[T], values: Mapping[str, object], where: str) -> T:
    """An instance of ``cls`` with its options set from ``values`` (text is read as the type asks).

    ``where`` names the place for errors: ``"provider 'main'"``.
    Raises `ConfigurationError` for an unknown, missing or wrong option.
    """
    known = options_of(cls)  # type: ignore[arg-type]  # mypy: type[T] is hashable
    for name in values:
        if name not in known:
            raise ConfigurationError(f"{where}: unknown option {name!r}{did_you_mean(name, known)}")
    for option in known.values():
        if option.required and option.name not in values:
            raise ConfigurationError(
                f"{where}: option {option.name!r} is missing ({option.help or 'required'})"
            )
    return _construct(cls, {n: _coerced(known[n], v, where) for n, v in values.items()}, where)


def _construct(cls: type[T], values: Mapping[str, object], where: str) -> T:
    try:
        return cls(**values)
    except ConfigurationError as error:
        wrong = str(error)
    raise ConfigurationError(f"{where}: {wrong}")


def _coerced(option: Option, value: object, where: str) -> object:
    try:
        return coerce(option.hint, value)
    except ValueError as error:
        wrong = str(error)
    raise ConfigurationError(f"{where}: option {option.name!r} {wrong}")


def coerce(hint: Any, value: object) -> object:
    """``value`` as the type ``hint`` asks, where it is text or a number that says the same.

    Raises `ValueError` (``"wants a number"``), which never shows the value: it may be a secret.
    """
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        plain = [arg for arg in args if arg is not type(None)]
        return None if value is None else coerce(plain[0], value)
    if origin is Literal:
        return _choice(args, value)
    if origin is tuple:
        items = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        return tuple(coerce(args[0], item) for item in _items(items))
    return _COERCE[hint](value) if hint in _COERCE else value


def _choice(choices: tuple[Any, ...], value: object) -> object:
    if value in choices:
        return value
    raise ValueError(f"wants one of {', '.join(map(repr, choices))}")


def _items(value: object) -> list[object]:
    if isinstance(value, (list, tuple)):
        return list(value)
    raise ValueError("wants a list")


def _text(value: object) -> str:
    # A short code is easily written as a bare number in TOML.
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value)
    raise ValueError("wants text")


def _flag(value: object) -> bool:
    flag = value if isinstance(value, bool) else _FLAGS.get(str(value).lower())
    if flag is None:
        raise ValueError("wants true or false")
    return flag


def _number(kind: Callable[[str], float], words: str) -> Callable[[object], float]:
    def number(value: object) -> float:
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            try:
                return kind(str(value))
            except ValueError:
                pass
        raise ValueError(f"wants {words}")

    return number


_COERCE: Final[Mapping[object, Callable[[object], object]]] = {
    str: _text,
    bool: _flag,
    float: _number(float, "a number"),
    int: _number(int, "a whole number"),
}
