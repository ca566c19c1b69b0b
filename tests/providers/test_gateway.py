"""The gateway of one's own: five providers of the world by configuration, and what is refused."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_cases import (
    PAGES,
    REFERENCE,
    Answer,
    assert_foreign,
    assert_read,
    cut,
    make_request,
    outcome,
    read,
)

from sumotext_backend import ConfigurationError, Message, Outcome, Reason, SmsBackend
from sumotext_backend.config import load
from sumotext_backend.config.check import check
from sumotext_backend.models import Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import Response, prepare
from sumotext_backend.providers.gateway import GatewayBackend
from sumotext_backend.providers.gateway.proof import find_unsafe
from sumotext_backend.providers.gateway.rules import Rules, look_up
from sumotext_backend.testing import HttpBackendContract, Reply

PAGE = Path(__file__).parents[2] / "docs/reference/gateway.md"
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
EXAMPLES: dict[str, dict[str, Any]] = {
    alias: table for block in BLOCKS for alias, table in tomllib.loads(block)["providers"].items()
}
SECRET = "s3cret-v4lue"


def example(alias: str, **options: Any) -> GatewayBackend:
    """A provider of the documentation's page, its secrets filled in."""
    table = {name: value for name, value in EXAMPLES[alias].items() if name != "backend"}
    secrets = {name: SECRET for name, value in table.items() if isinstance(value, dict)}
    lists = {name: tuple(value) for name, value in table.items() if isinstance(value, list)}
    return GatewayBackend(**(table | secrets | lists | options))


LINE = {
    "base_url": "https://sms.example",
    "path": "/send",
    "fields": ("to={to}", "text={text}"),
    "answer": "line",
    "id": r"OK (?P<id>[0-9a-f-]{36})",
    "code": r"NO (?P<code>\w+)",
    "refusals": ("stop=OPTED_OUT", "money=NO_CREDIT"),
    "sample": "OK 07033084-5cfd-4812-90a4-e4d24ffb6e3d",
}


def line(**options: Any) -> GatewayBackend:
    """A small provider that answers with a line."""
    return GatewayBackend(**(LINE | options))


@pytest.mark.once
class TestLine(HttpBackendContract):
    """The contract, for an answer of one line."""

    entry_point = True

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return line(
            id=r"OK (?P<id>[0-9A-Fa-f-]{36})", login="bearer", token="s3cret-t0ken", **options
        )

    def accepted(self) -> Reply:
        """A line with an id."""
        return Reply(b"OK {message_id}\r\n")

    def refused(self) -> Mapping[Reason, Reply]:
        """Lines with a code."""
        return {Reason.OPTED_OUT: Reply(b"NO stop\n"), Reason.NO_CREDIT: Reply(b"NO money\n")}


@pytest.mark.once
class TestJson(HttpBackendContract):
    """The contract, for an answer of JSON."""

    def backend(self, **options: Any) -> SmsBackend:
        """Return a new one."""
        return example("textlocal", **options)

    def accepted(self) -> Reply:
        """Success, and an id."""
        return Reply.json({"status": "success", "messages": [{"id": "{message_id}"}]})

    def refused(self) -> Mapping[Reason, Reply]:
        """Failure, and a code."""
        codes = {Reason.INVALID_RECIPIENT: 51, Reason.NO_CREDIT: 7, Reason.SENDER: 43}
        return {
            reason: Reply.json({"errors": [{"code": code, "message": "no"}], "status": "failure"})
            for reason, code in codes.items()
        }


def failure(code: int) -> str:
    """Textlocal's refusal."""
    return json.dumps({"errors": [{"code": code, "message": "no"}], "status": "failure"})


