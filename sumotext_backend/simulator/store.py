"""What the simulator remembers: texts that it accepted, and requests that it saw."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime
from typing import Any, Final

import attrs

from sumotext_backend.models import Outcome, Reason
from sumotext_backend.redact import mask
from sumotext_backend.simulator.account import Account

MAX_RECORDS: Final = 10_000
"""How many of each are kept; the oldest go first."""


@attrs.frozen(kw_only=True)
class Received:
    """One accepted text; ``mobile`` as it was sent, ``received_at`` in UTC.

    ``segments`` and ``encoding`` are what it would take on the air.
    """

    id: str
    mobile: str = attrs.field(repr=mask)
    carrier: str
    shortcode: str
    key: str = attrs.field(repr=False)
    msg: str = attrs.field(repr=False)
    segments: int
    encoding: str
    received_at: datetime


@attrs.frozen(kw_only=True)
class Seen:
    """One Send MT request, accepted or not.

    ``name`` is what the gateway did (`Magic.name`), ``outcome`` and ``reason`` are what a client
    should make of it. ``mobile`` is empty where there was none. ``received_at`` is in UTC.
    """

    method: str
    mobile: str = attrs.field(repr=mask)
    name: str
    outcome: Outcome
    reason: Reason | None
    received_at: datetime


class Store:
    """The last `MAX_RECORDS` of each; every method may be called from any thread."""

    def __init__(self, limit: int = MAX_RECORDS) -> None:
        """Begin empty."""
        self._lock = threading.Lock()
        self._messages: deque[Received] = deque(maxlen=limit)
        self._requests: deque[Seen] = deque(maxlen=limit)
        self.account = Account()

    @property
    def messages(self) -> tuple[Received, ...]:
        """The accepted texts, the oldest first."""
        with self._lock:
            return tuple(self._messages)

    @property
    def requests(self) -> tuple[Seen, ...]:
        """The requests, the oldest first."""
        with self._lock:
            return tuple(self._requests)

    def add(self, seen: Seen, received: Received | None) -> None:
        """Keep one request, and the text if it was accepted."""
        with self._lock:
            self._requests.append(seen)
            if received:
                self._messages.append(received)

    def clear(self) -> None:
        """Forget all texts and requests, and what was looked up and changed."""
        self.account.clear()
        with self._lock:
            self._messages.clear()
            self._requests.clear()


def as_json(record: Received | Seen) -> dict[str, Any]:
    """``record`` as JSON can hold it, in full; the time in ISO 8601."""
    return attrs.asdict(record) | {"received_at": record.received_at.isoformat()}
