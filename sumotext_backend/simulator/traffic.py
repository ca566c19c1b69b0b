"""The requests that came in, and those that were made of customers: one record each."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import attrs

from sumotext_backend.models import Outcome, Reason
from sumotext_backend.redact import mask
from sumotext_backend.simulator.exchange import Received

MAX_CALLED: Final = 1000
"""How many of those that were made are remembered."""

NO_PATH: Final = "no-such-path"
"""What happens to a request that no provider has a path for."""


@attrs.frozen(kw_only=True)
class Seen:
    """One request to send, accepted or not.

    ``name`` is what the gateway did (`Behaviour.name`), ``outcome`` and ``reason`` are what a
    client should make of it. ``mobile`` is empty where there was none. ``received_at`` is in UTC.
    ``request`` is what came, without secrets; of one that came to no text with the begin of its
    body.
    """

    method: str
    mobile: str = attrs.field(repr=mask)
    name: str
    outcome: Outcome
    reason: Reason | None
    received_at: datetime
    dialect: str = ""
    request: Received | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Called:
    """One request to a customer: ``status`` of the answer, or None where there was none.

    It is not ``made`` where the text names a host that may not be called.
    """

    at: datetime
    dialect: str
    text_id: str
    status: int | None
    to: str = attrs.field(repr=mask)
    made: bool = True