ANSWERS: dict[str, list[Answer]] = {
    "textlocal": [
        (200, failure(3), Reason.UNAUTHORIZED),
        (200, failure(7), Reason.NO_CREDIT),
        (200, failure(32), Reason.INVALID_RECIPIENT),
        (200, failure(43), Reason.SENDER),
        (200, failure(51), Reason.INVALID_RECIPIENT),
        (200, failure(99), Reason.REFUSED),
        (200, '{"status": "success"}', Reason.BAD_ANSWER),
        (200, '{"status": "failure", "messages": [{"id": "1"}]}', Reason.BAD_ANSWER),
        (
            200,
            '{"status": "success", "messages": [{"id": "1"}], "errors": [{"code": 7}]}',
            Reason.BAD_ANSWER,
        ),
        (200, '{"status": "success", "messages": [{"id": 15015551234}]}', Reason.BAD_ANSWER),
    ],
    "smsglobal": [
        (200, "OK: 0; Sent queued message ID: 04b4 SMSGlobalMsgID: 6613115713715266\n", None),
        (200, "ERROR: 13 - Invalid Mobile Number", Reason.INVALID_RECIPIENT),
        (200, "ERROR 13 - Invalid Mobile Number\r\n", Reason.INVALID_RECIPIENT),
        (200, "ERROR: 8 - Invalid Mobile Number", Reason.INVALID_RECIPIENT),
        (200, "ERROR: 4711 - Unheard of", Reason.REFUSED),
        (200, "ERROR: No action requested", Reason.BAD_ANSWER),
    ],
    "bulksms": [
        (200, "0|IN_PROGRESS|1234567\r\n", None),
        (200, "0|SCHEDULED|1234567", None),
        (200, "22|internal fatal error|", Reason.SERVER_ERROR),
        (200, "23|invalid credentials|", Reason.UNAUTHORIZED),
        (200, "24|invalid msisdn|", Reason.REFUSED),
        (200, "25|not enough credits|", Reason.NO_CREDIT),
        (200, "27|quota|", Reason.NO_CREDIT),
        (200, "40|temporarily unavailable|", Reason.UNAVAILABLE),
        (200, "0|IN_PROGRESS|", Reason.BAD_ANSWER),
    ],
    "clickatell": [
        (200, "ERR: 001, Authentication failed", Reason.UNAUTHORIZED),
        (200, "ERR: 105, Invalid Destination Address", Reason.INVALID_RECIPIENT),
        (200, "ERR: 106, Invalid Source Address", Reason.SENDER),
        (200, "ERR: 114, Cannot route message", Reason.UNSUPPORTED),
        (200, "ERR: 301, No Credit Left", Reason.NO_CREDIT),
        (200, "ERR: 567, Unheard of", Reason.REFUSED),
        (200, "ID: 205e85d0578314037a96175249fc6a2", Reason.BAD_ANSWER),
    ],
    "gatewayapi": [
        (401, '{"code": "0x0213", "message": "no", "variables": []}', Reason.UNAUTHORIZED),
        (403, '{"code": "0x0215", "message": "no", "variables": []}', Reason.OPTED_OUT),
        (403, '{"code": "0x0216", "message": "no", "variables": []}', Reason.NO_CREDIT),
        (403, '{"code": "0x0217", "message": "no", "variables": []}', Reason.UNSUPPORTED),
        (422, '{"code": "0x0308", "message": "no", "variables": []}', Reason.REFUSED),
        (200, '{"ids": []}', Reason.BAD_ANSWER),
        (200, '{"ids": [true]}', Reason.BAD_ANSWER),
    ],
}


def test_the_page_has_five_examples() -> None:
    """Each of which has a table of answers here."""
    assert set(EXAMPLES) == set(ANSWERS)
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize(
    ("alias", "answer"),
    [(alias, each) for alias, answers in ANSWERS.items() for each in (*answers, *PAGES)],
    ids=lambda each: each if isinstance(each, str) else f"{each[0]}-{each[1][:30]}",
)
def test_an_answer_means(alias: str, answer: Answer) -> None:
    """What the table says; cut anywhere, that or a doubt."""
    assert_read(example(alias), answer)


