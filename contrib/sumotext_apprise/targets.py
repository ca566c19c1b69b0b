"""Phone numbers as Apprise hands them over: text, numbers of YAML, lists of both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from sumotext_backend.providers import InvalidNumberError, parse_number

_SEPARATOR: Final = re.compile(r"[,;|\r\n]+")


@attrs.frozen
class Targets:
    """Numbers in E.164, each once, in their order; and what is not a number, as it was written."""

    good: tuple[str, ...] = attrs.field(repr=False)
    bad: tuple[str, ...] = attrs.field(repr=False)


def list_numbers(value: object) -> Iterator[str]:
    """Each number in ``value`` as text: a list is walked, text is split at commas.

    A number that YAML read as an int or float is text again; None and empty parts are left out.
    """
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for item in value:
            yield from list_numbers(item)
    elif value is not None:
        for part in _SEPARATOR.split(str(value)):
            yield from _one_or_more(part.strip())


def _one_or_more(part: str) -> Iterator[str]:
    """``part``, or its words where each is a number by itself."""
    words = part.split()
    if len(words) > 1 and all(e164(word) for word in words):
        yield from words
    elif part:
        yield part


def e164(text: str) -> str:
    """``text`` as E.164, or ``""`` where it is not a phone number."""
    try:
        return parse_number(text).e164
    except InvalidNumberError:
        return ""


def sort_targets(value: object) -> Targets:
    """The numbers in ``value``; one that is written twice is still texted once."""
    parts = list(list_numbers(value))
    good = dict.fromkeys(number for number in map(e164, parts) if number)
    bad = dict.fromkeys(part for part in parts if not e164(part))
    return Targets(tuple(good), tuple(bad))
