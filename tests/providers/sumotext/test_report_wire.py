"""What the legacy gateway's delivery reports mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import Reason
from sumotext_backend.asking import NoAnswer
from sumotext_backend.events import DeliveryReport, DeliveryStatus
from sumotext_backend.providers import Response
from sumotext_backend.providers.sumotext import report_wire

SMSID = "7A2D2AF7-6851-4D22-BD41-BD8EE94C061E"
PAGE = "<!DOCTYPE html>\r\n<form></form>\r\n"

DOCUMENTED = {
    "TRUE:Sent by Sumotext to Aggregator.": DeliveryStatus.SUBMITTED,
    "TRUE:Message successfully sent to carrier.": DeliveryStatus.ENROUTE,
    "TRUE:Message successfully delivered to handset.": DeliveryStatus.DELIVERED,
    "FALSE:Failed. We are unable to delier this message.": DeliveryStatus.UNDELIVERABLE,
    "FALSE:Not Delivered, Billing failed, Billing.": DeliveryStatus.UNDELIVERABLE,
    "FALSE:Not Delivered, Invalid destination, Destination permanent.": (
        DeliveryStatus.UNDELIVERABLE
    ),
    "FALSE:Not Delivered, Invalid source address, Source.": DeliveryStatus.UNDELIVERABLE,
    "FALSE:Not Delivered, No Information, No information.": DeliveryStatus.UNDELIVERABLE,
    "FALSE:Not Delivered, System failure, System failure.": DeliveryStatus.UNDELIVERABLE,
    "FALSE:EXPIRED: We are unable to deliver this message.": DeliveryStatus.EXPIRED,
    "FALSE:FAIL: We are unable to deliver this message.": DeliveryStatus.UNDELIVERABLE,
    "FALSE:FAILED: We were unable to send this to aggregator.": DeliveryStatus.UNDELIVERABLE,
    "FALSE:UNDELIV: We are unable to deliver this message.": DeliveryStatus.UNDELIVERABLE,
    "NOTFOUND: ": DeliveryStatus.UNKNOWN,
}


def read(line: str, *, ended: bool = True) -> DeliveryReport | NoAnswer:
    """What a first line means."""
    response = Response(status=200, body=line.encode(), ended=ended)
    return report_wire.read(response, SMSID, "main")


def status(line: str) -> DeliveryStatus:
    """The status that a line tells."""
    said = read(line)
    assert isinstance(said, DeliveryReport)
    return said.status


def reason(said: object) -> Reason:
    """Why there is no answer."""
    assert isinstance(said, NoAnswer)
    return said.reason


def test_the_request_names_the_text_and_the_short_code() -> None:
    """Both parameters, as they are documented."""
    request = report_wire.make_request(SMSID, "74700")

    assert request.target == f"/secure/sumoReport.aspx?smsid={SMSID}&shortcode=74700"
    assert request.method == "GET"


@pytest.mark.parametrize("words", DOCUMENTED)
def test_every_documented_text_has_its_status(words: str) -> None:
    """The text misspelt by the gateway, and those that hold colons, among them."""
    assert DOCUMENTED[words] is status(f"{SMSID}:{words}\r\n{PAGE}")


def test_a_report_says_whose_it_is_and_whether_another_will_come() -> None:
    """The id, the alias, and the gateway's own words; only an end is final."""
    ended = read(f"{SMSID}:FALSE:EXPIRED: We are unable to deliver this message.")
    waiting = read(f"{SMSID}:TRUE:Sent by Sumotext to Aggregator.")

    assert isinstance(ended, DeliveryReport)
    assert isinstance(waiting, DeliveryReport)
    assert (ended.alias, ended.provider_id, ended.final) == ("main", SMSID, True)
    assert ended.word == "EXPIRED: We are unable to deliver this message."
    assert not waiting.final


def test_a_number_that_is_wrong_is_told_as_the_reason() -> None:
    """What the gateway says of the destination is about the person."""
    said = read(f"{SMSID}:FALSE:Not Delivered, Invalid destination, Destination permanent.")

    assert isinstance(said, DeliveryReport)
    assert said.reason is Reason.INVALID_RECIPIENT


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("TRUE:Out for delivery", DeliveryStatus.ENROUTE),
        ("FALSE:No credit", DeliveryStatus.UNDELIVERABLE),
        ("FALSE:Message successfully delivered to handset.", DeliveryStatus.UNDELIVERABLE),
        ("TRUE:FAIL: We are unable to deliver this message.", DeliveryStatus.ENROUTE),
        ("true:out for delivery", DeliveryStatus.ENROUTE),
        ("FALSE:", DeliveryStatus.UNDELIVERABLE),
        ("NOTFOUND", DeliveryStatus.UNKNOWN),
    ],
)
def test_a_text_that_is_not_listed_keeps_what_true_and_false_say(
    words: str, expected: DeliveryStatus
) -> None:
    """So does one that contradicts them.

    A line of two fields, which crashes SUMOTEXT's own client, is read too.
    """
    assert expected is status(f"{SMSID}:{words}")


def test_an_unlisted_text_is_handed_on_without_a_number_in_it() -> None:
    """A person may read it in a log."""
    said = read(f"{SMSID}:FALSE:no way to 5015551234")

    assert isinstance(said, DeliveryReport)
    assert said.word == "no way to •••1234"


def test_a_report_on_another_text_is_none_on_this() -> None:
    """An echo that differs proves nothing; case does not matter."""
    other = SMSID.replace("7", "8")

    assert reason(read(f"{other}:TRUE:Sent by Sumotext to Aggregator.")) is Reason.ECHO_MISMATCH
    assert status(f"{SMSID.lower()}:NOTFOUND: ") is DeliveryStatus.UNKNOWN


@pytest.mark.parametrize("line", ["IP NOT REGISTERED", "ERROR:NOTIP", "NOTIP"])
def test_an_address_that_is_not_registered_is_told(line: str) -> None:
    """In whatever words another page of the gateway has for it."""
    assert reason(read(line)) is Reason.UNAUTHORIZED


@pytest.mark.parametrize("line", ["", PAGE, f"{SMSID}", f"{SMSID}:MAYBE:x", ":TRUE:x", "::"])
def test_anything_else_is_no_report(line: str) -> None:
    """A page, an empty answer, an unknown word, no id."""
    assert isinstance(read(line), NoAnswer)


@given(st.sampled_from([*DOCUMENTED]), st.integers(0, 80))
def test_half_a_line_is_no_report(words: str, length: int) -> None:
    """Wherever the answer was cut before its line end."""
    line = f"{SMSID}:{words}"[:length]

    assert isinstance(read(line, ended=False), NoAnswer)


@given(st.binary(max_size=200), st.booleans())
def test_nothing_that_a_server_sends_raises(body: bytes, ended: bool) -> None:
    """A report or no answer, always."""
    response = Response(status=200, body=body, ended=ended)

    assert isinstance(report_wire.read(response, SMSID, ""), DeliveryReport | NoAnswer)
