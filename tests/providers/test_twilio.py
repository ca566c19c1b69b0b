"""Twilio, and SignalWire in the same form."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qsl

import pytest
from provider_facts import NO_CREDIT, STOPPED, WRONG_NUMBER, WRONG_SENDER
from provider_rules import MESSAGE, Answer, ProviderRules

from sumotext_backend import Message, Reason
from sumotext_backend.models import Verdict
from sumotext_backend.providers import TwilioBackend, prepare, twilio

pytestmark = pytest.mark.once

STATUSES = {"20003": 401, "20005": 403, "20006": 403, "20404": 404, "20429": 429, "10001": 403}


class TestTwilio(ProviderRules):
    """Codes: twilio.com/docs/api/errors; 4001: SignalWire's list."""

    account = "twilio://AC1:s3cret@74700?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: (
            400,
            {"code": 21610, "message": "no", "more_info": "https://x.example", "status": 400},
        ),
        WRONG_NUMBER: (
            400,
            {"code": 21211, "message": "no", "more_info": "https://x.example", "status": 400},
        ),
        WRONG_SENDER: (
            400,
            {"code": 21606, "message": "no", "more_info": "https://x.example", "status": 400},
        ),
        NO_CREDIT: (
            400,
            {"code": 10001, "message": "no", "more_info": "https://x.example", "status": 400},
        ),
    }
    cls = TwilioBackend
    module = twilio
    options = {  # noqa: RUF012 - data
        "account_sid": "ACdeadbeef",
        "auth_token": "s3cret-t0ken/+",
        "sender": "+15550001111",
    }
    url = "twilio://ACdeadbeef:s3cret-t0ken%2F%2B@+15550001111"
    success = (
        201,
        {
            "sid": "{message_id}",
            "status": "queued",
            "error_code": None,
            "error_message": None,
            "to": "{To}",
            "num_segments": "1",
        },
    )
    successes = (
        (201, {"sid": "{message_id}", "status": "accepted", "messaging_service_sid": "MG1"}),
        (201, {"sid": "{message_id}", "status": "scheduled"}),
        (201, {"sid": "{message_id}", "status": "sending", "error_code": None}),
        (200, {"sid": "{message_id}", "status": "sent"}),
    )
    codes = {  # noqa: RUF012 - data
        Reason.OPTED_OUT: "21610",
        Reason.INVALID_RECIPIENT: "21211 21217 21604 21614 21635",
        Reason.INVALID_MESSAGE: "21602",
        Reason.CONTENT: "21618",
        Reason.UNAUTHORIZED: "20003 20005 20006 20404 10001 90010",
        Reason.NO_CREDIT: "4001",
        Reason.THROTTLED: "20429 21611",
        Reason.SENDER: "21212 21603 21606 21659 21660 21661 21703 21704 21705",
        Reason.UNSUPPORTED: "21408 21608 21612 21617",
        Reason.SERVER_ERROR: "20500 20503",
    }
    odd = (
        (201, {"sid": "{message_id}"}),
        (201, {"sid": "{message_id}", "status": "failed"}),
        (201, {"sid": "{message_id}", "status": "undelivered", "error_code": 30005}),
        (201, {"sid": "{message_id}", "status": "queued", "error_code": 30005}),
        (201, {"sid": "{message_id}", "status": None}),
        (201, {"sid": "AC" + "0" * 32, "status": "queued"}),
        (201, {"sid": "SM" + "0" * 32, "status": "queued"}),
        (201, {"code": None, "message": "x"}),
        (400, {"sid": "{message_id}", "code": 21610, "message": "x"}),
    )
    wrong = (
        ({"auth_token": None}, "a login is wanted"),
        ({"api_key": "SKxxxxx", "api_secret": "yyyyyy"}, "a login is wanted"),
        ({"api_key": "SKxxxxx"}, "'api_key' and 'api_secret' go together"),
        ({"sender": None}, "'sender' or 'messaging_service_sid' is missing"),
        ({"account_sid": "AC1 234 "}, "option 'account_sid' is empty, has spaces"),
        ({"auth_token": ""}, "option 'auth_token' is empty"),
        ({"sender": " 15550001111"}, "option 'sender'"),
        ({"callback_url": "hooks.example.com"}, "option 'callback_url' wants"),
        ({"callback_url": "https://hooks.example.com/#a"}, "option 'callback_url' wants"),
    )

    def message_id(self) -> str:
        """``SM`` and 32 digits."""
        return f"SM{uuid.uuid4().hex}"

    def refuse(self, code: Any) -> Answer:
        """An error object."""
        status = STATUSES.get(str(code), 400)
        return status, {
            "code": int(code),
            "message": "no such thing",
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }

    def fields(self, message: Message = MESSAGE, **options: Any) -> dict[str, str]:
        """The form of the request."""
        body = self.prepare(message, **options).request.body
        assert body
        return dict(parse_qsl(body.decode()))

    def test_the_request(self) -> None:
        """One form, below the account."""
        request = self.prepare().request

        assert ("POST", "/2010-04-01/Accounts/ACdeadbeef/Messages.json") == (
            request.method,
            request.target,
        )
        assert {"To": "+15015551234", "From": "+15550001111", "Body": "hello"} == self.fields()

    def test_a_service_sends_in_the_place_of_a_number(self) -> None:
        """With both it is that number of the service; a message's own sender stands for both."""
        both = {"messaging_service_sid": "MG1"}
        named = Message("5015551234", "hi", sender="74700")

        assert "From" not in self.fields(sender=None, **both)
        assert {"MessagingServiceSid": "MG1", "From": "+15550001111"}.items() <= self.fields(
            **both
        ).items()
        assert "MessagingServiceSid" not in self.fields(named, **both)

    def test_an_api_key_is_a_login_too(self) -> None:
        """Its SID and its secret instead of the account's."""
        own = self.prepare().request.headers["Authorization"]
        key = {"auth_token": None, "api_key": "SK1", "api_secret": "x"}

        assert self.prepare(**key).request.headers["Authorization"] == "Basic U0sxOng="
        assert own != "Basic U0sxOng="

    @pytest.mark.parametrize(
        ("url", "sent"),
        [
            ("https://a.example/r", "https://a.example/r?ref=7f8d1c1e-ref"),
            ("https://a.example/r?k=1", "https://a.example/r?k=1&ref=7f8d1c1e-ref"),
        ],
    )
    def test_the_reference_is_in_the_callback(self, url: str, sent: str) -> None:
        """A report tells which text it is about."""
        assert sent == self.fields(callback_url=url)["StatusCallback"]

    def test_a_text_of_1600_characters_is_the_longest(self) -> None:
        """One more is FAILED / UNSUPPORTED, and nothing is asked."""
        assert self.prepare(Message("5015551234", "a" * 1600))
        verdict = prepare(self.backend(), Message("5015551234", "a" * 1601))

        assert isinstance(verdict, Verdict)
        assert Reason.UNSUPPORTED is verdict.reason

    def test_signalwire_writes_ids_as_guids_and_codes_as_text(self) -> None:
        """The same form with a base URL of one's own."""
        accepted = {"sid": "0f6c3d5e-9f2a-4c1b-8d7e-5a4b3c2d1e0f", "status": "queued"}

        assert self.ends((201, accepted)) == "ACCEPTED"
        assert self.ends((422, {"code": "21610", "message": "no"})) == Reason.OPTED_OUT

    def test_a_text_that_failed_at_once_is_told_by_its_error_code(self) -> None:
        """An id does not make it accepted."""
        failed = {"sid": self.message_id(), "status": "failed", "error_code": 21610}

        assert self.ends((201, failed)) == Reason.OPTED_OUT
