"""SUMOTEXT's newer API, as the simulator speaks it."""

from __future__ import annotations

import json
import logging
import socket
from urllib.parse import urlencode

import pytest
from simulator_client import HALF, PATIENCE, SENT, STATUS, TEXT, post, post_body, until

from sumotext_backend.models import Reason
from sumotext_backend.simulator import Simulator

pytestmark = pytest.mark.once


def test_the_newer_api_accepts(simulator: Simulator) -> None:
    """JSON with a GUID and ErrNum 0; the text is kept as if it came by the legacy page."""
    status, headers, body = post(simulator)
    (kept,) = simulator.messages

    assert status == 200
    assert headers["content-type"] == "application/json"
    assert {"sumoId": kept.id, "Err": {"ErrNum": 0, "ErrMessage": ""}} == json.loads(body)
    assert {name: SENT[name] for name in ("carrier", "key")} == kept.fields
    assert (SENT["mobile"], SENT["shortcode"], TEXT) == (kept.recipient, kept.sender, kept.body)
    assert ["POST"] == [seen.method for seen in simulator.requests]


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"mobile": "5015550101"}, 27),
        ({"mobile": "5015550102"}, 27),
        ({"mobile": "5015550103"}, 28),
        ({"mobile": "5015550104"}, 28),
        ({"mobile": "5015550111"}, 999),
        ({"mobile": "12"}, 27),
        ({"apikey": None}, 258),
        ({"apikey": ""}, 258),
        ({"carrier": None}, 9),
    ],
)
def test_a_refusal_of_the_newer_api_is_a_number(
    simulator: Simulator, changes: dict[str, str | None], number: int
) -> None:
    """HTTP 200, an ErrNum with words, no id, and no text kept."""
    status, _, body = post(simulator, **changes)
    answer = json.loads(body)

    assert (200, "", number) == (status, answer["sumoId"], answer["Err"]["ErrNum"])
    assert answer["Err"]["ErrMessage"]
    assert simulator.messages == ()


def test_the_newer_api_cannot_say_notfound(simulator: Simulator) -> None:
    """Both 0101 and 0102 are seen as not opted in there, as ErrNum 27 says no more."""
    for mobile in ("5015550101", "5015550102"):
        post(simulator, mobile=mobile)

    assert [Reason.NOT_OPTED_IN] * 2 == [seen.reason for seen in simulator.requests]


@pytest.mark.parametrize(("mobile", "expected"), STATUS.items())
def test_faults_of_transport_are_the_same_in_both(
    simulator: Simulator, mobile: str, expected: tuple[int, str | None]
) -> None:
    """What the legacy page answers by status, the newer API does too."""
    status, headers, _ = post(simulator, mobile=mobile)

    assert expected == (status, headers.get("retry-after"))


def test_the_newer_api_has_the_other_faults_too(simulator: Simulator) -> None:
    """A reset, a page instead of JSON, an id cut short."""
    with pytest.raises(ConnectionResetError):
        post(simulator, mobile="5015550106")

    assert post(simulator, mobile="5015550108")[2].startswith("<!DOCTYPE html>")
    assert len(json.loads(post(simulator, mobile="5015550107")[2])["sumoId"]) == 18


def test_percent_encoding_after_json_is_undone(simulator: Simulator) -> None:
    """A form-encoded body means the same as a bare one."""
    fields = json.dumps({"apikey": "secret", **SENT, "msg": "1 + 1 = 100%"})
    post_body(simulator, urlencode({"json": fields}).encode())
    post_body(simulator, b"json=" + fields.encode())

    assert ["1 + 1 = 100%"] * 2 == [message.body for message in simulator.messages]


WHOLE = b"json=" + json.dumps({"apikey": "secret", **SENT}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"json=",
        b"json={",
        b"json=[]",
        b"json=" + b"[" * 60_000,
        b"json=" + b'{"a":' * 12_000,
        b'xml={"apikey": "a"}',
        WHOLE.replace(TEXT.encode(), b"\\ud800"),
        WHOLE.replace(b'"5015551234"', b"5015551234"),
        WHOLE.replace(TEXT.encode(), b"a" * 70_000),
    ],
)
def test_a_body_that_cannot_be_read_is_http_400(
    simulator: Simulator, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    """No JSON, nested beyond reason, too long, without a text: 400, and the server is well."""
    status, _, _ = post_body(simulator, body)

    assert status == 400
    assert ["unreadable"] == [seen.name for seen in simulator.requests]
    assert [] == [each for each in caplog.records if each.levelno >= logging.WARNING]


def test_the_content_type_chooses_the_call(simulator: Simulator) -> None:
    """Only ``application/json/mt`` is a text in JSON."""
    assert post_body(simulator, WHOLE, "application/json")[0] == 400
    assert post_body(simulator, WHOLE, "Application/JSON/mt; charset=utf-8")[0] == 200


def test_a_client_that_leaves_within_its_request_is_no_error(
    simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Half a request is no text, and nothing that the server complains of."""
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=PATIENCE) as connection:
        connection.sendall(HALF)
    until(lambda: simulator.requests)

    assert simulator.messages == ()
    assert [] == [each for each in caplog.records if each.levelno >= logging.WARNING]
