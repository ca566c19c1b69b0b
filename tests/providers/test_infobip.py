"""Infobip: what goes out, and what each of its answers means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from provider_cases import (
    PAGES,
    REFERENCE,
    Answer,
    assert_foreign,
    assert_read,
    make_request,
    read,
)

from sumotext_backend import ConfigurationError, Message, Reason, SmsBackend
from sumotext_backend.providers.infobip import InfobipBackend
from sumotext_backend.testing import HttpBackendContract, Reply


def infobip(**options: Any) -> InfobipBackend:
    """The backend."""
    own = {"api_key": "s3cret-4pp-key", "sender": "15015550000"}
    return InfobipBackend(**(own | {"base_url": "https://x1.api.infobip.com"} | options))


def status(group: int, code: int) -> str:
    """An answer with one message's status."""
    found = {"groupId": group, "groupName": "X", "id": code, "name": "X", "description": "X"}
    return json.dumps({"bulkId": "b", "messages": [{"status": found, "messageId": "2250be2d-1"}]})


@pytest.mark.once
class TestInfobip(HttpBackendContract):
    """The contract."""

    entry_point = True

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return infobip(**options)

    def accepted(self) -> Reply:
        """Pending, with an id."""
        found = {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED"}
        return Reply.json({"messages": [{"status": found, "messageId": "{message_id}"}]})

    def refused(self) -> Mapping[Reason, Reply]:
        """Ids of a rejected status."""
        codes = {
            reason: pairs[0] for reason, pairs in STATUSES.items() if reason and pairs[0][0] == 5
        }
        del codes[Reason.BAD_ANSWER]
        return {
            reason: Reply.json({"messages": [{"status": {"groupId": group, "id": code}}]})
            for reason, (group, code) in codes.items()
        }


STATUSES: dict[Reason | None, tuple[tuple[int, int], ...]] = {
    None: ((1, 26), (1, 7), (3, 2), (3, 5)),
    Reason.OPTED_OUT: ((5, 10), (5, 14)),
    Reason.INVALID_RECIPIENT: ((5, 8), (5, 51), (5, 52)),
    Reason.REFUSED: ((5, 20), (5, 87), (5, 9999)),
    Reason.NO_CREDIT: ((5, 12), (5, 17)),
    Reason.SENDER: ((5, 11), (5, 13)),
    Reason.UNSUPPORTED: ((5, 6), (5, 18), (5, 19), (5, 24), (5, 25)),
    Reason.REFUSED_REQUEST: ((5, 21),),
    Reason.BAD_ANSWER: ((5, 23), (2, 4), (4, 15), (0, 0), (6, 1)),
}
VIOLATION = '{"errorCode": "E400", "violations": [{"property": "messages[0].%s"}]}'
ANSWERS: list[Answer] = [
    *((200, status(*pair), reason) for reason, pairs in STATUSES.items() for pair in pairs),
    (400, VIOLATION % "destinations[0].to", Reason.INVALID_RECIPIENT),
    (400, VIOLATION % "content.text", Reason.INVALID_MESSAGE),
    (400, VIOLATION % "sender", Reason.SENDER),
    (400, VIOLATION % "else", Reason.REFUSED),
    (401, '{"errorCode": "E401"}', Reason.UNAUTHORIZED),
    (403, '{"errorCode": "E403"}', Reason.UNAUTHORIZED),
    (429, '{"errorCode": "E429"}', Reason.THROTTLED),
    (400, '{"errorCode": "E999"}', Reason.REFUSED),
    (
        401,
        '{"requestError": {"serviceException": {"messageId": "UNAUTHORIZED"}}}',
        Reason.UNAUTHORIZED,
    ),
    (200, '{"messages": []}', Reason.BAD_ANSWER),
    (200, '{"messages": [{"messageId": "2250be2d-1"}]}', Reason.BAD_ANSWER),
    (200, '{"messages": [{"status": {"groupId": 1, "id": 26}}]}', Reason.BAD_ANSWER),
    (200, '{"messages": [{"status": {"groupId": true}, "messageId": "225"}]}', Reason.BAD_ANSWER),
    (200, '{"messages": [1, 2]}', Reason.BAD_ANSWER),
    *PAGES,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: f"{each[0]}-{each[1][-40:]}")
def test_an_answer_means(answer: Answer) -> None:
    """What the table says; cut anywhere, that or a doubt."""
    assert_read(infobip(), answer)


def test_an_acceptance_of_another_provider_is_a_doubt() -> None:
    """Its words are not Infobip's."""
    assert_foreign(infobip(), "infobip")


def test_the_number_of_the_status_is_kept_and_its_words_are_not() -> None:
    """`raw` is the code alone: a description may hold the number."""
    assert "14" == read(infobip(), 200, status(5, 14)).raw


def test_a_text_is_one_post() -> None:
    """The reference is the id at Infobip, and stands in the callback too."""
    request = make_request(infobip(callback_url="https://me.example/hook"))

    assert ("POST", "/sms/3/messages") == (request.method, request.target)
    assert "App s3cret-4pp-key" == request.headers["Authorization"]
    assert json.loads(request.body or b"") == {
        "messages": [
            {
                "sender": "15015550000",
                "destinations": [{"to": "15015551234", "messageId": REFERENCE}],
                "content": {"text": "hello"},
                "webhooks": {"delivery": {"url": f"https://me.example/hook?ref={REFERENCE}"}},
            }
        ]
    }


def test_a_message_names_its_own_sender() -> None:
    """It goes before the option; without a reference there is none."""
    request = make_request(infobip(), Message("5015551234", "hello", sender="74700"))

    assert json.loads(request.body or b"")["messages"][0] == {
        "sender": "74700",
        "destinations": [{"to": "15015551234"}],
        "content": {"text": "hello"},
    }


@pytest.mark.parametrize(
    "wrong", [{"api_key": " k"}, {"sender": ""}, {"callback_url": "me.example"}, {"base_url": "x"}]
)
def test_a_wrong_option_is_one_line_without_its_value(wrong: dict[str, str]) -> None:
    """Construction fails, and names the option."""
    with pytest.raises(ConfigurationError, match=f"^option '{next(iter(wrong))}' .+$"):
        infobip(**wrong)
