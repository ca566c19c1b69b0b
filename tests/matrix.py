"""The fault matrix as data: what one send must say of each fault. Used by several test modules.

Rows are named as the hostile gateway names its faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import pytest

from sumotext_backend import Outcome, Reason
from sumotext_backend.testing import FAULTS

DEADLINE = 1.0
"""Seconds that a send may take in these tests."""
CONNECT = 0.5
"""Seconds that connecting may take in these tests."""
SLACK = 0.25
"""Seconds by which a deadline may be passed, as the matrix has it."""

_REASONS: dict[str, Reason | None] = {
    "N08": Reason.UNREACHABLE,
    "N09": Reason.UNREACHABLE,
    "N11": Reason.UNREACHABLE,
    "N12": Reason.TLS,
    "N13": Reason.UNREACHABLE,
    "N14": Reason.TLS,
    "N15": Reason.TLS,
    "N16": Reason.TLS,
    "U01": Reason.NO_ANSWER,
    "U02": Reason.NO_ANSWER,
    "U04": Reason.NO_ANSWER,
    "U05": Reason.NO_ANSWER,
    "U06": Reason.TIMEOUT,
    "U07": Reason.NO_ANSWER,
    "U09": Reason.TIMEOUT,
    "U10": Reason.NO_ANSWER,
    "U11": Reason.BAD_ANSWER,
    "U13": Reason.TIMEOUT,
    "U14": Reason.TIMEOUT,
    "U17": Reason.REDIRECTED,
    "U18": Reason.REDIRECTED,
    "U19": Reason.REDIRECTED,
    "U21": Reason.SERVER_ERROR,
    "U22": Reason.SERVER_ERROR,
    "U24": Reason.BAD_ANSWER,
    "U25": Reason.BAD_ANSWER,
    "U26": Reason.BAD_ANSWER,
    "U27": Reason.BAD_ANSWER,
    "U29": Reason.TIMEOUT,
    "U30": Reason.TIMEOUT,
    "U31": Reason.BAD_ANSWER,
    "U34": Reason.BAD_ANSWER,
    "U35": None,
    "U36": Reason.ECHO_MISMATCH,
    "U37": Reason.BAD_ANSWER,
    "U38": Reason.BAD_ANSWER,
    "S01": None,
    "S02": None,
    "S04": None,
    "S05": None,
    "S07": None,
    "S08": None,
    "S09": None,
    "S10": None,
    "R01": Reason.UNAUTHORIZED,
    "R02": Reason.UNAUTHORIZED,
    "R03": Reason.NOT_OPTED_IN,
    "R04": Reason.NOT_SUBSCRIBED,
    "R05": Reason.REFUSED_REQUEST,
    "R06": Reason.UNAUTHORIZED,
    "R07": Reason.THROTTLED,
}
ONLY_TLS = ("N11", "N12", "N13", "N14", "N15", "N16")
"""Rows that need TLS."""

_UNTIL_DEADLINE = ("U06", "U09", "U13", "U14", "U29", "U30")
_UNTIL_CONNECT = ("N09", "N11")


@attrs.frozen
class Row:
    """One fault, and what one send must say of it. ``seconds`` is the time it may take."""

    fault: str
    reason: Reason | None
    seconds: float

    @property
    def outcome(self) -> Outcome:
        """The outcome that goes with the reason."""
        return self.reason.outcome if self.reason else Outcome.ACCEPTED


def rows() -> Iterator[Row]:
    """Every fault that the gateway can commit upon one send, but for those of a proxy."""
    for name, fault in FAULTS.items():
        if fault.row in _REASONS:
            yield Row(name, _REASONS[fault.row], _seconds(fault.row))


def parameters(rows: Iterable[Row]) -> list[Any]:
    """Rows for pytest; all variants of a fault but the first run under one interpreter only."""
    seen: set[str] = set()
    found = []
    for row in rows:
        kind = FAULTS[row.fault].row
        marks = [pytest.mark.once] if kind in seen else []
        found.append(pytest.param(row, id=row.fault, marks=marks))
        seen.add(kind)
    return found


def _seconds(row: str) -> float:
    if row in _UNTIL_DEADLINE:
        return DEADLINE + SLACK
    if row in _UNTIL_CONNECT:
        return CONNECT + SLACK
    # The matrix says 0.2 s; a busy machine is given more, still far below the deadline.
    return DEADLINE - SLACK
