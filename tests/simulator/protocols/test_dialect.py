"""What a protocol says to the simulator: one neutral behaviour, in each protocol's own words."""

from __future__ import annotations

import pytest

from sumotext_backend.simulator import MAGIC
from sumotext_backend.simulator.behaviour import Behaviour
from sumotext_backend.simulator.protocols import DIALECTS
from sumotext_backend.simulator.protocols.dialect import Dialect
from sumotext_backend.simulator.protocols.legacy import LINES
from sumotext_backend.simulator.protocols.v2 import ERRORS

SENT = {
    "apikey": "secret",
    "mobile": "5015551234",
    "carrier": "ATTUS",
    "shortcode": "74700",
    "key": "SUMO",
    "msg": "hello",
}


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.path)
@pytest.mark.parametrize("magic", MAGIC, ids=lambda magic: magic.name)
def test_a_magic_number_asks_for_the_same_in_every_protocol(
    dialect: Dialect, magic: Behaviour
) -> None:
    """The number chooses the behaviour, whoever is asked; the outcome is the same."""
    behaviour = dialect.choose({**SENT, "mobile": magic.number})
    told = dialect.reasons.get(behaviour.name, behaviour.reason)

    assert magic == behaviour
    assert magic.outcome == (told.outcome if told else "ACCEPTED")


@pytest.mark.parametrize("words", [LINES, ERRORS], ids=["legacy", "v2"])
def test_every_refusal_has_words_in_each_protocol(words: dict[str, object]) -> None:
    """What is neither accepted nor a fault would be an id, were its words forgotten."""
    refusals = {magic.name for magic in MAGIC if magic.is_worded and magic.reason}

    assert refusals - {"cut-id"} <= set(words)
