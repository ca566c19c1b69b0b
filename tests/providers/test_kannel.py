"""Kannel and Jasmin: what goes out, and what each of their answers means."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import attrs
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
from provider_facts import BEHIND, NO_CREDIT, STOPPED, WRONG_NUMBER, WRONG_SENDER

from sumotext_backend import ConfigurationError, Message, Reason, SmsBackend
from sumotext_backend.providers import Request, Response, conclude, prepare
from sumotext_backend.providers.kannel import KannelBackend
from sumotext_backend.testing import HttpBackendContract, Reply
from sumotext_backend.testing.hostile.request import Request as Seen

PAGE = Path(__file__).parents[2] / "docs/reference/providers/kannel.md"
JASMIN_ID = "07033084-5cfd-4812-90a4-e4d24ffb6e3d"


def kannel(**options: Any) -> KannelBackend:
    """The backend."""
    own = {"username": "me", "password": "s3cret-passw0rd", "sender": "74700"}
    return KannelBackend(**(own | {"base_url": "http://127.0.0.1:13013"} | options))


def jasmin(**options: Any) -> KannelBackend:
    """The backend in the other dialect."""
    return kannel(dialect="jasmin", **options)


def query_of(request: Request) -> dict[str, str]:
    """The decoded query."""
    found = parse_qs(urlsplit(request.target).query, strict_parsing=True, keep_blank_values=True)
    return {name: values[0] for name, values in found.items()}


KANNEL: list[Answer] = [
    (202, "0: Accepted for delivery", None),
    (202, "3: Queued for later delivery", None),
    (202, "Sent.", None),
    (202, "Sent. Message splits: 3", None),
    (200, "0: Accepted for delivery\r\n", None),
    (403, "Authorization failed for sendsms", Reason.UNAUTHORIZED),
    (403, "Not routable. Do not try again.", Reason.UNSUPPORTED),
    (
        400,
        "Number(s) has/have been denied by white- and/or black-lists.",
        Reason.OPTED_OUT,
    ),
    (400, "Missing receiver number, rejected", Reason.INVALID_RECIPIENT),
    (400, "Missing receiver(s) number(s), rejected", Reason.INVALID_RECIPIENT),
    (400, "Empty receiver number not allowed, rejected", Reason.INVALID_RECIPIENT),
    (400, "Sender missing and no global set, rejected", Reason.SENDER),
    (400, "DLR-URL field misformed, rejected", Reason.REFUSED_REQUEST),
    (400, "Account field misformed or too long, rejected", Reason.REFUSED_REQUEST),
    (400, "Charset or body misformed, rejected", Reason.REFUSED_REQUEST),
    (400, "Unheard of, rejected", Reason.REFUSED),
    (503, "Temporal failure, try again later.", Reason.SERVER_ERROR),
    (500, "Sending failed.", Reason.SERVER_ERROR),
    (400, "Sending failed.", Reason.SERVER_ERROR),
    (202, "Sent. Denied receivers are: 15015551234", Reason.BAD_ANSWER),
    (202, "1: Unheard of", Reason.BAD_ANSWER),
    *PAGES,
]
JASMIN: list[Answer] = [
    (200, f'Success "{JASMIN_ID}"', None),
    (200, f'Success "{JASMIN_ID[:-1]}"', Reason.BAD_ANSWER),
    (200, f'Success "{JASMIN_ID}', Reason.BAD_ANSWER),
    (403, 'Error "Authentication failure for username:me"', Reason.UNAUTHORIZED),
    (403, 'Error "Authorization failed for username:me"', Reason.UNAUTHORIZED),
    (
        403,
        'Error "Cannot charge submit_sm, check RouterPB log file for details"',
        Reason.NO_CREDIT,
    ),
    (403, 'Error "User throughput exceeded"', Reason.THROTTLED),
    (412, 'Error "No route found"', Reason.UNSUPPORTED),
    (400, 'Error "Argument [to] has an invalid value: [x]."', Reason.INVALID_RECIPIENT),
    (400, 'Error "Argument [dlr] has an invalid value: [x]."', Reason.REFUSED_REQUEST),
    (400, 'Error "Argument [content] has an invalid value: [x]."', Reason.INVALID_MESSAGE),
    (400, 'Error "Argument [unheardof] has an invalid value: [x]."', Reason.REFUSED),
    (400, 'Error "Argument [x] is unknown."', Reason.REFUSED_REQUEST),
    (400, 'Error "Mandatory argument [from] is not found."', Reason.REFUSED_REQUEST),
    (
        400,
        'Error "Mandatory arguments not found, please refer to the HTTPAPI specifications."',
        Reason.REFUSED_REQUEST,
    ),
    (400, 'Error "Unheard of"', Reason.REFUSED),
    (500, 'Error "Cannot send submit_sm, check the log"', Reason.SERVER_ERROR),
    (503, 'Error "InterceptorPB not connected !"', Reason.SERVER_ERROR),
    *PAGES,
]


@pytest.mark.once
class TestKannel(HttpBackendContract):
    """The contract: Kannel gives no id, so a text is known by our own reference."""

    entry_point = True
    account = "kannel://tester:s3cret@74700?base_url="
    facts = {  # noqa: RUF012 - data
        STOPPED: BEHIND,
        WRONG_NUMBER: BEHIND,
        WRONG_SENDER: BEHIND,
        NO_CREDIT: BEHIND,
    }

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return kannel(callback_url="https://me.example/hook", **options)

    def message(self, text: str = "hello") -> Message:
        """A message with a reference."""
        return attrs.evolve(super().message(text), reference=str(uuid.uuid4()))

    def id_of(self, request: Seen) -> str:
        """The reference."""
        return parse_qs(urlsplit(request.query["dlr-url"]).query)["ref"][0]

    def accepted(self) -> Reply:
        """Kannel's words."""
        return Reply(b"0: Accepted for delivery", "202 Accepted")

    def refused(self) -> Mapping[Reason, Reply]:
        """The words of each reason, once."""
        return replies(KANNEL)


