"""A plugin that holds texts back at night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs

from sumotext_backend import Message
from sumotext_backend.hookspecs import hookimpl


def local_hour() -> int:
    """The hour of the day here, 0-23."""
    return datetime.now().astimezone().hour


@attrs.frozen(kw_only=True)
class QuietHours:
    """Holds every text back from ``begin`` o'clock until ``end`` o'clock."""

    begin: int = 21
    end: int = 8
    hour: Callable[[], int] = local_hour

    @hookimpl
    def sumotext_hold(self, message: Message) -> str | None:
        """Say why ``message`` must not go now, or None."""
        night = self.hour() >= self.begin or self.hour() < self.end
        return f"quiet hours until {self.end}:00" if night else None


plugin = QuietHours()
