"""`FAULTS`: everything the hostile gateway can do, by name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sumotext_backend.testing.hostile.faults.connecting import PORT_AND_TLS, PROXY, WIRE
from sumotext_backend.testing.hostile.faults.proven import ACCEPTED, REFUSED
from sumotext_backend.testing.hostile.faults.response import BODY, HEAD, STATUS
from sumotext_backend.testing.hostile.script import Fault

_ALL: Final = (*PORT_AND_TLS, *PROXY, *WIRE, *HEAD, *STATUS, *BODY, *ACCEPTED, *REFUSED)

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
    """A Markdown table of all faults, as the documentation shows it."""
    lines = ["| Fault | Phase | What the gateway does |", "| --- | --- | --- |"]
    lines += [f"| `{one.name}` | {one.phase} | {one.does} |" for one in _ALL]
    return "\n".join(lines) + "\n"
