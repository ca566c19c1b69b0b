"""`FAULTS`: everything the hostile gateway can do, by name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sumotext_backend.testing.hostile.faults import refusing, sumotext
from sumotext_backend.testing.hostile.faults.connecting import PORT_AND_TLS, PROXY, WIRE
from sumotext_backend.testing.hostile.faults.response import BODY, HEAD, STATUS
from sumotext_backend.testing.hostile.script import Fault

_ANY_PROVIDER: Final = (
    *(*PORT_AND_TLS, *PROXY, *WIRE, *HEAD, *STATUS, *BODY),
    *refusing.REFUSED,
)
_SUMOTEXT: Final = (*sumotext.ACCEPTED, *sumotext.REFUSED, *sumotext.DOUBTS)


def _position(one: Fault) -> tuple[int, str, bool]:
    return "NUSR".index(one.row[0]), one.row, one.name != one.row


_ALL: Final = sorted((*_SUMOTEXT, *_ANY_PROVIDER), key=_position)

FAULTS: Final[Mapping[str, Fault]] = MappingProxyType({one.name: one for one in _ALL})
"""Every fault by its full name, each once. For the id of a row ask `fault` or `of_row`."""


def of_row(row: str) -> tuple[Fault, ...]:
    """All variants of a row, the first first; empty where there is none."""
    return tuple(one for one in _ALL if one.row == row)


def fault(name: str) -> Fault:
    """The fault of that name, or a row's first variant. Raises `ValueError` for another name."""
    if name in FAULTS:
        return FAULTS[name]
    variants = of_row(name)
    if variants:
        return variants[0]
    close = difflib.get_close_matches(name, FAULTS, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise ValueError(f"no fault {name!r} among sumotext_backend.testing.FAULTS{hint}")


def fault_table() -> str:
    """A Markdown table of all faults; an asterisk marks those in SUMOTEXT's words."""
    lines = ["| Fault | Phase | What the gateway does |", "| --- | --- | --- |"]
    lines += [f"| `{one.name}`{_note(one)} | {one.phase} | {one.does} |" for one in _ALL]
    return "\n".join(lines) + "\n"


def _note(one: Fault) -> str:
    return " *" if one in _SUMOTEXT else ""
