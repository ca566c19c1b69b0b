"""Bandwidth's Messaging API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from provider_facts import ACCEPTED, NO_CREDIT, OTHERWISE, STOPPED, WRONG_NUMBER, WRONG_SENDER
from provider_rules import Answer, ProviderRules

from sumotext_backend import Message, Reason
from sumotext_backend.models import Verdict
from sumotext_backend.providers import BandwidthBackend, bandwidth, prepare

pytestmark = pytest.mark.once

STATUSES = {
    "unauthorized": 401,
    "forbidden": 403,
    "max-message-queue-size-exceeded": 429,
    "unsupported-content-type": 415,
}
FIELDS = ("to", "text", "from", "applicationId")


def wrong_fields(*names: Any) -> dict[str, Any]:
    """An error about fields."""
    fields = [{"fieldName": name, "description": "no such thing"} for name in names]
    return {"type": "request-validation", "description": "no such thing", "fieldErrors": fields}


class TestBandwidth(ProviderRules):
    """Types: Bandwidth's page on errors; fields: its OpenAPI description."""

    account = "bandwidth://user:s3cret@9900000/app/74700?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: ACCEPTED,
        WRONG_NUMBER: (
            400,
            {
                "type": "request-validation",
                "description": "no",
                "fieldErrors": [{"fieldName": "to", "description": "no"}],
            },
        ),
        WRONG_SENDER: (
            400,
            {
                "type": "request-validation",
                "description": "no",
                "fieldErrors": [{"fieldName": "from", "description": "no"}],
            },
        ),
        NO_CREDIT: OTHERWISE,
    }
    cls = BandwidthBackend
    module = bandwidth
    options = {  # noqa: RUF012 - data
        "username": "apiuser",
        "password": "s3cret-t0ken/+",
        "account_id": "9900000",
        "application_id": "93de2206-9669-4e07",
        "sender": "+15550001111",
    }
    url = "bandwidth://apiuser:s3cret-t0ken%2F%2B@9900000/93de2206-9669-4e07/+15550001111"
    success = (
        202,
        {
            "id": "{message_id}",
            "owner": "{from}",
            "applicationId": "{applicationId}",
            "time": "2024-12-02T20:15:57.278Z",
            "segmentCount": 1,
            "direction": "out",
            "to": ["{to}"],
            "from": "{from}",
        },
    )
    successes = ((202, {"id": "{message_id}", "direction": "out", "tag": "x"}),)
    codes = {  # noqa: RUF012 - data
        Reason.INVALID_RECIPIENT: "to",
        Reason.INVALID_MESSAGE: "text",
        Reason.SENDER: "from",
        Reason.UNAUTHORIZED: "unauthorized forbidden applicationId",
        Reason.THROTTLED: "max-message-queue-size-exceeded",
        Reason.REFUSED_REQUEST: "unsupported-content-type",
    }
    odd = (
        (202, {"id": "{message_id}"}),
        (202, {"id": "{message_id}", "direction": "in"}),
        (202, {"type": "request-validation"}),
        (202, {"id": "{message_id}", "type": "x", "description": "x"}),
        (400, {"id": "{message_id}", "direction": "out", "type": "to", "description": "x"}),
    )
    wrong = (
        ({"password": "with space "}, "option 'password'"),
        ({"account_id": ""}, "option 'account_id' is empty"),
        ({"sender": ""}, "option 'sender' is empty"),
    )

    def message_id(self) -> str:
        """Time and letters."""
        return f"1589228074636{super().message_id()[-12:].lower()}xy"

    def refuse(self, code: Any) -> Answer:
        """An error about a field, or of a type."""
        if code in FIELDS:
            return 400, wrong_fields(code)
        return STATUSES.get(str(code), 400), {
            "type": str(code),
            "description": "no such thing",
        }

    unknown_code = "unheard-of"

    def test_the_request(self) -> None:
        """One object of JSON, below the account; the reference is a tag."""
        request = self.prepare().request

        assert ("POST", "/api/v2/users/9900000/messages") == (request.method, request.target)
        assert json.loads(request.body or b"") == {
            "applicationId": "93de2206-9669-4e07",
            "to": ["+15015551234"],
            "from": "+15550001111",
            "text": "hello",
            "tag": "7f8d1c1e-ref",
        }

    def test_an_id_may_be_a_guid(self) -> None:
        """Its description shows both kinds."""
        taken = {"id": "9e0df4ca-b18d-40d7-a59f-82fcdf5ae8e6", "direction": "out"}

        assert self.ends((202, taken)) == "ACCEPTED"

    @pytest.mark.parametrize(
        ("names", "reason"),
        [
            (["from", "to"], Reason.INVALID_RECIPIENT),
            (["to[0]"], Reason.INVALID_RECIPIENT),
            (["applicationId", "from"], Reason.UNAUTHORIZED),
            (["from", "unheardOf"], Reason.REFUSED),
            ([None], Reason.REFUSED),
        ],
    )
    def test_the_gravest_of_several_fields_counts(self, names: list[str], reason: Reason) -> None:
        """One about the person or the text, or one that nobody here knows, before the route's."""
        assert self.ends((400, wrong_fields(*names))) == reason

    @pytest.mark.parametrize("status", [400, 401, 403, 429])
    def test_a_type_in_no_table_may_be_about_the_person(self, status: int) -> None:
        """Whatever the status is."""
        assert self.ends((status, {"type": "unheard-of", "description": "no"})) == Reason.REFUSED

    def test_a_wrong_path_goes_by_its_status(self) -> None:
        """Its 404 is another object than its errors."""
        spring = {"timestamp": "2019-09-09", "status": 404, "error": "Not Found", "path": "/x"}

        assert self.ends((404, spring)) == Reason.REFUSED_REQUEST

    def test_a_text_of_2048_characters_is_the_longest(self) -> None:
        """One more is FAILED / UNSUPPORTED, and nothing is asked."""
        assert self.prepare(Message("5015551234", "a" * 2048))
        verdict = prepare(self.backend(), Message("5015551234", "a" * 2049))

        assert isinstance(verdict, Verdict)
        assert Reason.UNSUPPORTED is verdict.reason
