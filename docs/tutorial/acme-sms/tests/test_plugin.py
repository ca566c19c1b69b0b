"""Texts wait for the morning."""

from __future__ import annotations

import pytest
from acme_sms.plugin import QuietHours

from sumotext_backend import Message, Outcome, Reason, Sender
from sumotext_backend.local import MemoryBackend
from sumotext_backend.plugins import Plugins, load_installed


@pytest.mark.parametrize("hour", [21, 23, 0, 7])
def test_a_text_is_held_at_night(hour: int) -> None:
    """It is HELD, and the backend hears nothing of it."""
    backend = MemoryBackend()
    plugins = Plugins.of(QuietHours(hour=lambda: hour))
    result = Sender(backend, plugins=plugins).send(Message("5015551234", "hello"))

    assert (result.reason, result.detail) == (Reason.HELD, "quiet hours until 8:00")
    assert backend.outbox == []


@pytest.mark.parametrize("hour", [8, 12, 20])
def test_a_text_goes_by_day(hour: int) -> None:
    """From eight to nine in the evening."""
    plugins = Plugins.of(QuietHours(hour=lambda: hour))
    result = Sender(MemoryBackend(), plugins=plugins).send(Message("5015551234", "hello"))

    assert result.outcome is Outcome.ACCEPTED


def test_it_is_installed() -> None:
    """Every sender of an environment with this project has it."""
    states = {row.name: row.state for row in load_installed().listing()}

    assert states["acme-quiet-hours"] == "ok"
