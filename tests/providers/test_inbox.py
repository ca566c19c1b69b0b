"""The inbox as a backend: what goes out, what each answer means, and the texts that come in."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from provider_cases import (
    MESSAGE,
    PAGES,
    REFERENCE,
    Answer,
    assert_foreign,
    assert_read,
    make_request,
)
from provider_facts import NO_CREDIT, STOPPED, WRONG_NUMBER, WRONG_SENDER

from sumotext_backend import ConfigurationError, Message, Outcome, Reason, SmsBackend
from sumotext_backend.config import connect
from sumotext_backend.providers import InboxBackend
from sumotext_backend.simulator import MAGIC, Behaviour, Simulator
from sumotext_backend.testing import HttpBackendContract, Reply

ID = "6B29FC40-CA47-1067-B31D-00DD010662DA"


@pytest.mark.once
class TestInbox(HttpBackendContract):
    """The contract."""

    entry_point = True
    account = "inbox://?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: (409, {"error": "the handset said STOP", "code": "opted-out"}),
        WRONG_NUMBER: "taken",
        WRONG_SENDER: "taken",
        NO_CREDIT: "taken",
    }

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return InboxBackend(**({"sender": "74700", "token": "s3cret-passw0rd"} | options))

    def message_id(self) -> str:
        """A GUID in capitals."""
        return str(uuid.uuid4()).upper()

    def accepted(self) -> Reply:
        """An id and a state."""
        return Reply.json({"id": "{message_id}", "state": "SUBMITTED"}, "201 Created")

    def refused(self) -> Mapping[Reason, Reply]:
        """Codes."""
        words = {"error": "the handset said STOP to this sender", "code": "opted-out"}
        login = {"error": "a token is wanted", "code": "token"}
        return {
            Reason.OPTED_OUT: Reply.json(words, "409 Conflict"),
            Reason.UNAUTHORIZED: Reply.json(login, "401 Unauthorized"),
        }

    def unknown(self) -> list[Reply]:
        """Another code."""
        return [Reply.json({"error": "no", "code": "unheard-of"}, "422 Unprocessable Content")]


ANSWERS: list[Answer] = [
    (201, f'{{"id": "{ID}", "state": "SUBMITTED"}}', None),
    (201, f'{{"id": "{ID[:-1]}", "state": "SUBMITTED"}}', Reason.BAD_ANSWER),
    (201, f'{{"id": "{ID}", "state": "UNDELIVERABLE"}}', Reason.BAD_ANSWER),
    (201, f'{{"id": "{ID}"}}', Reason.BAD_ANSWER),
    (409, f'{{"id": "{ID}", "error": "no", "code": "opted-out"}}', Reason.BAD_ANSWER),
    (409, '{"error": "no", "code": "opted-out"}', Reason.OPTED_OUT),
    (422, '{"error": "no", "code": "invalid"}', Reason.REFUSED),
    (401, '{"error": "no", "code": "token"}', Reason.UNAUTHORIZED),
    (421, '{"error": "no", "code": "host"}', Reason.UNAUTHORIZED),
    (413, '{"error": "no", "code": "too-long"}', Reason.UNSUPPORTED),
    (409, '{"error": "no", "code": "not-found"}', Reason.NOT_SUBSCRIBED),
    (404, '{"error": "no", "code": "no-such-path"}', Reason.REFUSED_REQUEST),
    (409, '{"error": "no"}', Reason.REFUSED_REQUEST),
    (200, '{"code": "unknown-code"}', Reason.BAD_ANSWER),
    *PAGES,
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: f"{each[0]}-{each[1][-40:]}")
def test_an_answer_means(answer: Answer) -> None:
    """What the table says; cut anywhere, that or a doubt."""
    assert_read(InboxBackend(), answer)


def test_an_acceptance_of_another_provider_is_a_doubt() -> None:
    """Its words are not the inbox's."""
    assert_foreign(InboxBackend(), "inbox")


def test_a_text_is_one_post() -> None:
    """JSON, with the token as a bearer where there is one."""
    request = make_request(InboxBackend(sender="74700", token="s3cret"))

    assert ("POST", "/api/messages") == (request.method, request.target)
    assert "Bearer s3cret" == request.headers["Authorization"]
    assert json.loads(request.body or b"") == {
        "from": "74700",
        "to": "+15015551234",
        "text": "hello",
        "reference": REFERENCE,
    }
    assert "Authorization" not in make_request(InboxBackend()).headers


