"""A ledger's words as lines, which another ledger takes: what `consent export` prints.

No error shows any part of a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from sumotext_backend.backend import is_encodable
from sumotext_backend.events import ConsentChange
from sumotext_backend.msisdn import InvalidNumberError, parse
from sumotext_backend.render.entries import FORGOTTEN, change_object
from sumotext_backend.render.texts import InputError

if TYPE_CHECKING:
    from sumotext_backend.ledger.imports import BadRow

FIELDS: Final = frozenset(
    {"person", "apart", *(field.name for field in attrs.fields(ConsentChange))}
)
_TEXTS: Final = FIELDS - {"at", "said_at", "apart"}
_BLOT: Final = "\u2022"
"""What stands for the digits that a mask hides."""


def is_export(head: Iterable[str]) -> bool:
    """Whether a file with these first lines is one of words and no list of numbers."""
    return any(line.lstrip(" \t\ufeff").startswith("{") for line in head)


def word_object(person: str, change: ConsentChange, *, numbers: bool) -> dict[str, Any]:
    """One word with all that another ledger needs, but its number unless ``numbers``.

    ``person`` is the keyed hash that stands for the number.
    """
    return {
        "person": person,
        **change_object(change, numbers=numbers),
        "at": _write(change.at),
        "backend": change.backend,
        "said_at": _write(change.said_at),
        "apart": None if change.apart is None else list(change.apart),
    }


def read_words(lines: Iterable[str]) -> Iterator[ConsentChange | BadRow]:
    """The words in ``lines``, those whose number was forgotten without one, and bad rows.

    Empty lines are left out. Raises `InputError` for numbers that are masked.
    """
    from sumotext_backend.ledger.imports import BadRow

    for number, line in enumerate(lines, 1):
        if not line.strip(" \t\r\n\ufeff"):
            continue
        try:
            yield _read_word(line)
        except (InvalidNumberError, LookupError) as error:
            yield BadRow(number, error.args[0])


def _read_object(line: str) -> dict[str, Any]:
    try:
        fields = json.loads(line.strip("\ufeff"))
    except (ValueError, RecursionError):
        fields = None
    if isinstance(fields, dict):
        return fields
    raise LookupError("it is not one JSON object, whole")


def _read_word(line: str) -> ConsentChange:
    """Raise `InvalidNumberError`, `LookupError` or `InputError`."""
    fields = _read_object(line)
    _check(fields)
    apart = fields["apart"]
    return ConsentChange(
        **{name: fields[name] for name in _TEXTS - {"person", "number"}},
        number=_read_number(fields["number"]),
        at=_read(fields["at"]),
        said_at=None if fields["said_at"] is None else _read(fields["said_at"]),
        apart=None if apart is None else tuple(apart),
    )


def _check(fields: dict[str, Any]) -> None:
    """Refuse what is no word. Raises `LookupError`."""
    from sumotext_backend.ledger import Source, Word

    if missing := sorted(FIELDS - fields.keys()):
        raise LookupError(f"it has no {missing[0]!r}; export with the same release")
    if fields.keys() - FIELDS:
        raise LookupError("it has a field that this release does not know; install a newer one")
    apart = [] if fields["apart"] is None else fields["apart"]
    texts = [fields[name] for name in _TEXTS]
    if not isinstance(apart, list) or not all(map(_is_text, [*texts, *apart])):
        raise LookupError("a field is no text that can be kept")
    if fields["word"] not in list(Word) or fields["source"] not in list(Source):
        raise LookupError("its word or source is none that there is")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value and is_encodable(value)


def _read_number(number: str) -> str:
    if _BLOT in number:
        raise InputError(
            "the numbers are masked, and nothing was imported; "
            "export with: sumotext consent export --show-numbers"
        )
    if number == FORGOTTEN:
        return ""
    if not number.startswith("+"):
        raise InvalidNumberError("its number is not in E.164, such as +15015551234")
    return parse(number).e164


def _write(moment: float | None) -> str | None:
    """To the microsecond, as the order of two words depends upon it.

    In UTC, which has every moment that a provider's clock may have told: some local times have none
    in the year 1.
    """
    there = None if moment is None else datetime.fromtimestamp(moment, UTC)
    return there.isoformat(timespec="microseconds") if there else None


def _read(moment: object) -> float:
    try:
        there = datetime.fromisoformat(moment) if isinstance(moment, str) else None
        if there and there.tzinfo:
            return datetime.fromtimestamp(there.timestamp(), UTC).timestamp()
    except (ValueError, OverflowError):  # some are in no year of UTC
        pass
    raise LookupError("a moment is none, or has no offset from UTC")
