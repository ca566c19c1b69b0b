"""Refusals that no table has, made of those that a provider documents; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

import attrs

from sumotext_backend.testing.hostile.script import Reply

_WORD: Final = re.compile(r"(\{\w+\}|\w+)")


def vary_refusals(accepted: Reply, refused: Collection[Reply]) -> Iterator[Reply]:
    """Each of ``refused`` with what tells it apart replaced by what nobody has heard of.

    What tells it apart are the values of its JSON, or the words of its text, that are in none of
    the others and not in ``accepted``. One that only its status tells apart is left out.
    """
    for reply in refused:
        others = [accepted, *(other for other in refused if other is not reply)]
        common = {word for other in others for word in _words(_parse(other.body))}
        document = _parse(reply.body)
        varied = _vary(document, {word for word in _words(document) if word not in common})
        if varied != document:
            yield attrs.evolve(reply, body=_serialize(varied))


def _parse(body: bytes) -> Any:
    """The JSON in ``body``, or its text."""
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("latin-1")


def _serialize(document: Any) -> bytes:
    return (
        document.encode("latin-1") if isinstance(document, str) else json.dumps(document).encode()
    )


def _words(document: Any) -> Iterator[str]:
    match document:
        case dict():
            for value in document.values():
                yield from _words(value)
        case list():
            for value in document:
                yield from _words(value)
        case str():
            yield from (word for word in _WORD.findall(document) if word[0] != "{")
        case int() if not isinstance(document, bool):
            yield str(document)


def _vary(document: Any, words: Collection[str]) -> Any:
    match document:
        case dict():
            return {name: _vary(value, words) for name, value in document.items()}
        case list():
            return [_vary(value, words) for value in document]
        case str():
            parts = _WORD.split(document)
            return "".join(_replace(part) if part in words else part for part in parts)
        case int() if str(document) in words:
            return int(_replace(str(document)))
    return document


def _replace(word: str) -> str:
    """A word of the same kind that no table has; a number gets a digit more."""
    if word.isdigit():
        return "9" * (len(word) + 1)
    return "UNHEARDOF" if word.isupper() else "unheardof"
