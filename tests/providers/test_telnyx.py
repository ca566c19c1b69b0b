"""Telnyx's Messages API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from provider_rules import MESSAGE, Answer, ProviderRules, reply

from sumotext_backend import Message, Reason
from sumotext_backend.providers import TelnyxBackend, telnyx
from sumotext_backend.testing import Reply

pytestmark = pytest.mark.once


def taken(status: str = "queued", **more: Any) -> dict[str, Any]:
    """A text as Telnyx describes it."""
    to = [{"phone_number": "{to}", "status": status, "carrier": "T-MOBILE USA, INC."}]
    data = {"record_type": "message", "direction": "outbound", "id": "{message_id}", "to": to}
    return {"data": {**data, "errors": [], **more}}


def errors(*pairs: tuple[Any, str]) -> dict[str, Any]:
    """Errors, each of a code and a title."""
    return {
        "errors": [
            {"code": code, "title": title, "detail": "no such thing"} for code, title in pairs
        ]
    }


STOP = "Blocked due to STOP message"


class TestTelnyx(ProviderRules):
    """Codes: developers.telnyx.com, error codes of the API and of messaging."""

    cls = TelnyxBackend
    module = telnyx
    options = {"api_key": "KEY0123_s3cret", "sender": "+15550001111"}  # noqa: RUF012 - data
    url = "telnyx://KEY0123_s3cret@+15550001111"
    success = (200, taken())
    successes = tuple((200, taken(status)) for status in ("sending", "sent", "delivered"))
    codes = {  # noqa: RUF012 - data
        Reason.INVALID_RECIPIENT: "40310 40012 40001 10002 10016",
        Reason.INVALID_MESSAGE: "40316",
        Reason.CONTENT: "40322 40009 40015",
        Reason.UNAUTHORIZED: (
            "10009 10010 20002 20006 20012 20013 20014 20015 20016 20017 40311 40312 40313 40314"
        ),
        Reason.NO_CREDIT: "20100",
        Reason.THROTTLED: "10011 40011 40318",
        Reason.SENDER: "40305 40306 40013 40010 40100 40309 40315 40320 40321 40329",
        Reason.UNSUPPORTED: "40302 40328",
        Reason.REFUSED_REQUEST: "10004 10015",
        Reason.SERVER_ERROR: "10007 10008",
    }
    odd = (
        (200, taken("sending_failed")),
        (200, taken("delivery_failed")),
        (200, taken("unheard-of")),
        (200, {"data": {"id": "{message_id}"}}),
        (200, {"data": {"id": "{message_id}", "to": []}}),
        (200, {"data": [{"id": "{message_id}"}]}),
        (200, {"data": {"id": "00000000-0000-0000-0000-000000000000", "to": [{"status": "sent"}]}}),
        (200, {**taken(), **errors(("40300", STOP))}),
        (400, {**taken(), **errors(("10009", "x"))}),
        (200, {"errors": []}),
        (200, {"errors": ["40300"]}),
        (200, {"errors": [{"code": "40300"}]}),
        (422, errors(("10007", "x"), ("10009", "x"))),
    )
    wrong = (
        ({"api_key": "KEY with space "}, "option 'api_key'"),
        ({"sender": None}, "'sender' or 'messaging_profile_id' is missing"),
        ({"callback_url": "hooks.example.com"}, "option 'callback_url' wants"),
    )

    def refuse(self, code: Any) -> Answer:
        """Errors, of which there is one."""
        status = {"10009": 401, "10010": 403, "10011": 429}.get(str(code), 422)
        return status, errors((str(code), "no such thing"))

    def refused(self) -> Mapping[Reason, Reply]:
        """The codes, and the one that its title tells apart."""
        stop = reply((400, errors(("40300", STOP))))
        return {Reason.OPTED_OUT: stop, **super().refused()}

    def fields(self, message: Message = MESSAGE, **options: Any) -> dict[str, str]:
        """The JSON of the request."""
        body = self.prepare(message, **options).request.body
        assert body
        fields: dict[str, str] = json.loads(body)
        return fields

    def test_the_request(self) -> None:
        """One object of JSON."""
        request = self.prepare().request

        assert ("POST", "/v2/messages") == (request.method, request.target)
        assert "Bearer KEY0123_s3cret" == request.headers["Authorization"]
        assert self.fields(callback_url="https://a.example/r", messaging_profile_id="p") == {
            "from": "+15550001111",
            "to": "+15015551234",
            "text": "hello",
            "messaging_profile_id": "p",
            "webhook_url": "https://a.example/r?ref=7f8d1c1e-ref",
        }

    def test_a_profile_sends_in_the_place_of_a_number(self) -> None:
        """From one of its numbers."""
        assert "from" not in self.fields(sender=None, messaging_profile_id="p")

    @pytest.mark.parametrize("code", ["40300", 40300])
    def test_an_opt_out_is_told_by_its_title(self, code: Any) -> None:
        """The same code was seen for a fault of the sender: then it is in no table."""
        assert self.ends((422, errors((code, STOP)))) == Reason.OPTED_OUT
        assert self.ends((400, errors((code, "Blocked due to content")))) == Reason.REFUSED
        assert self.ends((400, errors((code, "Please STOPWATCH")))) == Reason.REFUSED

    @pytest.mark.parametrize(
        ("pairs", "reason"),
        [
            ([("10009", "x"), ("40300", STOP)], Reason.OPTED_OUT),
            ([("10007", "x"), ("40310", "x")], Reason.INVALID_RECIPIENT),
            ([("10011", "x"), ("31337", "x")], Reason.REFUSED),
            ([("10011", "x"), ("10009", "x")], Reason.THROTTLED),
        ],
    )
    def test_the_gravest_of_several_errors_counts(
        self, pairs: list[tuple[str, str]], reason: Reason
    ) -> None:
        """One about the person or the text before a doubt, and that before one of the route."""
        assert self.ends((422, errors(*pairs))) == reason

    def test_a_text_that_failed_at_once_is_told_by_its_errors(self) -> None:
        """An id does not make it accepted."""
        failed = taken("sending_failed", **errors(("40300", STOP)))

        assert self.ends((200, failed)) == Reason.OPTED_OUT
