"""46elks: what goes out, and what each of its answers means."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import pytest
from provider_cases import PAGES, REFERENCE, Answer, assert_foreign, assert_read, make_request
from provider_facts import NO_CREDIT, OTHERWISE, STOPPED, WRONG_NUMBER, WRONG_SENDER

from sumotext_backend import ConfigurationError, Message, Reason, SmsBackend
from sumotext_backend.config import connect
from sumotext_backend.providers.elks import ElksBackend
from sumotext_backend.testing import HttpBackendContract, Reply

ID = "s70df59406a1b4643b96f3f91e0bfb7b0"


def elks(**options: Any) -> ElksBackend:
    """The backend."""
    own = {"username": "u1", "password": "s3cret-passw0rd", "sender": "+15015550000"}
    return ElksBackend(**(own | options))


@pytest.mark.once
class TestElks(HttpBackendContract):
    """The contract."""

    entry_point = True
    account = "46elks://u1:s3cret@74700?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: OTHERWISE,
        WRONG_NUMBER: (400, b"Invalid to number"),
        WRONG_SENDER: (400, b"Invalid from number"),
        NO_CREDIT: (403, b"Not enough credits"),
    }

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return elks(**options)

    def message_id(self) -> str:
        """An s, and 32 hexadecimal digits."""
        return f"s{uuid.uuid4().hex}"

    def accepted(self) -> Reply:
        """Created, with an id."""
        return Reply.json({"status": "created", "direction": "outgoing", "id": "{message_id}"})

    def refused(self) -> Mapping[Reason, Reply]:
        """Words; only those about credit are known."""
        return {
            Reason.NO_CREDIT: Reply.json({"error": "Not enough credits"}, "403 Forbidden"),
            Reason.REFUSED: Reply.json({"error": "Invalid to number"}, "400 Bad Request"),
        }

    def unknown(self) -> list[Reply]:
        """Other words under a 4xx."""
        return [Reply.json({"error": "unheard of"}, "400 Bad Request")]


ANSWERS: list[Answer] = [
    *((200, f'{{"status": "{word}", "id": "{ID}"}}', None) for word in ("created", "sent")),
    (200, f'{{"status": "delivered", "id": "{ID}"}}', None),
    (200, f'{{"id": "{ID}"}}', None),
    (200, f'{{"status": "failed", "id": "{ID}"}}', Reason.BAD_ANSWER),
    (200, f'{{"status": "created", "id": "{ID[:-1]}"}}', Reason.BAD_ANSWER),
    (200, '{"status": "created", "estimated_cost": 10000}', Reason.BAD_ANSWER),
    (400, f'{{"id": "{ID}"}}', Reason.BAD_ANSWER),
    (400, '{"else": "no"}', Reason.REFUSED_REQUEST),
    (403, '{"error": "Not enough credits"}', Reason.NO_CREDIT),
    (403, "Not enough credits", Reason.NO_CREDIT),
    (403, "Forbidden", Reason.UNAUTHORIZED),
    (403, '{"error": "unheard of"}', Reason.REFUSED),
    (401, "API access requires Basic HTTP authentication.", Reason.UNAUTHORIZED),
    (401, '{"error": "no"}', Reason.UNAUTHORIZED),
    (400, "Missing key from", Reason.REFUSED),
    (404, "unheard of", Reason.REFUSED),
    *PAGES,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: f"{each[0]}-{each[1][-40:]}")
def test_an_answer_means(answer: Answer) -> None:
    """What the table says; cut anywhere, that or a doubt."""
    assert_read(elks(), answer)


def test_an_acceptance_of_another_provider_is_a_doubt() -> None:
    """Its words are not 46elks'."""
    assert_foreign(elks(), "46elks")


def test_a_text_is_one_post() -> None:
    """The reference stands in the callback."""
    request = make_request(elks(callback_url="https://me.example/hook"))

    assert ("POST", "/a1/sms") == (request.method, request.target)
    assert "Basic dTE6czNjcmV0LXBhc3N3MHJk" == request.headers["Authorization"]
    assert parse_qs((request.body or b"").decode()) == {
        "from": ["+15015550000"],
        "to": ["+15015551234"],
        "message": ["hello"],
        "whendelivered": [f"https://me.example/hook?ref={REFERENCE}"],
    }


def test_a_message_names_its_own_sender() -> None:
    """It goes before the option."""
    request = make_request(elks(), Message("5015551234", "hello", sender="Shop"))

    assert b"from=Shop&" in (request.body or b"")


def test_its_name_begins_with_digits_in_a_dsn_too() -> None:
    """``46elks://`` is understood, although no URL may begin so."""
    sender = connect("46elks://u1:s3cret@%2B15015550000")

    assert elks(password="s3cret") == sender.backend


@pytest.mark.parametrize("wrong", [{"username": ""}, {"password": "a "}, {"callback_url": "x"}])
def test_a_wrong_option_is_one_line_without_its_value(wrong: dict[str, str]) -> None:
    """Construction fails, and names the option."""
    with pytest.raises(ConfigurationError, match=f"^option '{next(iter(wrong))}' .+$"):
        elks(**wrong)
