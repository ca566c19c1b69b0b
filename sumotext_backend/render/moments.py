"""Moments as people write them, and as they are shown: pure functions."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

_AGO: Final = re.compile(r"(\d{1,6})([mhd])")
_SECONDS: Final = {"m": 60, "h": 3600, "d": 86_400}


def read_moment(text: str, now: float) -> float:
    """Seconds since 1970 of ``2026-11-25``, ``2026-11-25T08:00``, or ``30m``, ``12h``, ``7d`` ago.

    Without an offset from UTC it is local time. Raises `ValueError`.
    """
    ago = _AGO.fullmatch(text)
    if ago:
        return now - int(ago[1]) * _SECONDS[ago[2]]
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        pass
    raise ValueError("a moment is such as 2026-11-25, 2026-11-25T08:00, 30m, 12h or 7d (ago)")


def write_moment(moment: float | None) -> str | None:
    """``moment`` in local time, with its offset from UTC; None for none."""
    there = datetime.fromtimestamp(moment).astimezone() if moment else None
    return there.isoformat(timespec="seconds") if there else None
