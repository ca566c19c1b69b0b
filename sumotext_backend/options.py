"""A backend's options, read off its attrs class: the one declaration behind everything.

Validation, error texts, the tables in the docs, ``sumotext backends`` and the DSN all come from
the fields of the class: the annotation says the type, the default says whether it is required,
``metadata={"help": …, "secret": True}`` says the rest. What a repr hides is private.
"""

from __future__ import annotations

import functools
import re
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from types import UnionType
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
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")

Bounds = tuple[tuple[str, float], ...]


@attrs.frozen
class Option:
    """One option: its type as written, whether it must be given, its default and its help.

    ``bounds`` are comparisons that a number must meet, such as ``((">", 0),)``. ``private`` is
    what no repr shows; every ``secret`` is private. ``per_message`` tells that one message may set
    it too.
    """

    name: str
    hint: Any
    required: bool
    default: object
    help: str
    secret: bool
    private: bool = False
    bounds: Bounds = ()
    per_message: bool = False


@functools.cache
def options_of(cls: type) -> Mapping[str, Option]:
    """The options of an attrs class by name, in the order of their declaration.

    Raises `ConfigurationError` for a class that declares none in a way that can be read.
    """
    try:
        hints = typing.get_type_hints(cls)
        fields = [field for field in attrs.fields(cls) if field.init]
        return {str(field.alias): _option(field, hints.get(field.name, Any)) for field in fields}
    except Exception as error:  # noqa: BLE001 - a stranger's class may be anything
        why = type(error).__name__
    raise ConfigurationError(
        f"the options of {cls.__name__} cannot be read ({why}); "
        "it must be an attrs class whose annotations can be resolved"
    )


def _option(field: attrs.Attribute[Any], hint: object) -> Option:
    default = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        default = None if default.takes_self else default.factory()  # type: ignore[union-attr]
    secret = bool(field.metadata.get("secret", False))
    return Option(
        name=str(field.alias),
        hint=hint,
        required=field.default is attrs.NOTHING,
        default=default,
        help=field.metadata.get("help", ""),
        secret=secret,
        private=secret or field.repr is not True,
        bounds=_bounds(field.validator),
        per_message=bool(field.metadata.get("per_message", False)),
    )


def _bounds(validator: Any) -> Bounds:
    """The comparisons of `attrs.validators.gt` and its like, alone or joined."""
    if hasattr(validator, "compare_op"):
        return ((str(validator.compare_op), float(validator.bound)),)
    return tuple(bound for each in getattr(validator, "_validators", ()) for bound in _bounds(each))


def shown(name: str) -> str:
    """``name`` in quotes for an error, unless it may be a secret or a number in the wrong place."""
    plain = _NAME.fullmatch(name) and sum(map(str.isdigit, name)) < 7
    return repr(name) if plain else "(not shown)"


def known(cls: type, name: str, where: str) -> Option:
    """The option ``name`` of ``cls``. Raises `ConfigurationError` where it has none."""
    options = options_of(cls)
    if name not in options:
        meant = did_you_mean(name, options)
        raise ConfigurationError(f"{where}: unknown option {shown(name)}{meant}")
    return options[name]


def missing(cls: type, names: typing.Collection[str], where: str) -> list[str]:
    """One line for each option that ``cls`` requires and that is not among ``names``."""
    return [
        f"{where}: option {option.name!r} is missing ({option.help or 'required'})"
        for option in options_of(cls).values()
        if option.required and option.name not in names
    ]


def make(cls: type[T], values: Mapping[str, object], where: str) -> T:
    """An instance of ``cls`` with its options set from ``values`` (text is read as the type asks).

    ``where`` names the place for errors: ``"provider 'main'"``.
    Raises `ConfigurationError` for an unknown, missing or wrong option.
    """
    coerced = {name: read(known(cls, name, where), value, where) for name, value in values.items()}
    lacking = missing(cls, values, where)
    if lacking:
        raise ConfigurationError(lacking[0])
    return construct(cls, coerced, where)


def construct(cls: type[T], values: Mapping[str, object], where: str) -> T:
    """An instance of ``cls`` from ``values`` that were `read`. Raises `ConfigurationError`."""
    try:
        return cls(**values)
    except ConfigurationError as error:
        wrong = str(error)
    except Exception as error:  # noqa: BLE001 - a stranger's class may raise anything
        # Its words are left out: those of attrs' validators hold the value.
        names = [arg.alias for arg in error.args if isinstance(arg, attrs.Attribute)]
        option = f"option {names[0]!r}" if names else "an option"
        wrong = f"{option} is not what the backend takes ({type(error).__name__})"
    raise ConfigurationError(f"{where}: {wrong}")


def read(option: Option, value: object, where: str) -> object:
    """``value`` as ``option`` takes it. Raises `ConfigurationError` where that cannot be."""
    try:
        coerced = coerce(option.hint, value)
        _bounded(option.bounds, coerced)
    except ValueError as error:
        wrong = str(error)
    else:
        return coerced
    raise ConfigurationError(f"{where}: option {option.name!r} {wrong}")


_COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
}


def _bounded(bounds: Bounds, value: object) -> None:
    if isinstance(value, int | float) and not all(
        _COMPARE[sign](value, bound) for sign, bound in bounds
    ):
        words = " and ".join(f"{sign} {bound:g}" for sign, bound in bounds)
        raise ValueError(f"wants a number {words}")


def coerce(hint: Any, value: object) -> object:
    """``value`` as the type ``hint`` asks, where it is text or a number that says the same.

    Raises `ValueError` (``"wants a number"``), which never shows the value: it may be a secret.
    """
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, UnionType):
        plain = [arg for arg in args if arg is not type(None)]
        if value is None and len(plain) < len(args):
            return None
        return coerce(plain[0], value)
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
    if isinstance(value, list | tuple):
        return list(value)
    raise ValueError("wants a list")


def _text(value: object) -> str:
    # A short code is easily written as a bare number in TOML.
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise ValueError("wants text")


def _path(value: object) -> Path:
    if isinstance(value, str | Path) and str(value):
        return Path(value)
    raise ValueError("wants a path")


def _flag(value: object) -> bool:
    flag = value if isinstance(value, bool) else _FLAGS.get(str(value).lower())
    if flag is None:
        raise ValueError("wants true or false")
    return flag


def _number(kind: Callable[[str], float], words: str) -> Callable[[object], float]:
    def number(value: object) -> float:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            try:
                return kind(str(value))
            except ValueError:
                pass
        raise ValueError(f"wants {words}")

    return number


_COERCE: Final[Mapping[object, Callable[[object], object]]] = {
    str: _text,
    Path: _path,
    bool: _flag,
    float: _number(float, "a number"),
    int: _number(int, "a whole number"),
}
