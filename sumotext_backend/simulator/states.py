"""What becomes of a text, step by step."""

from __future__ import annotations

import enum
from datetime import datetime

import attrs


class State(enum.StrEnum):
    """What became of a text, in SMPP's words where it has one."""

    SUBMITTED = "SUBMITTED"
    """Accepted by the provider."""
    ENROUTE = "ENROUTE"
    """With the carrier."""
    DELIVERED = "DELIVERED"
    """On the handset."""
    UNDELIVERABLE = "UNDELIVERABLE"
    """Given up."""
    EXPIRED = "EXPIRED"
    """Not delivered in time."""
    RECEIVED = "RECEIVED"
    """From the handset, at the provider."""


@attrs.frozen
class Step:
    """One state of a text: since when, in UTC, and what there is to say about it."""

    at: datetime
    state: State = attrs.field(converter=State)
    detail: str = ""
