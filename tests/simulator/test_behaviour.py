"""Magic numbers: which number makes the gateway do what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator_client import send

from sumotext_backend.simulator import MAGIC, Simulator
from sumotext_backend.simulator.behaviour import behaviour_of

pytestmark = pytest.mark.once


RESULTS = {
    "0101": "REJECTED NOT_OPTED_IN",
    "0102": "REJECTED NOT_SUBSCRIBED",
    "0103": "FAILED UNAUTHORIZED",
    "0104": "FAILED UNAUTHORIZED",
    "0105": "UNKNOWN TIMEOUT",
    "0106": "UNKNOWN NO_ANSWER",
    "0107": "UNKNOWN BAD_ANSWER",
    "0108": "UNKNOWN BAD_ANSWER",
    "0109": "UNKNOWN REDIRECTED",
    "0110": "ACCEPTED None",
    "0111": "UNKNOWN BAD_ANSWER",
    "0112": "UNKNOWN SERVER_ERROR",
    "0113": "UNKNOWN SERVER_ERROR",
    "0114": "FAILED THROTTLED",
    "0115": "FAILED REFUSED_REQUEST",
    "0116": "ACCEPTED None",
    "0117": "ACCEPTED None",
    "0118": "ACCEPTED None",
    "0119": "ACCEPTED None",
    "0120": "ACCEPTED None",
    "0121": "ACCEPTED None",
    "0122": "ACCEPTED None",
}


@pytest.mark.parametrize("area", ["212", "501", "989"])
def test_the_area_code_does_not_matter(simulator: Simulator, area: str) -> None:
    """Magic numbers are ABC 555 01xx with any area code."""
    _, _, body = send(simulator, mobile=f"{area}5550101")

    assert body.startswith(f"{area}5550101:NOTOPT\r\n")


def test_each_magic_number_says_what_a_client_should_see() -> None:
    """Outcome and reason are those that the gateway's documentation and the faults call for."""
    told = {magic.digits: f"{magic.outcome} {magic.reason}" for magic in MAGIC}

    assert RESULTS == told


@given(st.from_regex(r"[2-9](?!11)[0-9]{2}[2-9][0-9]{6}", fullmatch=True))
def test_every_other_number_is_accepted(mobile: str) -> None:
    """Outside ABC 555 0101 to 0122 no valid number is magic."""
    magic = mobile[3:] in {f"555{one.digits}" for one in MAGIC}

    assert magic == (behaviour_of(mobile).name != "accepted")