@pytest.mark.parametrize("alias", EXAMPLES)
def test_the_sample_is_accepted_and_half_of_it_is_not(alias: str) -> None:
    """The sample of the page is an acceptance, none of its beginnings is, under any 4xx neither."""
    backend = example(alias)
    assert_read(backend, (200, backend.sample, None))
    for half in cut(backend.sample):
        said = outcome(read(backend, 400, half, ended=False))
        assert said is Outcome.UNKNOWN, half


@pytest.mark.parametrize("alias", EXAMPLES)
def test_an_acceptance_of_another_provider_is_a_doubt(alias: str) -> None:
    """Its words are not the provider's; BulkSMS' code is anybody's number."""
    assert_foreign(example(alias), *(["kannel"] if alias == "bulksms" else []))


def test_a_get_has_its_fields_in_the_query() -> None:
    """After those that stand in the path; one left empty is left out."""
    request = make_request(example("clickatell"))
    bare = make_request(example("clickatell"), Message("5015551234", "hello"))

    path, _, query = request.target.partition("?")
    assert ("GET", "/http/sendmsg") == (request.method, path)
    assert {
        "api_id": ["3304014"],
        "user": ["me"],
        "password": [SECRET],
        "to": ["15015551234"],
        "from": ["15015550000"],
        "text": ["hello"],
        "climsgid": [REFERENCE],
    } == parse_qs(query)
    assert "climsgid" not in bare.target


def test_a_post_has_its_fields_in_a_form() -> None:
    """A message's own sender goes before the option."""
    request = make_request(example("smsglobal"), Message("5015551234", "a=b&c", sender="74700"))

    assert ("POST", "/http-api.php") == (request.method, request.target)
    form = parse_qs((request.body or b"").decode())
    assert (["74700"], ["a=b&c"]) == (form["from"], form["text"])


def test_a_body_of_json_is_filled_in() -> None:
    """A text that holds a mark or a quote changes nothing of its form."""
    backend = example("gatewayapi", callback_url="https://me.example/h")
    text = '"}, {to} {password} \\'
    body = json.loads(make_request(backend, Message("5015551234", text)).body or b"")

    assert {
        "sender": "Shop",
        "message": text,
        "callback_url": "https://me.example/h",
        "recipients": [{"msisdn": "15015551234"}],
    } == body


@pytest.mark.parametrize(
    ("form", "to"),
    [("e164", "%2B15015551234"), ("digits", "15015551234"), ("national", "5015551234")],
)
def test_the_number_is_written_as_the_provider_wants(form: str, to: str) -> None:
    """In one of three forms."""
    assert f"to={to}&text=hello".encode() == make_request(line(number=form)).body


def test_a_number_that_has_no_national_form_may_go_elsewhere() -> None:
    """`UNSUPPORTED`, and so is a text that the charset cannot write."""
    abroad = prepare(line(number="national"), Message("+447700900958", "hello"))
    polish = prepare(line(charset="iso-8859-1"), Message("5015551234", "\u0142"))

    assert isinstance(abroad, Verdict)
    assert isinstance(polish, Verdict)
    assert (Reason.UNSUPPORTED, Reason.UNSUPPORTED) == (abroad.reason, polish.reason)
    assert b"text=%E9" in (make_request(line(charset="iso-8859-1"), _french()).body or b"")


def _french() -> Message:
    return Message("5015551234", "\u00e9")


def test_a_login_is_a_header() -> None:
    """Basic, bearer, or a header of the provider's own."""
    basic = make_request(line(login="basic", username="a", password="b"))
    bearer = make_request(line(login="bearer", token="t0ken"))
    own = make_request(line(headers=("X-Api-Key: {token}",), token="t0ken"))

    assert "Basic YTpi" == basic.headers["Authorization"]
    assert "Bearer t0ken" == bearer.headers["Authorization"]
    assert "t0ken" == own.headers["X-Api-Key"]