@pytest.mark.once
class TestJasmin(HttpBackendContract):
    """The contract, in the other dialect."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return jasmin(**options)

    def accepted(self) -> Reply:
        """Success, and an id."""
        return Reply(b'Success "{message_id}"')

    def values(self, request: Seen) -> Iterable[str]:
        """The values, the text out of its hexadecimal form."""
        written = request.query.get("hex-content", "")
        return (*request.values, bytes.fromhex(written).decode("utf-16-be"))

    def refused(self) -> Mapping[Reason, Reply]:
        """The words of each reason, once."""
        return replies(JASMIN)


def replies(answers: list[Answer]) -> dict[Reason, Reply]:
    """The first refusal of each reason in words."""
    found: dict[Reason, Reply] = {}
    for status, body, reason in answers:
        if reason and body and 400 <= status < 500 and "<" not in body:
            found.setdefault(reason, Reply(body.encode(), f"{status} No"))
    return found


@pytest.mark.parametrize("answer", KANNEL, ids=lambda each: f"{each[0]}-{each[1][:40]}")
def test_an_answer_of_kannel_means(answer: Answer) -> None:
    """What the table says; cut anywhere, that or a doubt."""
    assert_read(kannel(), answer)


@pytest.mark.parametrize("answer", JASMIN, ids=lambda each: f"{each[0]}-{each[1][:40]}")
def test_an_answer_of_jasmin_means(answer: Answer) -> None:
    """What the table says; cut anywhere, that or a doubt."""
    assert_read(jasmin(), answer)


def test_an_acceptance_of_another_provider_is_a_doubt() -> None:
    """Not even the two dialects are mistaken for each other."""
    assert_foreign(kannel(), "kannel")
    assert_foreign(jasmin(), "jasmin")


def test_kannel_accepts_under_our_reference() -> None:
    """It gives no id of its own; without a reference there is none."""
    assert REFERENCE == read(kannel(), 202, "Sent.").message_id
    prepared = prepare(kannel(), Message("5015551234", "hello"))
    said = conclude(prepared, Response(202, b"Sent.", ended=True))  # type: ignore[arg-type]
    assert (None, None) == (said.reason, said.message_id)


def test_jasmin_accepts_under_its_own_id() -> None:
    """Ours stands in the callback only."""
    assert JASMIN_ID == read(jasmin(), 200, f'Success "{JASMIN_ID}"').message_id


def test_a_text_through_kannel_is_one_get() -> None:
    """Kannel writes the status where ``%d`` stands; the reference stands beside it."""
    request = make_request(kannel(callback_url="https://me.example/hook", smsc="att"))

    assert request.target.startswith("/cgi-bin/sendsms?")
    assert query_of(request) == {
        "username": "me",
        "password": "s3cret-passw0rd",
        "from": "74700",
        "to": "+15015551234",
        "text": "hello",
        "charset": "UTF-8",
        "coding": "0",
        "smsc": "att",
        "dlr-mask": "31",
        "dlr-url": f"https://me.example/hook?ref={REFERENCE}&status=%d",
    }


def test_kannel_is_told_of_unicode() -> None:
    """By its ``coding``; the text itself stays UTF-8."""
    query = query_of(make_request(kannel(), Message("5015551234", "\u0142 \U0001f44d")))

    assert ("2", "\u0142 \U0001f44d") == (query["coding"], query["text"])


def test_a_text_through_jasmin_is_one_get() -> None:
    """With the names that Jasmin has for the same things."""
    request = make_request(jasmin(callback_url="https://me.example/hook"))

    assert request.target.startswith("/send?")
    assert query_of(request) == {
        "username": "me",
        "password": "s3cret-passw0rd",
        "from": "74700",
        "to": "+15015551234",
        "content": "hello",
        "coding": "0",
        "dlr": "yes",
        "dlr-url": f"https://me.example/hook?ref={REFERENCE}",
        "dlr-level": "3",
        "dlr-method": "POST",
    }


def test_jasmin_is_given_unicode_in_hexadecimal() -> None:
    """Big-endian UTF-16, as on the air."""
    query = query_of(make_request(jasmin(), Message("5015551234", "\u0142")))

    assert ("8", "0142") == (query["coding"], query["hex-content"])
    assert "content" not in query


def test_a_message_names_its_own_sender() -> None:
    """It goes before the option, and there may be neither."""
    named = make_request(kannel(), Message("5015551234", "hello", sender="12345"))

    assert "12345" == query_of(named)["from"]
    assert "from" not in query_of(make_request(kannel(sender=None)))


@pytest.mark.parametrize("wrong", [{"username": ""}, {"password": "a "}, {"callback_url": "x"}])
def test_a_wrong_option_is_one_line_without_its_value(wrong: dict[str, str]) -> None:
    """Construction fails, and names the option."""
    with pytest.raises(ConfigurationError, match=f"^option '{next(iter(wrong))}' .+$"):
        kannel(**wrong)


@pytest.mark.parametrize(("dialect", "answers"), [("Kannel", KANNEL), ("Jasmin", JASMIN)])
def test_a_page_has_the_words_of_its_answers(dialect: str, answers: list[Answer]) -> None:
    """Words that a page quotes are in an answer that means what it says; `\u2026` is anything."""
    page = PAGE.read_text("utf-8")
    row = rf"^\| {dialect}: (`.+) \| `[A-Z]+` / `([A-Z_]+)` \|$"
    rows = re.findall(row, page, re.MULTILINE)
    quoted = [(words, Reason[name]) for cell, name in rows for words in re.findall("`(.+?)`", cell)]

    assert quoted
    for words, reason in quoted:
        longest = max(words.split("\u2026"), key=len)
        meant = {means for _, body, means in answers if longest in body}
        assert {reason} == meant, words
