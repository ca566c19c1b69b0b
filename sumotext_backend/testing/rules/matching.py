"""Whether a number or a text is among the values of a request; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_MIN_DIGITS: Final = 7
"""Fewer are a code, or somebody's short code."""
_NUMBER: Final = re.compile(r"(?:[a-z]+:)?\+?[0-9 ().-]+")
_NOT_DIGITS: Final = re.compile(r"[^0-9]")


def has_number(values: Iterable[str], number: str) -> bool:
    """Whether one of ``values`` is ``number``, in E.164 or in national form."""
    wanted = _digits(number)
    return any(wanted.endswith(digits) for digits in _numbers(values))


def has_text(values: Iterable[str], text: str) -> bool:
    """Whether one of ``values`` is ``text``, unchanged."""
    return any(value == text for value in values)


def _numbers(values: Iterable[str]) -> list[str]:
    found = [_digits(value) for value in values if _NUMBER.fullmatch(value)]
    return [digits for digits in found if len(digits) >= _MIN_DIGITS]


def _digits(number: str) -> str:
    """The digits of ``number`` without a trunk or international prefix of zeros."""
    return _NOT_DIGITS.sub("", number).lstrip("0")
