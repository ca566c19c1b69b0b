"""ClickSend: what goes out, and what each of its answers means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from provider_cases import PAGES, REFERENCE, Answer, assert_foreign, assert_read, make_request
from provider_facts import NO_CREDIT, OTHERWISE, STOPPED, WRONG_NUMBER, WRONG_SENDER

from sumotext_backend import ConfigurationError, Message, Reason, SmsBackend
from sumotext_backend.models import Verdict
from sumotext_backend.providers import prepare
from sumotext_backend.providers.clicksend import ClickSendBackend
from sumotext_backend.testing import HttpBackendContract, Reply

ID = "BF7AD270-0DE2-418B-B606-71D527D9C1AE"


def clicksend(**options: Any) -> ClickSendBackend:
    """The backend."""
    own = {"username": "me", "api_key": "s3cret-k3y", "sender": "+15015550000"}
    return ClickSendBackend(**(own | options))


def answer_of(*words: str, message_id: str = ID) -> dict[str, Any]:
    """An answer with a message for each status."""
    messages = [{"to": "x", "message_id": message_id, "status": word} for word in words]
    data = {"total_count": len(words), "messages": messages}
    return {"http_code": 200, "response_code": "SUCCESS", "data": data}


WORDS = {
    "INVALID_RECIPIENT": Reason.INVALID_RECIPIENT,
    "EMPTY_MESSAGE": Reason.INVALID_MESSAGE,
    "THROTTLED": Reason.REFUSED,
    "INSUFFICIENT_CREDIT": Reason.NO_CREDIT,
    "INVALID_CREDENTIALS": Reason.UNAUTHORIZED,
    "MISSING_CREDENTIALS": Reason.UNAUTHORIZED,
    "ACCOUNT_NOT_ACTIVATED": Reason.UNAUTHORIZED,
    "INVALID_SENDER_ID": Reason.SENDER,
    "COUNTRY_NOT_ENABLED": Reason.UNSUPPORTED,
    "INTERNAL_ERROR": Reason.SERVER_ERROR,
    "SOMETHING_IS_WRONG": Reason.SERVER_ERROR,
}


@pytest.mark.once
class TestClickSend(HttpBackendContract):
    """The contract."""

    entry_point = True
    account = "clicksend://me:s3cret@74700?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: OTHERWISE,
        WRONG_NUMBER: (
            200,
            {"http_code": 200, "data": {"messages": [{"status": "INVALID_RECIPIENT"}]}},
        ),
        WRONG_SENDER: (
            200,
            {"http_code": 200, "data": {"messages": [{"status": "INVALID_SENDER_ID"}]}},
        ),
        NO_CREDIT: (
            200,
            {"http_code": 200, "data": {"messages": [{"status": "INSUFFICIENT_CREDIT"}]}},
        ),
    }

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return clicksend(**options)

    def accepted(self) -> Reply:
        """SUCCESS with an id."""
        return Reply.json(answer_of("SUCCESS", message_id="{message_id}"))

    def refused(self) -> Mapping[Reason, Reply]:
        """Another word, which an id may stand beside only under a 2xx."""
        refusals = {reason: answer_of(word, message_id="") for word, reason in WORDS.items()}
        return {reason: Reply.json(answer) for reason, answer in refusals.items()}


ANSWERS: list[Answer] = [
    (200, json.dumps(answer_of("SUCCESS")), None),
    *((200, json.dumps(answer_of(word)), reason) for word, reason in WORDS.items()),
    (200, json.dumps(answer_of("UNHEARD_OF")), Reason.BAD_ANSWER),
    (400, json.dumps(answer_of("UNHEARD_OF")), Reason.REFUSED),
    (200, json.dumps(answer_of()), Reason.BAD_ANSWER),
    (200, json.dumps(answer_of("SUCCESS", "SUCCESS")), Reason.BAD_ANSWER),
    (200, json.dumps(answer_of("SUCCESS", message_id=ID[:-1])), Reason.BAD_ANSWER),
    (200, '{"response_code": "SUCCESS", "data": null}', Reason.BAD_ANSWER),
    (401, '{"http_code": 401, "response_code": "UNAUTHORIZED"}', Reason.UNAUTHORIZED),
    (403, '{"http_code": 403, "response_code": "FORBIDDEN"}', Reason.UNAUTHORIZED),
    (429, '{"http_code": 429, "response_code": "TOO_MANY_REQUESTS"}', Reason.THROTTLED),
    (400, '{"http_code": 400, "response_code": "BAD_REQUEST"}', Reason.REFUSED),
    *PAGES,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: f"{each[0]}-{each[1][-60:]}")
def test_an_answer_means(answer: Answer) -> None:
    """What the table says; cut anywhere, that or a doubt."""
    assert_read(clicksend(), answer)


def test_an_acceptance_of_another_provider_is_a_doubt() -> None:
    """Its words are not ClickSend's."""
    assert_foreign(clicksend(), "clicksend")


def test_a_text_is_one_post() -> None:
    """The reference is ClickSend's own field."""
    request = make_request(clicksend())

    assert ("POST", "/v3/sms/send") == (request.method, request.target)
    assert "Basic bWU6czNjcmV0LWszeQ==" == request.headers["Authorization"]
    assert json.loads(request.body or b"") == {
        "messages": [
            {
                "to": "+15015551234",
                "from": "+15015550000",
                "body": "hello",
                "custom_string": REFERENCE,
            }
        ]
    }


def test_a_message_names_its_own_sender() -> None:
    """It goes before the option, and there may be neither."""
    named = make_request(clicksend(), Message("5015551234", "hello", sender="74700"))
    nobody = make_request(clicksend(sender=None), Message("5015551234", "hello"))

    assert "74700" == json.loads(named.body or b"")["messages"][0]["from"]
    assert "from" not in json.loads(nobody.body or b"")["messages"][0]


def test_a_text_that_is_too_long_may_go_elsewhere() -> None:
    """8 segments go, one character more is `UNSUPPORTED`: of GSM-7, and of UCS-2."""
    for longest in ("a" * 1224, "\u0436" * 536):
        verdict = prepare(clicksend(), Message("5015551234", longest + longest[0]))

        assert isinstance(verdict, Verdict)
        assert Reason.UNSUPPORTED is verdict.reason
        assert make_request(clicksend(), Message("5015551234", longest))


@pytest.mark.parametrize("wrong", [{"username": ""}, {"api_key": "a "}, {"sender": "\t"}])
def test_a_wrong_option_is_one_line_without_its_value(wrong: dict[str, str]) -> None:
    """Construction fails, and names the option."""
    with pytest.raises(ConfigurationError, match=f"^option '{next(iter(wrong))}' .+$"):
        clicksend(**wrong)
