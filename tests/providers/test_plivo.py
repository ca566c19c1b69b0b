"""Plivo's Message resource, whose refusals are told apart by the HTTP status alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from provider_facts import ACCEPTED, NO_CREDIT, STOPPED, WRONG_NUMBER, WRONG_SENDER
from provider_rules import Answer, ProviderRules, reply

from sumotext_backend import Message, Reason
from sumotext_backend.models import Verdict
from sumotext_backend.providers import PlivoBackend, plivo, prepare
from sumotext_backend.testing import Reply

pytestmark = pytest.mark.once

API_ID = "db342550-7a7d-11eb-ae1f-0242ac110002"
QUEUED = {"message": "message(s) queued", "api_id": API_ID}


class TestPlivo(ProviderRules):
    """Statuses: docs.plivo.com, messaging API overview."""

    account = "plivo://MA1:s3cret@74700?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: ACCEPTED,
        WRONG_NUMBER: (400, {"api_id": "x", "error": "no"}),
        WRONG_SENDER: (400, {"api_id": "x", "error": "no"}),
        NO_CREDIT: ACCEPTED,
    }
    by_status = True
    cls = PlivoBackend
    module = plivo
    options = {  # noqa: RUF012 - data
        "auth_id": "MAXXXXXXXX",
        "auth_token": "s3cret-t0ken/+",
        "sender": "+15550001111",
    }
    url = "plivo://MAXXXXXXXX:s3cret-t0ken%2F%2B@+15550001111"
    success = (202, {**QUEUED, "message_uuid": ["{message_id}"]})
    successes = ((200, {**QUEUED, "message_uuid": ["{message_id}"], "invalid_number": []}),)
    codes = {  # noqa: RUF012 - data
        Reason.REFUSED: "400",
        Reason.UNAUTHORIZED: "401 403",
        Reason.REFUSED_REQUEST: "404 405",
        Reason.THROTTLED: "429",
    }
    unknown_code = 422
    odd = (
        (202, {**QUEUED, "message_uuid": "{message_id}"}),
        (202, {**QUEUED, "message_uuid": []}),
        (202, {**QUEUED, "message_uuid": ["{message_id}", "{message_id}"]}),
        (202, {"message_uuid": ["{message_id}"]}),
        (202, {"message": "message(s) lost", "message_uuid": ["{message_id}"]}),
        (202, {"api_id": API_ID, "error": "no such thing"}),
        (401, {**QUEUED, "message_uuid": ["{message_id}"], "error": "no such thing"}),
        (202, {**QUEUED, "message_uuid": [["{message_id}"]]}),
    )
    wrong = (
        ({"auth_token": "with space "}, "option 'auth_token'"),
        ({"sender": ""}, "option 'sender' is empty"),
        ({"callback_url": "hooks.example.com"}, "option 'callback_url' wants"),
    )

    def refuse(self, code: Any) -> Answer:
        """An error in words alone."""
        return int(code), {"api_id": API_ID, "error": "no such thing"}

    def unknown(self) -> Iterable[Reply]:
        """Other words, and another status."""
        return [reply((400, {"api_id": API_ID, "error": "unheardof"})), reply(self.refuse(422))]

    def test_the_request(self) -> None:
        """One object of JSON, with the reference in the callback."""
        request = self.prepare(callback_url="https://a.example/r").request

        assert ("POST", "/v1/Account/MAXXXXXXXX/Message/") == (request.method, request.target)
        assert json.loads(request.body or b"") == {
            "src": "+15550001111",
            "dst": "+15015551234",
            "text": "hello",
            "url": "https://a.example/r?ref=7f8d1c1e-ref",
        }

    @pytest.mark.parametrize("longest", ["a" * 1600, "\u0436" * 737, "\U0001f44d" * 363])
    def test_a_longer_text_is_not_asked_for(self, longest: str) -> None:
        """1600 characters of GSM-7, eleven segments of UCS-2, an emoji never split between two."""
        verdict = prepare(self.backend(), Message("5015551234", longest + longest[0]))

        assert self.prepare(Message("5015551234", longest))
        assert isinstance(verdict, Verdict)
        assert Reason.UNSUPPORTED is verdict.reason

    @pytest.mark.parametrize("body", [b"", b"Could not verify your access", b'{"error": "no"}'])
    def test_a_page_that_is_not_in_its_form_goes_by_its_status(self, body: bytes) -> None:
        """A proxy's, or the one that asks for a login."""
        assert self.ends((401, body)) == Reason.UNAUTHORIZED
        assert self.ends((400, body)) == Reason.REFUSED_REQUEST
