"""Phone numbers as Apprise hands them over: text, numbers of YAML, lists of both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from sumotext_backend.providers import DEFAULT_REGION, InvalidNumberError, parse_number

_SEPARATOR: Final = re.compile(r"[,;|\r\n]+")


@attrs.frozen
class Targets:
    """Numbers in E.164, each once, in their order; and what is not a number, as it was written."""

    good: tuple[str, ...] = attrs.field(repr=False)
    bad: tuple[str, ...] = attrs.field(repr=False)


def list_numbers(value: object, region: str | None = None) -> Iterator[str]:
    """Each number in ``value`` as text: a list is walked, text is split at commas.

    A number that YAML read as an int or float is text again; None and empty parts are left out.
    """
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for item in value:
            yield from list_numbers(item, region)
    elif value is not None:
        for part in _SEPARATOR.split(str(value)):
            yield from _one_or_more(part.strip(), region)


def _one_or_more(part: str, region: str | None) -> Iterator[str]:
    """``part``, or its words where each is a number by itself."""
    words = part.split()
    if len(words) > 1 and all(e164(word, region) for word in words):
        yield from words
    elif part:
        yield part


def e164(text: str, region: str | None = None) -> str:
    """``text`` as E.164, or ``""`` where it is not a phone number.

    Without country code it is read as it is dialled in ``region``; None is the US.
    """
    try:
        return parse_number(text, region or DEFAULT_REGION).e164
    except InvalidNumberError:
        return ""


def sort_targets(value: object, region: str | None = None) -> Targets:
    """The numbers in ``value``; one that is written twice is still texted once."""
    numbers = {part: e164(part, region) for part in list_numbers(value, region)}
    good = dict.fromkeys(number for number in numbers.values() if number)
    bad = [part for part, number in numbers.items() if not number]
    return Targets(tuple(good), tuple(bad))
