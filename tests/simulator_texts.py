"""Texts for tests of what keeps them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from simulator_client import MOBILE

from sumotext_backend.simulator.exchange import Received
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Text

NOW: Final = datetime(2030, 1, 1, tzinfo=UTC)


def make_text(number: int) -> Text:
    """A text, told apart by ``number``."""
    return Text(
        id=str(number),
        dialect="sumotext",
        at=NOW,
        sender="74700",
        recipient=MOBILE,
        body=f"canary {number}",
        fields={"key": "KEYCANARY"},
        segments=1,
        encoding="GSM-7",
        request=Received(method="GET", path="/", query=(("msg", "canary"),), body=b"canary"),
        trail=(Step(NOW, State.SUBMITTED),),
    )
