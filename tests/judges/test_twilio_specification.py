"""Twilio's own OpenAPI description takes every request of ours, and the simulator's answers."""

from __future__ import annotations

import functools
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import requests
from judges.fetch import SPECIFICATION
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse

from sumotext_backend import Message
from sumotext_backend.http import Prepared, Request, prepare
from sumotext_backend.providers import TwilioBackend
from sumotext_backend.simulator import Simulator

ACCOUNT = f"AC{'0f' * 16}"
SERVICE = f"MG{'0f' * 16}"
TEXTS = {
    "letters": "hello",
    "line end": "a\r\nb",
    "reserved": "100 % & more = +?#",
    "euro": "5 \u20ac",
    "Chinese": "\u4f60\u597d",
    "emoji": "\U0001f44d\U0001f3fd",
    "long": "a" * 1600,
    "NUL": "a\0b",
}
SENDERS: dict[str, dict[str, Any]] = {
    "number": {"sender": "+15550001111"},
    "short code": {"sender": "74700"},
    "name": {"sender": "ACME Inc"},
    "service": {"messaging_service_sid": SERVICE},
    "both": {"sender": "+15550001111", "messaging_service_sid": SERVICE},
}
CALLBACKS = (None, "https://hooks.example.com/twilio?a=b")


@functools.lru_cache(maxsize=1)
def load(path: Path) -> OpenAPI:
    """The specification."""
    return OpenAPI.from_dict(json.loads(path.read_text("utf-8")))


@pytest.fixture
def specification(judges: Path) -> OpenAPI:
    """Twilio's, or a reason why it is not there."""
    path = judges / SPECIFICATION
    if not path.exists():
        pytest.skip(f"{path.name} was not fetched: there is no npm")
    return load(path)


def make(text: str = "hello", **options: Any) -> Request:
    """The request for a message."""
    backend = TwilioBackend(**{"account_sid": ACCOUNT, "auth_token": "t0ken", **options})
    prepared = prepare(backend, Message("+15015551234", text, reference="0b7e-ref"))
    assert isinstance(prepared, Prepared)
    return prepared.request


def check(specification: OpenAPI, request: Request) -> None:
    """Raise for what the specification does not take."""
    sent = requests.Request(
        request.method,
        f"https://api.twilio.com{request.target}",
        data=request.body,
        headers=dict(request.headers),
    )
    specification.validate_request(RequestsOpenAPIRequest(sent))


@pytest.mark.parametrize(
    ("text", "options", "callback"), [*itertools.product(TEXTS, SENDERS, CALLBACKS)]
)
def test_each_request_is_valid(
    text: str, options: str, callback: str | None, specification: OpenAPI
) -> None:
    """Texts of all kinds, from numbers, short codes, names and services."""
    check(specification, make(TEXTS[text], **SENDERS[options], callback_url=callback))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"To=", b"Two="),
        (b"MessagingServiceSid=MG", b"MessagingServiceSid=XX"),
    ],
)
def test_control_a_wrong_field_is_not_valid(old: bytes, new: bytes, specification: OpenAPI) -> None:
    """What is wrong is found, so the verdicts above are worth something."""
    request = make(**SENDERS["service"])
    changed = Request(
        target=request.target,
        method=request.method,
        headers=request.headers,
        body=(request.body or b"").replace(old, new),
    )

    with pytest.raises(Exception, match=r"."):
        check(specification, changed)


def test_control_a_wrong_account_or_no_login_is_not_valid(specification: OpenAPI) -> None:
    """Path and login are looked at too."""
    request = make(**SENDERS["number"])
    nowhere = {"target": request.target.replace("Messages", "Massages")}
    for change in (nowhere, {"headers": {"Content-Type": request.headers["Content-Type"]}}):
        fields = {"target": request.target, "headers": request.headers, **change}

        with pytest.raises(Exception, match=r"."):
            check(specification, Request(method="POST", body=request.body, **fields))  # type: ignore[arg-type]


def ask(simulator: Simulator, method: str, target: str, body: bytes | None = None) -> Any:
    """What the simulator answers, and the same request as if it went to Twilio."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.request(
        method,
        f"{simulator.url}/twilio{target}",
        data=body,
        headers=kind if body else {},
        auth=(ACCOUNT, "t0ken"),
        timeout=30,
    )
    sent = requests.Request(method, f"https://api.twilio.com{target}", data=body, headers=kind)
    return RequestsOpenAPIRequest(sent), answer


@pytest.mark.parametrize("options", SENDERS)
def test_the_simulators_answers_are_valid(options: str, specification: OpenAPI) -> None:
    """To a text that is sent, fetched and listed, in each of its states and from a handset."""
    request = make(**SENDERS[options])
    with Simulator() as simulator:
        asked, answer = ask(simulator, "POST", request.target, request.body)
        specification.validate_response(asked, RequestsOpenAPIResponse(answer))
        one = request.target.replace(".json", f"/{answer.json()['sid']}.json")
        simulator.reply(simulator.messages[-1], "yes")
        for _ in range(3):
            for target in (one, request.target):
                asked, answer = ask(simulator, "GET", target)

                assert answer.status_code == 200
                specification.validate_response(asked, RequestsOpenAPIResponse(answer))
            simulator.advance(1)

    assert [200, 2] == [answer.status_code, len(answer.json()["messages"])]


@pytest.mark.parametrize(
    ("old", "new"), [(b'"sid":"SM', b'"sid":"XX'), (b'"status":"queued"', b'"status":"lost"')]
)
def test_control_a_wrong_answer_is_not_valid(
    old: bytes, new: bytes, specification: OpenAPI
) -> None:
    """So that what is valid above is worth something."""
    request = make(**SENDERS["number"])
    with Simulator() as simulator:
        asked, answer = ask(simulator, "POST", request.target, request.body)
    assert old in answer.content
    answer._content = answer.content.replace(old, new)

    with pytest.raises(Exception, match=r"."):
        specification.validate_response(asked, RequestsOpenAPIResponse(answer))
