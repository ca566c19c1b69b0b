"""The magic numbers as people read them: in the documentation and in a terminal."""

from __future__ import annotations

from sumotext_backend.simulator.behaviour import MAGIC, Behaviour
from sumotext_backend.simulator.protocols.legacy import ACCEPTED, LINES
from sumotext_backend.simulator.protocols.v2 import ERRORS

_HEAD = "| Number | Name | What the gateway does | Outcome | Reason | Legacy line | `ErrNum` |"


def magic_table() -> str:
    """The magic numbers as a Markdown table; no line end after the last row."""
    return "\n".join([_HEAD, f"{'|---' * 7}|", *map(_row, MAGIC)])


def _row(magic: Behaviour) -> str:
    reason = f"`{magic.reason}`" if magic.reason else ""
    cells = (f"`{magic.number}`", magic.name, magic.does, f"`{magic.outcome}`", reason)
    return f"| {' | '.join((*cells, _line(magic), _err_num(magic)))} |"


def _line(magic: Behaviour) -> str:
    """The first line of the legacy page, with words for number and id."""
    if not magic.is_worded:
        return ""
    line = LINES.get(magic.name, ACCEPTED)
    return f"`{line.echo}:{line.word}`".format(mobile="NUMBER", smsid="ID")


def _err_num(magic: Behaviour) -> str:
    return str(ERRORS.get(magic.name, 0)) if magic.is_worded else ""


def magic_text() -> str:
    """The magic numbers as plain lines of less than 80 characters: number, result, what happens."""
    return "\n".join(f"{magic.number}  {_result(magic):<23}  {magic.does}" for magic in MAGIC)


def _result(magic: Behaviour) -> str:
    return f"{magic.outcome} {magic.reason}" if magic.reason else str(magic.outcome)
