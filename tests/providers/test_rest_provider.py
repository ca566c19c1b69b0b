"""A provider that is written by the how-to keeps the contract, and does nothing but describe."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import rest_provider
from rest_provider import RestBackend

from sumotext_backend import Message, Outcome, Reason, SmsBackend
from sumotext_backend.models import Verdict
from sumotext_backend.providers import NoResponse, Prepared, Response, conclude, prepare
from sumotext_backend.testing import HttpBackendContract, Reply

MESSAGE = Message("5015551234", "hello")


def rest(**options: Any) -> RestBackend:
    """A backend of that provider."""
    account = {"account": "AC1", "token": "s3cret-t0ken", "sender": "+15015550000"}
    return RestBackend(**{**account, "base_url": "https://api.rest.example", **options})


def ready(message: Message = MESSAGE) -> Prepared:
    """What the backend makes of ``message``."""
    prepared = prepare(rest(), message)
    assert isinstance(prepared, Prepared)
    return prepared


def whole(status: int, body: bytes) -> Response:
    """A response that came whole."""
    return Response(status=status, body=body, ended=True)


@pytest.mark.once
class TestRest(HttpBackendContract):
    """The contract kit, with refusals under a 4xx."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return rest(**options)

    def accepted(self) -> Reply:
        """201 and an id."""
        return Reply(b'{"sid": "{message_id}", "status": "queued"}', status="201 Created")

    def refused(self) -> Mapping[Reason, Reply]:
        """Each code, with the status that belongs to it."""
        return {
            reason: Reply(b'{"code": %d, "message": "no", "status": 400}' % code, status=status)
            for code, reason, status in (
                (21610, Reason.OPTED_OUT, "400 Bad Request"),
                (21211, Reason.INVALID_RECIPIENT, "400 Bad Request"),
                (20003, Reason.UNAUTHORIZED, "401 Unauthorized"),
                (21606, Reason.SENDER, "400 Bad Request"),
                (20429, Reason.THROTTLED, "429 Too Many Requests"),
                (99999, Reason.REFUSED, "400 Bad Request"),
            )
        }


def test_it_is_small_and_has_no_input_or_output() -> None:
    """Under 60 lines without blank ones; it imports the face for authors and pure modules only."""
    source = Path(rest_provider.__file__).read_text("utf-8")
    imported = {
        name
        for node in ast.walk(ast.parse(source))
        for name in (
            [node.module]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }

    assert sum(bool(line.strip()) for line in source.splitlines()) < 60
    assert {"attrs", "base64", "sumotext_backend.providers", "typing", "urllib.parse"} == imported


def test_what_it_would_send_is_known_without_sending() -> None:
    """`prepare` gives the request, and a repr of it shows nothing of the text."""
    request = ready().request

    assert ("POST", "/Accounts/AC1/Messages.json") == (request.method, request.target)
    assert b"To=%2B15015551234&From=%2B15015550000&Body=hello" == request.body
    assert "Request(method='POST')" == repr(request)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Message("nobody", "hello"), Reason.INVALID_RECIPIENT),
        (Message("5015551234", ""), Reason.INVALID_MESSAGE),
        (Message("5015551234", "hello", options={"rest": {"sendr": "1"}}), Reason.CONFIGURATION),
        (Message("5015551234", "hello", options={"rest": {"token": "1"}}), Reason.CONFIGURATION),
    ],
)
def test_what_cannot_be_sent_has_a_reason_instead_of_a_request(
    message: Message, reason: Reason
) -> None:
    """The provider is not asked for a request then."""
    verdict = prepare(rest(), message)

    assert isinstance(verdict, Verdict)
    assert reason is verdict.reason


def test_a_message_sets_an_option_that_is_declared_so() -> None:
    """``per_message``: the provider sees its own field changed, and need not know why."""
    request = ready(Message("5015551234", "hi", options={"rest": {"sender": 74700}})).request

    assert request.body
    assert b"From=74700" in request.body


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (whole(201, b'{"sid": "SM1"}'), None),
        (whole(400, b'{"code": 21610}'), Reason.OPTED_OUT),
        (whole(400, b'{"code": 31337}'), Reason.REFUSED),
        (whole(403, b'{"code": 31337}'), Reason.REFUSED),
        (whole(400, b""), Reason.REFUSED_REQUEST),
        (whole(403, b"<html>no</html>"), Reason.UNAUTHORIZED),
        (whole(429, b'{"message": "slow"}'), Reason.THROTTLED),
        (whole(404, b'{"sid": "SM1"}'), Reason.BAD_ANSWER),
        (whole(200, b'{"code": 31337}'), Reason.REFUSED),
        (whole(200, b"ok"), Reason.BAD_ANSWER),
        (Response(status=400), Reason.BAD_ANSWER),
        (Response(status=400, cut=Reason.TIMEOUT), Reason.TIMEOUT),
        (Response(status=400, body=b'{"code": 2161'), Reason.BAD_ANSWER),
        (Response(status=400, body=b'{"code": 2161', cut=Reason.BAD_ANSWER), Reason.BAD_ANSWER),
        (whole(500, b""), Reason.SERVER_ERROR),
        (NoResponse(Reason.UNREACHABLE, "down"), Reason.UNREACHABLE),
    ],
)
def test_what_a_response_proves(response: Response | NoResponse, reason: Reason | None) -> None:
    """A whole refusal has the word, a broken one is a doubt, and another's page goes by status."""
    assert reason is conclude(ready(), response).reason


def test_no_beginning_of_a_refusal_is_safe_to_go_on_from() -> None:
    """Every cut of an opt-out under a 4xx is UNKNOWN: no chain texts the person elsewhere."""
    body = b'{"code": 21610, "message": "unsubscribed recipient"}'
    found = {
        conclude(ready(), Response(status=400, body=body[:length])).reason.outcome  # type: ignore[union-attr]
        for length in range(len(body))
    }

    assert {Outcome.UNKNOWN} == found
