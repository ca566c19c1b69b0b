"""What the gateway tells of a request."""

from __future__ import annotations

import re

import pytest
from raw_client import MOBILE, Client

from sumotext_backend.testing import HostileGateway, Raw, Request

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "body",
    [b'{"mobile": "4807345077"}', b'json={"mobile": "4807345077"}', b"apikey=x&mobile=4807345077"],
)
def test_number_of_a_post(body: bytes) -> None:
    """The number is found in a POST's body as well, and the body is kept for assertions."""
    with HostileGateway() as gateway, Client(gateway) as client:
        answer = client.ask(target="/api/sumopost/post", body=body, method="POST").whole()

    assert b"\r\n\r\n4807345077:" in answer
    assert [("POST", body)] == [(request.method, request.body) for request in gateway.requests]


def test_requests_tell_what_was_asked() -> None:
    """A request's parts are there for assertions, and its id is the one that was answered."""
    target = "/secure/sumoSend.aspx?mobile=5015551234&msg=a%20%26%20b&key="
    with HostileGateway() as gateway, Client(gateway) as client:
        answer = client.ask("Authorization: Basic eA==", target=target).whole()

    (request,) = gateway.requests
    assert ("GET", target) == (request.method, request.target)
    assert {"mobile": MOBILE, "msg": "a & b", "key": ""} == request.query
    assert {"host": "localhost", "authorization": "Basic eA=="} == request.headers
    assert f"{MOBILE}:{request.message_id}\r\n".encode() in answer


def test_ids_are_fresh() -> None:
    """No two requests get the same id."""
    with HostileGateway() as gateway, Client(gateway) as client:
        answers = {client.ask().whole() for _ in range(20)}

    assert 20 == len(answers)


def test_nothing_private_in_a_repr() -> None:
    """Neither a request nor the gateway that keeps it shows a number or a text."""
    with HostileGateway() as gateway, Client(gateway) as client:
        client.ask(body=b'{"mobile": "4807345077"}', method="POST").whole()

    shown = repr((gateway, gateway.requests, gateway.requests[0], Raw(b"5015551234")))
    assert not re.search("5015551234|4807345077|hello", shown)


def test_a_number_that_is_not_in_the_request() -> None:
    """The other number is one that the request does not hold."""
    assert "2125551212" == Request(head=b"GET /?to=5015551234 HTTP/1.1\r\n\r\n").other
    assert "2125551213" == Request(head=b"GET /?to=2125551212 HTTP/1.1\r\n\r\n").other


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"GET /x?to=%2B44&msg=a%20%26+b HTTP/1.1", b""),
        (b"POST /x HTTP/1.1", b"to=%2B44&msg=a+%26%20b"),
        (b"POST /x HTTP/1.1", b'{"messages": [{"to": "+44", "content": {"msg": "a & b"}}]}'),
        (b"POST /x HTTP/1.1", b'json={"to": "%2B44", "msg": "a %26 b"}'),
    ],
    ids=["query", "form", "JSON", "JSON in a form"],
)
def test_values(head: bytes, body: bytes) -> None:
    """Whatever the form: values are decoded, and found by name at any depth."""
    request = Request(head + b"\r\nHost: x\r\n\r\n", body)

    assert {"x", "+44", "a & b"} <= set(request.values)
    assert ("+44", "a & b", None) == (
        request.value("to"),
        request.value("msg"),
        request.value("none"),
    )


def test_values_of_a_path() -> None:
    """The segments of the path are values: some providers have the sender there."""
    assert ("v1", "+44 20", "send") == Request(b"POST /v1/%2B44%2020/send HTTP/1.1").values


def test_form_and_json() -> None:
    """A body is a form, or JSON, or neither; numbers in JSON count as values."""
    form = Request(b"POST / HTTP/1.1\r\n\r\n", b"a=1&b=")
    document = Request(b"POST / HTTP/1.1\r\n\r\n", b'{"a": [1, true, null, 2.5]}')

    assert ({"a": "1", "b": ""}, None) == (form.fields, form.json)
    assert ({}, {"a": [1, True, None, 2.5]}) == (document.fields, document.json)
    assert ("1", "2.5") == document.values


def test_a_body_that_cannot_be_read() -> None:
    """What is neither text nor form nor JSON has no values, and raises nothing."""
    for body in (b"\xff\x00", b"{", b"[" * 99_999, b""):
        assert () == Request(b"POST / HTTP/1.1\r\n\r\n", body).values


def test_requests_tell_their_connection() -> None:
    """Requests of one connection have its number, which counts from 1."""
    with HostileGateway() as gateway:
        for asks in (2, 1):
            with Client(gateway) as client:
                for _ in range(asks):
                    client.ask().whole()

        assert [1, 1, 2] == [request.connection for request in gateway.requests]
