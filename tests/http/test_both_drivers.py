"""The two drivers side by side: what is odd to one is odd to the other, or ours doubts more."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import mangled
import pytest

from sumotext_backend import Message, Outcome, SendResult
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.testing import HostileGateway, Raw

DEADLINE = 5.0


def send(gateway: HostileGateway, transport: Any) -> SendResult:
    """One send by a driver, over a connection of its own."""
    backend = SumotextBackend(
        shortcode="74700",
        keyword="SUMO",
        carrier="ATTUS",
        base_url=gateway.url,
        timeout=DEADLINE,
        transport=transport,
    )
    try:
        return backend.send(Message(mangled.NUMBER, "hello"))
    finally:
        backend.close()


def is_as_careful(ours: Outcome, theirs: Outcome) -> bool:
    """Whether the outcomes are the same, or ours is the doubt."""
    return ours in (theirs, Outcome.UNKNOWN)


@pytest.mark.once
def test_any_answer_ends_alike_or_ours_is_the_doubt(scale: int) -> None:
    """300 answers, and 20 000 before a release, near to what a server sends or far from it."""
    chance, seen = random.Random(f"both {scale}"), Counter[Outcome]()
    with HostileGateway() as gateway:
        for _ in range(300 if scale == 1 else 2000 * scale):
            make = chance.choice([mangled.response, mangled.near_response, mangled.near_response])
            data = make(chance)
            gateway.play(Raw(data, end="close"))
            ours, theirs = send(gateway, "sockets"), send(gateway, "requests")
            seen[ours.outcome] += 1

            assert is_as_careful(ours.outcome, theirs.outcome), (data, ours.detail, theirs.detail)

    assert {Outcome.ACCEPTED, Outcome.REJECTED, Outcome.FAILED, Outcome.UNKNOWN} == set(seen)


def test_control_a_bolder_driver_is_seen() -> None:
    """FAILED in the place of a doubt, or of a refusal, would be found."""
    assert not is_as_careful(Outcome.FAILED, Outcome.UNKNOWN)
    assert not is_as_careful(Outcome.FAILED, Outcome.REJECTED)
    assert is_as_careful(Outcome.UNKNOWN, Outcome.FAILED)
