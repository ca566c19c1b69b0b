"""Sinch: what goes out, and what each of its answers means."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from provider_cases import PAGES, REFERENCE, Answer, assert_foreign, assert_read, make_request
from provider_facts import ACCEPTED, NO_CREDIT, OTHERWISE, STOPPED, WRONG_NUMBER, WRONG_SENDER

from sumotext_backend import ConfigurationError, Message, Reason, SmsBackend
from sumotext_backend.models import Verdict
from sumotext_backend.providers import prepare
from sumotext_backend.providers.sinch import SinchBackend
from sumotext_backend.testing import HttpBackendContract, Reply


def sinch(**options: Any) -> SinchBackend:
    """The backend."""
    own = {"service_plan_id": "plan1", "api_token": "s3cret-t0ken", "sender": "15015550000"}
    return SinchBackend(**(own | options))


CODES = {
    "syntax_invalid_parameter_format": Reason.REFUSED,
    "syntax_constraint_violation": Reason.REFUSED_REQUEST,
    "syntax_invalid_json": Reason.REFUSED_REQUEST,
    "unknown_campaign": Reason.SENDER,
    "unauthorized": Reason.UNAUTHORIZED,
    "too_many_requests": Reason.THROTTLED,
}


@pytest.mark.once
class TestSinch(HttpBackendContract):
    """The contract."""

    entry_point = True
    account = "sinch://plan1:s3cret@74700?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: ACCEPTED,
        WRONG_NUMBER: (400, {"code": "syntax_invalid_parameter_format", "text": "no"}),
        WRONG_SENDER: (403, {"code": "unknown_campaign", "text": "no"}),
        NO_CREDIT: OTHERWISE,
    }

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return sinch(**options)

    def message_id(self) -> str:
        """26 letters and digits."""
        return uuid.uuid4().hex[:26].upper()

    def accepted(self) -> Reply:
        """201 and an id."""
        return Reply.json({"id": "{message_id}", "type": "mt_text"}, "201 Created")

    def refused(self) -> Mapping[Reason, Reply]:
        """The codes."""
        return {
            reason: Reply.json({"code": code, "text": "no"}, "400 Bad Request")
            for code, reason in CODES.items()
        }


ANSWERS: list[Answer] = [
    (201, '{"id": "01FC66621XXXXX119Z8PMV1QPQ", "to": ["15015551234"]}', None),
    *(
        (status, json.dumps({"code": code, "text": "no"}), reason)
        for code, reason in (CODES | {"unheard_of": Reason.REFUSED}).items()
        for status in (400, 403)
    ),
    (201, '{"id": "01FC66621XXXXX119Z8PMV1QP"}', Reason.BAD_ANSWER),
    (201, '{"id": null}', Reason.BAD_ANSWER),
    (201, '{"id": 12345678901234567890123456}', Reason.BAD_ANSWER),
    (400, '{"id": "01FC66621XXXXX119Z8PMV1QPQ"}', Reason.BAD_ANSWER),
    (400, '{"text": "no"}', Reason.REFUSED_REQUEST),
    *PAGES,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: f"{each[0]}-{each[1][-40:]}")
def test_an_answer_means(answer: Answer) -> None:
    """What the table says; cut anywhere, that or a doubt."""
    assert_read(sinch(), answer)


def test_an_acceptance_of_another_provider_is_a_doubt() -> None:
    """Its words are not Sinch's."""
    assert_foreign(sinch(), "sinch")


def test_a_text_is_one_batch_of_one() -> None:
    """The reference is Sinch's own field, and stands in the callback too."""
    request = make_request(sinch(callback_url="https://me.example/hook?a=1"))

    assert ("POST", "/xms/v1/plan1/batches") == (request.method, request.target)
    assert "Bearer s3cret-t0ken" == request.headers["Authorization"]
    assert json.loads(request.body or b"") == {
        "type": "mt_text",
        "from": "15015550000",
        "to": ["15015551234"],
        "body": "hello",
        "client_reference": REFERENCE,
        "callback_url": f"https://me.example/hook?a=1&ref={REFERENCE}",
        "delivery_report": "per_recipient",
    }


def test_the_region_says_where_the_api_answers() -> None:
    """Unless an address is given."""
    assert "https://us.sms.api.sinch.com" == sinch().base_url
    assert "https://eu.sms.api.sinch.com" == sinch(region="eu").base_url
    assert "https://x.example" == sinch(region="eu", base_url="https://x.example").base_url


def test_without_a_sender_the_plan_has_the_word() -> None:
    """Nothing stands in its place."""
    body = json.loads(make_request(sinch(sender=None), Message("5015551234", "hi")).body or b"")

    assert {"type": "mt_text", "to": ["15015551234"], "body": "hi"} == body


def test_a_text_that_is_too_long_may_go_elsewhere() -> None:
    """2000 characters go, 2001 are `UNSUPPORTED`."""
    verdict = prepare(sinch(), Message("5015551234", "a" * 2001))

    assert isinstance(verdict, Verdict)
    assert Reason.UNSUPPORTED is verdict.reason
    assert make_request(sinch(), Message("5015551234", "a" * 2000))


@pytest.mark.parametrize("wrong", [{"api_token": ""}, {"service_plan_id": "a\n"}, {"sender": " "}])
def test_a_wrong_option_is_one_line_without_its_value(wrong: dict[str, str]) -> None:
    """Construction fails, and names the option."""
    with pytest.raises(ConfigurationError, match=f"^option '{next(iter(wrong))}' .+$"):
        sinch(**wrong)


def test_a_region_that_is_not_one_is_refused() -> None:
    """Before a text goes to another one."""
    with pytest.raises(ValueError, match="region"):
        sinch(region="mars")
