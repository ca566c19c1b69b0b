"""MessageBird: what goes out, and what each of its answers means."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from provider_cases import PAGES, REFERENCE, Answer, assert_foreign, assert_read, make_request
from provider_facts import ACCEPTED, NO_CREDIT, STOPPED, WRONG_NUMBER, WRONG_SENDER

from sumotext_backend import ConfigurationError, Message, Reason, SmsBackend
from sumotext_backend.models import Verdict
from sumotext_backend.providers import prepare
from sumotext_backend.providers.messagebird import MessageBirdBackend
from sumotext_backend.testing import HttpBackendContract, Reply


def messagebird(**options: Any) -> MessageBirdBackend:
    """The backend."""
    return MessageBirdBackend(**({"access_key": "s3cret-k3y", "sender": "15015550000"} | options))


def errors(*found: tuple[int, str | None]) -> str:
    """An answer with these codes and parameters."""
    return json.dumps(
        {"errors": [{"code": c, "description": "no", "parameter": p} for c, p in found]}
    )


@pytest.mark.once
class TestMessageBird(HttpBackendContract):
    """The contract."""

    entry_point = True
    account = "messagebird://s3cret@74700?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: ACCEPTED,
        WRONG_NUMBER: (
            422,
            {"errors": [{"code": 10, "description": "no", "parameter": "recipients"}]},
        ),
        WRONG_SENDER: (
            422,
            {"errors": [{"code": 10, "description": "no", "parameter": "originator"}]},
        ),
        NO_CREDIT: (422, {"errors": [{"code": 25, "description": "no", "parameter": None}]}),
    }

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return messagebird(**options)

    def message_id(self) -> str:
        """32 hexadecimal digits."""
        return uuid.uuid4().hex

    def accepted(self) -> Reply:
        """201 and an id."""
        return Reply.json({"id": "{message_id}", "reference": None}, "201 Created")

    def refused(self) -> Mapping[Reason, Reply]:
        """Codes, some told apart by the parameter."""
        found: dict[Reason, tuple[int, str | None]] = {
            Reason.INVALID_RECIPIENT: (10, "recipients"),
            Reason.INVALID_MESSAGE: (9, "body"),
            Reason.SENDER: (10, "originator"),
            Reason.UNAUTHORIZED: (2, "access_key"),
            Reason.NO_CREDIT: (25, None),
            Reason.SERVER_ERROR: (99, None),
        }
        status = "422 Unprocessable Content"
        return {reason: Reply(errors(pair).encode(), status) for reason, pair in found.items()}


ANSWERS: list[Answer] = [
    (201, '{"id": "e8077d803532c0b5937c639b60216938", "recipients": {"totalCount": 1}}', None),
    *((422, errors((code, "recipients")), Reason.INVALID_RECIPIENT) for code in (9, 10)),
    *((422, errors((code, "recipient")), Reason.INVALID_RECIPIENT) for code in (9, 10)),
    *((422, errors((code, "body")), Reason.INVALID_MESSAGE) for code in (9, 10)),
    *((422, errors((code, "originator")), Reason.SENDER) for code in (9, 10)),
    *((422, errors((code, "datacoding")), Reason.REFUSED) for code in (9, 10)),
    (401, errors((2, "access_key")), Reason.UNAUTHORIZED),
    (402, errors((25, None)), Reason.NO_CREDIT),
    (404, errors((98, None)), Reason.SERVER_ERROR),
    (422, errors((99, None)), Reason.SERVER_ERROR),
    (422, errors((31337, None)), Reason.REFUSED),
    (422, errors((25, None), (10, "recipients")), Reason.INVALID_RECIPIENT),
    (200, errors((25, None)), Reason.NO_CREDIT),
    (422, '{"errors": []}', Reason.REFUSED_REQUEST),
    (422, '{"errors": [{}]}', Reason.REFUSED),
    (201, '{"id": "e8077d803532c0b5937c639b6021693"}', Reason.BAD_ANSWER),
    (201, '{"id": null}', Reason.BAD_ANSWER),
    (422, '{"id": "e8077d803532c0b5937c639b60216938"}', Reason.BAD_ANSWER),
    *PAGES,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: f"{each[0]}-{each[1][-40:]}")
def test_an_answer_means(answer: Answer) -> None:
    """What the table says; cut anywhere, that or a doubt."""
    assert_read(messagebird(), answer)


def test_an_acceptance_of_another_provider_is_a_doubt() -> None:
    """Its words are not MessageBird's."""
    assert_foreign(messagebird(), "messagebird")


def test_a_text_is_one_post() -> None:
    """The reference is MessageBird's own field, without which it sends no report."""
    request = make_request(messagebird(callback_url="https://me.example/hook"))

    assert ("POST", "/messages") == (request.method, request.target)
    assert "AccessKey s3cret-k3y" == request.headers["Authorization"]
    assert json.loads(request.body or b"") == {
        "originator": "15015550000",
        "recipients": ["15015551234"],
        "body": "hello",
        "datacoding": "auto",
        "reference": REFERENCE,
        "reportUrl": f"https://me.example/hook?ref={REFERENCE}",
    }


def test_a_message_names_its_own_sender() -> None:
    """It goes before the option."""
    message = Message("5015551234", "hello", sender="74700")

    assert "74700" == json.loads(make_request(messagebird(), message).body or b"")["originator"]


def test_a_text_that_is_too_long_may_go_elsewhere() -> None:
    """9 segments go, one character more is `UNSUPPORTED`: of GSM-7, and of UCS-2."""
    for longest in ("a" * 1377, "\u0436" * 603):
        verdict = prepare(messagebird(), Message("5015551234", longest + longest[0]))

        assert isinstance(verdict, Verdict)
        assert Reason.UNSUPPORTED is verdict.reason
        assert make_request(messagebird(), Message("5015551234", longest))


@pytest.mark.parametrize("wrong", [{"access_key": ""}, {"sender": "a "}, {"callback_url": "x"}])
def test_a_wrong_option_is_one_line_without_its_value(wrong: dict[str, str]) -> None:
    """Construction fails, and names the option."""
    with pytest.raises(ConfigurationError, match=f"^option '{next(iter(wrong))}' .+$"):
        messagebird(**wrong)
