"""What the simulator remembers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from simulator_client import MOBILE, SENT

from sumotext_backend.models import Outcome
from sumotext_backend.simulator.store import Received, Seen, Store

pytestmark = pytest.mark.once


def record(number: int) -> tuple[Seen, Received]:
    """A request and its text, told apart by ``number``."""
    now = datetime.now(UTC)
    seen = Seen(
        method="GET", mobile=MOBILE, name="", outcome=Outcome.ACCEPTED, reason=None, received_at=now
    )
    text = {**SENT, "msg": f"canary {number}"}
    return seen, Received(id=str(number), **text, segments=1, encoding="GSM-7", received_at=now)


def test_the_oldest_go_first() -> None:
    """A store holds so many texts and requests and no more."""
    store = Store(limit=2)
    for number in range(3):
        store.add(*record(number))

    assert ["1", "2"] == [message.id for message in store.messages]
    assert len(store.requests) == 2


def test_records_show_no_number_text_or_keyword() -> None:
    """The repr of what is kept masks the number and leaves out text and keyword."""
    shown = "".join(map(repr, record(1)))

    assert "•••1234" in shown
    assert MOBILE not in shown
    assert "canary" not in shown.lower()