UNSAFE: list[tuple[dict[str, Any], str]] = [
    ({"sample": "NO stop"}, "not accepted by the rules"),
    ({"sample": ""}, "not accepted by the rules"),
    ({"id": ".*(?P<id>[0-9a-f]{4}).*"}, "without its id|are not the provider's|a part"),
    ({"id": "(?P<id>.*)", "sample": "12345"}, "are not the provider's"),
    ({"id": r".*\W(?P<id>\w+)"}, "accept a part of the sample"),
    ({"id": "[A-Z]*(?P<id>.*)", "sample": "OK1"}, "are not the provider's"),
    ({"id": "OK [0-9a-f-]{36}"}, r"wants a group \(\?P<id>"),
    ({"id": "OK ("}, "not a regular expression"),
    ({"code": "[0-9]+"}, r"wants a group \(\?P<code>"),
    ({"accepted": ("/a=b",)}, "is for answer = 'json'"),
    ({"answer": "json"}, "wants a JSON pointer"),
    ({"refusals": ("stop=OPTEDOUT",)}, "not a reason, did you mean|not a reason"),
    ({"refusals": ("stop",)}, "wants a list of 'NAME=VALUE'"),
    ({"fields": ("to={to}",)}, r"lacks the mark \{text\}"),
    ({"fields": ("to={to}", "text={txt}")}, "stands for nothing"),
    ({"fields": ("to={to}", "text={text}", "key={token}")}, "'token' is missing"),
    ({"fields": ("to={to}", "text={text}", "to={to}")}, "each name once"),
    ({"login": "basic", "username": "me"}, "'password' is missing"),
    ({"headers": ("X-Key",)}, "wants a list of 'NAME:VALUE'"),
    ({"json": '{"to": "{to}"}'}, "goes with neither"),
    ({"json": "{to}{text}", "fields": ()}, "in JSON"),
    ({"path": "send"}, "'path' wants"),
]


@pytest.mark.parametrize(("options", "why"), UNSAFE, ids=lambda each: str(each)[:50])
def test_what_cannot_be_safe_is_refused(options: dict[str, Any], why: str) -> None:
    """In one line, and by `config check` too."""
    with pytest.raises(ConfigurationError, match=why) as caught:
        line(**options)
    table = {name: list(v) if isinstance(v, tuple) else v for name, v in (LINE | options).items()}
    lines = check(load({"providers": {"default": {"backend": "gateway", **table}}}))

    assert "\n" not in str(caught.value)
    assert [f"[providers.default]: {caught.value}"] == lines or str(caught.value) in lines[0]


def test_the_proof_passes_what_is_safe() -> None:
    """It does not refuse everything."""
    assert find_unsafe(Rules("json", {}, "/id", None, {}), '{"id": "1"}') is None
    assert find_unsafe(Rules("line", {}, "OK (?P<id>[0-9]+)", None, {}), "OK 123") is None


@given(st.from_regex(r"OK [0-9a-f]{8,40}( [ -~]{0,20})?", fullmatch=True), st.integers(0, 80))
def test_no_beginning_of_a_line_is_accepted_under_another_id(words: str, length: int) -> None:
    """Whatever the line is: without its end it is no acceptance."""
    backend = line(id="OK (?P<id>[0-9a-f]{8,40})(?: .*)?", sample="OK 07033084")
    half = Response(status=200, body=words[:length].encode())

    assert Reason.BAD_ANSWER is backend.read(half, Msisdn("+15015551234")).reason


def test_a_pointer_finds_what_rfc_6901_says() -> None:
    """Names, places in lists, and the two escapes; nothing where there is nothing."""
    document = {"a": [{"b/c": 1, "d~e": 2}], "": 3}

    assert 1 == look_up(document, "/a/0/b~1c")
    assert 2 == look_up(document, "/a/0/d~0e")
    assert 3 == look_up(document, "/")
    assert look_up(document, "/a/1/x") is None
    assert look_up(document, "/a/x") is None


def test_a_repr_shows_no_secret() -> None:
    """Nor the fields, which may hold one."""
    shown = repr(line(login="bearer", token=SECRET, headers=(f"X-Key: {SECRET}",)))

    assert SECRET not in shown
