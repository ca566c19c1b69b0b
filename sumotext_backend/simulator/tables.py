"""The magic numbers as people read them: in the documentation and in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from sumotext_backend.simulator.behaviour import MAGIC, Behaviour
from sumotext_backend.simulator.dialects import PROVIDERS
from sumotext_backend.simulator.dialects.dialect import Dialect, Word
from sumotext_backend.simulator.dialects.speak import find_word
from sumotext_backend.simulator.protocols.legacy import ACCEPTED, LINES
from sumotext_backend.simulator.protocols.v2 import ERRORS

_TOLD = ("not-opted-in", "not-found", "no-ip", "no-credit", "sender", "content")
"""Behaviours that providers put into words of their own, or tell later."""

_HEAD = "| Number | Name | What the gateway does | Outcome | Legacy line, `ErrNum` |"
_ACROSS = 2
"""Behaviours in one table: a provider's code is up to 36 characters long."""


def magic_table() -> str:
    """The magic numbers as a Markdown table; no line end after the last row."""
    return "\n".join([_HEAD, f"{'|---' * 5}|", *map(_row, MAGIC)])


def _row(magic: Behaviour) -> str:
    ended = f"`{magic.outcome}`" + (f" `{magic.reason}`" if magic.reason else "")
    cells = (f"`{magic.number}`", magic.name, magic.does, ended, _line(magic))
    return f"| {' | '.join(cells)} |"


def _line(magic: Behaviour) -> str:
    """The first line of the legacy page, with words for number and id, and the newer code."""
    if not magic.is_worded:
        return ""
    line = LINES.get(magic.name, ACCEPTED)
    written = f"{line.echo}:{line.word}".format(mobile="NUMBER", smsid="ID")
    return f"`{written}`, {ERRORS.get(magic.name, 0)}"


def dialect_table() -> str:
    """What each provider says at once to the magic numbers, as Markdown tables of a few each.

    A row is one provider; an empty line is between two tables, and no line end after the last row.
    """
    names = [name for name in _TOLD if any(find_word(each, name) for each in PROVIDERS.values())]
    some = [names[start : start + _ACROSS] for start in range(0, len(names), _ACROSS)]
    return "\n\n".join(map(_write_some, some))


def _write_some(names: Sequence[str]) -> str:
    numbers = [next(magic.digits for magic in MAGIC if magic.name == name) for name in names]
    head = " | ".join(f"{name} {digits}" for name, digits in zip(names, numbers, strict=True))
    rows = [_row_of(PROVIDERS[name], names) for name in sorted(PROVIDERS)]
    return "\n".join([f"| Backend | {head} |", f"|---{'|---' * len(names)}|", *rows])


def _row_of(dialect: Dialect, names: Sequence[str]) -> str:
    words = [find_word(dialect, name) for name in names]
    cells = [_name_word(word) if word else "later" for word in words]
    return f"| `{dialect.name}` | {' | '.join(cells)} |"


def _name_word(word: Word) -> str:
    """The HTTP status, and the provider's code; the field or reason where those say more."""
    plain = str(word.code).isdigit() or " " in word.text
    said = word.code if plain else word.text or word.code
    return f"{word.status} `{said}`" if said else str(word.status)


def magic_text() -> str:
    """The magic numbers as plain lines of less than 80 characters: number, result, what happens."""
    return "\n".join(f"{magic.number}  {_result(magic):<23}  {magic.does}" for magic in MAGIC)


def _result(magic: Behaviour) -> str:
    return f"{magic.outcome} {magic.reason}" if magic.reason else str(magic.outcome)