@pytest.mark.parametrize("token", ["", "s3cret"])
def test_a_text_is_in_the_inbox(token: str) -> None:
    """What is sent is there, with its sender and its reference, and no token is kept with it."""
    with Simulator(token=token) as simulator:
        backend = InboxBackend(base_url=simulator.url, token=token or None)
        result = backend.send(Message("5015551234", "né", sender="74700", reference=REFERENCE))
        (kept,) = simulator.messages
        backend.close()

    assert (Outcome.ACCEPTED, kept.id) == (result.outcome, result.message_id)
    assert ("+15015551234", "74700", "né") == (kept.recipient, kept.sender, kept.body)
    assert (REFERENCE, "inbox") == (kept.reference, kept.dialect)
    assert "s3cret" not in str(kept.request and kept.request.headers)


def test_who_said_stop_is_refused_and_start_lifts_it(sumotext_simulator: Simulator) -> None:
    """The handset's own words decide; another sender may still text."""
    backend = InboxBackend(base_url=sumotext_simulator.url, sender="74700")
    backend.send(MESSAGE)
    (text,) = sumotext_simulator.messages
    sumotext_simulator.reply(text, "Stop")
    refused = backend.send(MESSAGE)
    other = backend.send(Message(MESSAGE.to, "hello", sender="74701"))
    sumotext_simulator.reply(text, "START")
    again = backend.send(MESSAGE)
    backend.close()

    assert Reason.OPTED_OUT == refused.reason
    assert (Outcome.ACCEPTED, Outcome.ACCEPTED) == (other.outcome, again.outcome)


@pytest.mark.parametrize("magic", MAGIC, ids=lambda magic: magic.name)
def test_an_answer_that_was_chosen_is_given_here_too(
    sumotext_simulator: Simulator, magic: Behaviour
) -> None:
    """It means what it means in every dialect, and the request is listed; once only."""
    backend = InboxBackend(base_url=sumotext_simulator.url, timeout=3)
    sumotext_simulator.fail_next(magic.name)
    results = [backend.send(MESSAGE) for _ in range(2)]
    backend.close()

    assert [magic.reason, None] == [result.reason for result in results]
    assert [magic.name, "accepted"] == [seen.name for seen in sumotext_simulator.requests]


def test_without_the_token_nothing_is_sent(sumotext_simulator: Simulator) -> None:
    """A wrong token is about the route."""
    with Simulator(token="right") as simulator:
        backend = InboxBackend(base_url=simulator.url, token="wrong")
        result = backend.send(MESSAGE)
        backend.close()

    assert (Outcome.FAILED, Reason.UNAUTHORIZED) == (result.outcome, result.reason)
    assert simulator.messages == ()


def test_a_redirect_for_staging_can_lead_here(sumotext_simulator: Simulator) -> None:
    """Every text of a chain goes to the inbox, to one number or each to its own."""
    inbox = {"backend": "inbox", "base_url": sumotext_simulator.url}
    redirect = {"backend": "redirect", "of": "inbox", "to": "+15015550000"}
    with connect({"providers": {"inbox": inbox, "default": redirect}}) as sms:
        sms.send(MESSAGE)

    assert ["+15015550000"] == [text.recipient for text in sumotext_simulator.messages]


def test_a_dsn_names_the_place() -> None:
    """``inbox://`` is a simulator with the default port; ``base_url`` names another."""
    with connect("inbox://") as near, connect("inbox://?base_url=http://127.0.0.1:9") as far:
        assert ["http://127.0.0.1:8080", "http://127.0.0.1:9"] == [
            sender.backend.base_url for sender in (near, far)
        ]


@pytest.mark.parametrize("wrong", [{"token": ""}, {"sender": "a "}])
def test_a_wrong_option_is_one_line_without_its_value(wrong: dict[str, str]) -> None:
    """Construction fails, and names the option."""
    with pytest.raises(ConfigurationError, match=f"^option '{next(iter(wrong))}' .+$"):
        InboxBackend(**wrong)
