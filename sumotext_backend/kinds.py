"""The kinds of options: what an annotation asks for, and how text is read as that."""

from __future__ import annotations

import enum
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union

from sumotext_backend.backend import SmsBackend
from sumotext_backend.exceptions import did_you_mean

Kind = Literal["text", "path", "flag", "whole", "number", "choice", "provider", "value"]

_KINDS: Final[Mapping[type, Kind]] = {
    str: "text",
    Path: "path",
    bool: "flag",
    int: "whole",
    float: "number",
    SmsBackend: "provider",
}
_FLAGS: Final = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(
    ("false", "no", "off", "0"), False
)
_MAX_LISTED: Final = 8
"""Choices that an error lists; of more it gives the closest."""


def describe(hint: Any) -> dict[str, Any]:
    """What an annotation says, as fields of `options.Option`.

    They are ``kind``, ``choices``, ``many`` and ``optional``, those that are not as usual.
    """
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, UnionType):
        plain = [arg for arg in args if arg is not NoneType]
        return describe(plain[0]) | {"optional": len(plain) < len(args)}
    held = origin in (list, Sequence) and describe(args[0]).get("kind") == "provider"
    if origin is tuple or held:
        return describe(args[0]) | {"many": True, "optional": False}
    if origin is Literal:
        return {"kind": "choice", "choices": args}
    if not isinstance(hint, type):
        return {"kind": "value"}
    if issubclass(hint, enum.Enum):
        return {"kind": "choice", "choices": tuple(member.value for member in hint)}
    return {"kind": next((kind for cls, kind in _KINDS.items() if issubclass(hint, cls)), "value")}


def read_one(kind: Kind, choices: tuple[str, ...], value: object) -> object:
    """``value`` as ``kind``. Raises `ValueError`, which never shows it: it may be a secret."""
    if kind == "choice":
        return _choice(choices, value)
    return _READ[kind](value) if kind in _READ else value


def read_items(value: object) -> list[object]:
    """``value`` as a list; text is cut at commas. Raises `ValueError`."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    if isinstance(value, list | tuple):
        return list(value)
    raise ValueError("wants a list")


def _choice(choices: tuple[str, ...], value: object) -> object:
    if value in choices:
        return value
    if len(choices) <= _MAX_LISTED:
        raise ValueError(f"wants one of {', '.join(map(repr, choices))}")
    raise ValueError(f"wants one of {len(choices)} words{did_you_mean(str(value), choices)}")


def _text(value: object) -> str:
    # A short code is easily written as a bare number in TOML.
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise ValueError("wants text")


def _path(value: object) -> Path:
    if isinstance(value, str | Path) and str(value) and "\0" not in str(value):
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


_READ: Final[Mapping[Kind, Callable[[object], object]]] = {
    "text": _text,
    "path": _path,
    "flag": _flag,
    "number": _number(float, "a number"),
    "whole": _number(int, "a whole number"),
}
