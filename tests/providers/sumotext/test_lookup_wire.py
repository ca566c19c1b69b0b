"""What the answers to carrier look-ups mean, by both protocols."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import Reason
from sumotext_backend.asking import NoAnswer
from sumotext_backend.providers import Response
from sumotext_backend.providers.sumotext import lookup_wire
from sumotext_backend.providers.sumotext.carriers import CARRIERS
from sumotext_backend.providers.sumotext.lookup_wire import Carrier

MOBILE = "4807345077"
PAGE = "\r\n<!DOCTYPE html>\r\n<form></form>\r\n"


def read(line: str, *, ended: bool = True) -> Carrier | NoAnswer:
    """What a first line of the legacy gateway means."""
    return lookup_wire.read(Response(status=200, body=line.encode(), ended=ended), MOBILE)


def read_v2(answer: Any) -> Carrier | NoAnswer:
    """What an object of the newer API means."""
    body = json.dumps(answer).encode()
    return lookup_wire.read_v2(Response(status=200, body=body, ended=True), MOBILE)


def v2(number: object = 0, **fields: object) -> dict[str, object]:
    """An answer of the newer API as documented."""
    err = {"ErrNum": number, "ErrMessage": ""}
    return {"MobileNumber": MOBILE, "Carrier": "VERIZONUS", "Err": err} | fields


def reason(said: object) -> Reason:
    """Why there is no answer."""
    assert isinstance(said, NoAnswer)
    return said.reason


def test_the_requests_are_as_documented() -> None:
    """A GET with number and short code; a POST with key and number, and the type of a look-up."""
    legacy = lookup_wire.make_request(MOBILE, "74700")
    newer = lookup_wire.make_request_v2(MOBILE, "s3cret")

    assert legacy.target == f"/secure/sumoLookup.aspx?mobile={MOBILE}&shortcode=74700"
    assert newer.body == b'json={"apikey": "s3cret", "mobile": "4807345077"}'
    assert newer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("code", CARRIERS)
def test_every_listed_carrier_is_one(code: str) -> None:
    """As SUMOTEXT spells it, before the page or without."""
    assert read(f"{code}{PAGE}") == read(code) == Carrier(code)


@pytest.mark.parametrize(
    "line",
    [f"ERROR CARRIER NOT FOUND FOR: {MOBILE}", f"ERROR CARRIER NOT FOUND FOR:{MOBILE}"],
)
def test_that_there_is_no_carrier_is_an_answer(line: str) -> None:
    """It was paid for, and is remembered."""
    assert read(line + PAGE) == Carrier(None)


def test_an_answer_about_another_number_is_none() -> None:
    """By either protocol."""
    assert reason(read("ERROR CARRIER NOT FOUND FOR: 5015551234")) is Reason.ECHO_MISMATCH
    assert reason(read_v2(v2(MobileNumber="5015551234"))) is Reason.ECHO_MISMATCH


def test_an_address_that_is_not_registered_is_told() -> None:
    """Nothing was looked up."""
    assert reason(read("IP NOT REGISTERED\r\n")) is Reason.UNAUTHORIZED


@pytest.mark.parametrize("line", ["", PAGE, "attus", "A", "AT&T", "ATT US", f"{MOBILE}:NOTOPT"])
def test_anything_else_is_no_carrier(line: str) -> None:
    """A text is never sent with half a guess."""
    assert isinstance(read(line), NoAnswer)


@given(st.sampled_from(CARRIERS), st.integers(0, 30))
def test_half_a_line_is_no_carrier(code: str, length: int) -> None:
    """ATTUS cut short would be another carrier."""
    assert isinstance(read(code[:length], ended=False), NoAnswer)


@pytest.mark.parametrize("ok", [0, "0", "ErrNoErr"])
def test_the_newer_api_names_the_carrier(ok: object) -> None:
    """With no error, in whatever form that is said."""
    assert read_v2(v2(ok)) == Carrier("VERIZONUS")


def test_no_carrier_and_no_error_is_that_there_is_none() -> None:
    """[open] Nobody says how the newer API tells it."""
    assert read_v2(v2(Carrier="")) == read_v2(v2(Carrier=None)) == Carrier(None)


@pytest.mark.parametrize("number", [26, 28, 256, 258, 624])
def test_a_key_that_may_not_is_told(number: int) -> None:
    """624 is that of look-ups."""
    assert reason(read_v2(v2(number))) is Reason.UNAUTHORIZED


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        v2(None),
        v2(999),
        v2(Carrier=5),
        v2(Carrier="Verizon Wireless"),
        {"Carrier": "VERIZONUS"},
        {"MobileNumber": MOBILE, "Carrier": "VERIZONUS", "Err": 0},
    ],
)
def test_anything_else_of_the_newer_api_is_a_doubt(answer: object) -> None:
    """It may have been paid for."""
    assert reason(read_v2(answer)) is Reason.BAD_ANSWER


@given(st.binary(max_size=200), st.booleans())
def test_nothing_that_a_server_sends_raises(body: bytes, ended: bool) -> None:
    """A carrier or no answer, always."""
    response = Response(status=200, body=body, ended=ended)

    assert isinstance(lookup_wire.read(response, MOBILE), Carrier | NoAnswer)
    assert isinstance(lookup_wire.read_v2(response, MOBILE), Carrier | NoAnswer)
