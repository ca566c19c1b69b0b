"""Vonage's SMS API."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from provider_facts import ACCEPTED, NO_CREDIT, STOPPED, WRONG_NUMBER, WRONG_SENDER
from provider_rules import MESSAGE, Answer, ProviderRules

from sumotext_backend import Message, Reason
from sumotext_backend.providers import VonageBackend, vonage

pytestmark = pytest.mark.once


def part(status: str, **more: str) -> dict[str, str]:
    """One of ``messages``, refused."""
    return {"status": status, "error-text": "no such thing", **more}


TAKEN = {
    "to": "{to}",
    "message-id": "{message_id}",
    "status": "0",
    "remaining-balance": "15.53590000",
    "message-price": "0.03330000",
    "network": "23410",
}


class TestVonage(ProviderRules):
    """Codes: developer.vonage.com/api-errors/sms."""

    account = "vonage://key:s3cret@74700?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: ACCEPTED,
        WRONG_NUMBER: (
            200,
            {"message-count": "1", "messages": [{"status": "6", "error-text": "no"}]},
        ),
        WRONG_SENDER: (
            200,
            {"message-count": "1", "messages": [{"status": "15", "error-text": "no"}]},
        ),
        NO_CREDIT: (200, {"message-count": "1", "messages": [{"status": "9", "error-text": "no"}]}),
    }
    cls = VonageBackend
    module = vonage
    options = {  # noqa: RUF012 - data
        "api_key": "abcd1234",
        "api_secret": "s3cret-t0ken/+",
        "sender": "+15550001111",
    }
    url = "vonage://abcd1234:s3cret-t0ken%2F%2B@+15550001111"
    success = (200, {"message-count": "1", "messages": [TAKEN]})
    successes = (
        (200, {"message-count": 1, "messages": [TAKEN]}),
        (200, {"messages": [TAKEN]}),
        (200, {"message-count": "2", "messages": [TAKEN, {**TAKEN, "message-id": "0A" * 8}]}),
    )
    codes = {  # noqa: RUF012 - data
        Reason.REFUSED: "7 3",
        Reason.INVALID_RECIPIENT: "6 33",
        Reason.THROTTLED: "1 10",
        Reason.UNAUTHORIZED: "4 8 11 14 32",
        Reason.NO_CREDIT: "9",
        Reason.SENDER: "15",
        Reason.UNSUPPORTED: "12 29",
        Reason.REFUSED_REQUEST: "2 22 23",
        Reason.SERVER_ERROR: "5",
    }
    odd = (
        (200, {"message-count": "0", "messages": []}),
        (200, {"message-count": "2", "messages": [TAKEN]}),
        (200, {"message-count": "1", "messages": [TAKEN, TAKEN]}),
        (200, {"message-count": "2", "messages": [TAKEN, part("1")]}),
        (400, {"message-count": "2", "messages": [part("4"), TAKEN]}),
        (200, {"message-count": "2", "messages": [part("5"), part("1")]}),
        (200, {"message-count": "2", "messages": [part("1"), part("5")]}),
        (200, {"message-count": "2", "messages": [TAKEN, {"status": "0"}]}),
        (200, {"messages": [{**TAKEN, "status": 0}]}),
        (200, {"messages": [{"message-id": "{message_id}"}]}),
        (200, {"messages": ["0"]}),
        (200, {"messages": {"0": TAKEN}}),
    )
    wrong = (
        ({"api_secret": "with space "}, "option 'api_secret'"),
        ({"sender": ""}, "option 'sender' is empty"),
        ({"callback_url": "https://hooks.example.com/" + "a" * 90}, "more than 100 characters"),
        ({"callback_url": "ftp://hooks.example.com/"}, "option 'callback_url' wants"),
    )

    def refuse(self, code: Any) -> Answer:
        """One message that was refused, under 200 as always."""
        return 200, {"message-count": "1", "messages": [part(str(code))]}

    def fields(self, message: Message = MESSAGE, **options: Any) -> dict[str, str]:
        """The form of the request."""
        body = self.prepare(message, **options).request.body
        assert body
        return dict(parse_qsl(body.decode()))

    def test_the_request(self) -> None:
        """One form; numbers lose their ``+``, and the reference comes back in reports."""
        request = self.prepare().request

        assert ("POST", "/sms/json") == (request.method, request.target)
        assert self.fields(callback_url="https://a.example/r") == {
            "from": "15550001111",
            "to": "15015551234",
            "text": "hello",
            "type": "text",
            "client-ref": "7f8d1c1e-ref",
            "callback": "https://a.example/r",
        }

    @pytest.mark.parametrize(
        ("text", "kind"), [("hello", "text"), ("5 \u20ac", "text"), ("\u2713", "unicode")]
    )
    def test_the_kind_of_characters_is_told(self, text: str, kind: str) -> None:
        """GSM-7 with its extensions is ``text``, everything else ``unicode``."""
        assert kind == self.fields(Message("5015551234", text))["type"]

    def test_the_gravest_of_several_refusals_counts(self) -> None:
        """One that is about the person before one about the route."""
        answer = 200, {"message-count": "2", "messages": [part("1"), part("7")]}

        assert self.ends(answer) == Reason.REFUSED
