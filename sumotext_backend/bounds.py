"""Bounds of numbers: read off attrs' validators, and checked with words for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Bounds = tuple[tuple[str, float], ...]
"""Comparisons that a number must meet, such as ``((">", 0),)``."""


def find_bounds(validator: Any) -> Bounds:
    """The comparisons of `attrs.validators.gt` and its like, alone or joined."""
    if hasattr(validator, "compare_op"):
        return ((str(validator.compare_op), float(validator.bound)),)
    return tuple(
        bound for each in getattr(validator, "_validators", ()) for bound in find_bounds(each)
    )


_COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
}


def check_bounds(bounds: Bounds, value: object) -> None:
    """Raise `ValueError`, which never shows it, for a number out of ``bounds``."""
    if isinstance(value, int | float) and not all(
        _COMPARE[sign](value, bound) for sign, bound in bounds
    ):
        words = " and ".join(f"{sign} {bound:g}" for sign, bound in bounds)
        raise ValueError(f"wants a number {words}")
