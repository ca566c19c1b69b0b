"""Each provider that can be asked: what goes out, and what its answers prove."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import Reason
from sumotext_backend.events import DeliveryReport, DeliveryStatus
from sumotext_backend.providers import (
    Answerer,
    BandwidthBackend,
    ClickSendBackend,
    ElksBackend,
    Found,
    HttpBackend,
    InfobipBackend,
    MessageBirdBackend,
    NoAnswer,
    PlivoBackend,
    Question,
    Reporter,
    Response,
    SinchBackend,
    SumotextBackend,
    TelnyxBackend,
    TwilioBackend,
    ask,
    fetch_report,
    parse_number,
)
from sumotext_backend.testing import FAULTS, HostileGateway, Reply, fault

GUID = "40385f64-5717-4562-b3fc-2c963f66afa6"
SID = "SM0123456789abcdef0123456789abcdef"
BATCH = "01FC66621XXXXX119Z8PMV1QPQ"
NUMBER = parse_number("+15015551234")
REFERENCE = "5b0c9f2e2f3a4d0e9a641f2f8c0f7d11"
TEXT = "Your table & chair"
SENT_AT = dt.datetime(2026, 11, 29, 19, 30, tzinfo=dt.UTC)
QUESTION = Question(reference=REFERENCE, number=NUMBER, sent_at=SENT_AT, text=TEXT)

Answer = dict[str, Any]


def twilio(**fields: object) -> Answer:
    """A record of Twilio's."""
    return {
        "sid": SID,
        "status": "delivered",
        "error_code": None,
        "direction": "outbound-api",
        "to": "+15015551234",
        "body": TEXT,
        "date_created": "Sun, 29 Nov 2026 19:30:02 +0000",
        "date_updated": "Sun, 29 Nov 2026 19:30:09 +0000",
    } | fields


def elks(**fields: object) -> Answer:
    """A record of 46elks'."""
    return {
        "id": "s70df59406a1b4643b96f3f91e0bfb7b0",
        "status": "delivered",
        "direction": "outgoing",
        "to": "+15015551234",
        "message": TEXT,
        "created": "2026-11-29T19:30:02.307000",
        "delivered": "2026-11-29T19:30:10Z",
    } | fields


def infobip(message_id: str = GUID, group: int = 3, code: int = 5, error: int = 0) -> Answer:
    """A log of Infobip's."""
    log = {
        "messageId": message_id,
        "to": "15015551234",
        "status": {"groupId": group, "id": code, "name": "DELIVERED_TO_HANDSET"},
        "error": {"id": error},
        "doneAt": "2026-11-29T19:30:09.000+0000",
    }
    return {"results": [log]}


def sinch(status: str = "Delivered", code: int = 0) -> Answer:
    """A summary of Sinch's."""
    summary = {"code": code, "status": status, "count": 1}
    return {"type": "delivery_report_sms", "batch_id": BATCH, "statuses": [summary]}


@attrs.frozen
class Case:
    """One provider: an id, where its report is, and answers with the status that they tell."""

    backend: HttpBackend
    provider_id: str
    target: str
    answers: list[tuple[Answer, DeliveryStatus, Reason | None]]

    def __str__(self) -> str:
        """Its name, for a test's."""
        return self.backend.name


CASES = [
    Case(
        TwilioBackend(account_sid="AC1", auth_token="t", sender="+15015550000"),
        SID,
        f"/2010-04-01/Accounts/AC1/Messages/{SID}.json",
        [
            (twilio(), DeliveryStatus.DELIVERED, None),
            (twilio(status="queued"), DeliveryStatus.SUBMITTED, None),
            (twilio(status="undelivered", error_code=30007), *("UNDELIVERABLE", Reason.CONTENT)),
            (twilio(status="failed", error_code=21610), *("UNDELIVERABLE", Reason.OPTED_OUT)),
        ],
    ),
    Case(
        InfobipBackend(api_key="k", sender="Shop", base_url="https://x.api.infobip.com"),
        GUID,
        f"/sms/3/logs?messageId={GUID}",
        [
            (infobip(), DeliveryStatus.DELIVERED, None),
            (infobip(group=1, code=26), DeliveryStatus.SUBMITTED, None),
            (infobip(group=2, code=4, error=603), DeliveryStatus.UNDELIVERABLE, Reason.OPTED_OUT),
        ],
    ),
    Case(
        SinchBackend(service_plan_id="plan", api_token="t"),
        BATCH,
        f"/xms/v1/plan/batches/{BATCH}/delivery_report?type=summary",
        [
            (sinch(), DeliveryStatus.DELIVERED, None),
            (sinch("Queued", 400), DeliveryStatus.SUBMITTED, None),
            (sinch("Expired", 406), DeliveryStatus.EXPIRED, None),
        ],
    ),
    Case(
        ClickSendBackend(username="u", api_key="k"),
        GUID,
        f"/v3/sms/receipts/{GUID}",
        [
            (
                {"data": {"message_id": GUID, "status_code": "201", "status_text": "Delivered"}},
                DeliveryStatus.DELIVERED,
                None,
            ),
            (
                {"data": {"message_id": GUID, "status_code": "301", "timestamp": "1796038202"}},
                DeliveryStatus.UNDELIVERABLE,
                None,
            ),
        ],
    ),
    Case(
        TelnyxBackend(api_key="KEY", sender="+15015550000"),
        GUID,
        f"/v2/messages/{GUID}",
        [
            (
                {"data": {"id": GUID, "to": [{"status": "delivered"}], "errors": []}},
                DeliveryStatus.DELIVERED,
                None,
            ),
            (
                {
                    "data": {
                        "id": GUID,
                        "to": [{"status": "sending_failed"}],
                        "errors": [{"code": "40300", "title": "Blocked due to STOP message"}],
                    }
                },
                DeliveryStatus.UNDELIVERABLE,
                Reason.OPTED_OUT,
            ),
        ],
    ),
    Case(
        PlivoBackend(auth_id="MA1", auth_token="t", sender="+15015550000"),
        GUID,
        f"/v1/Account/MA1/Message/{GUID}/",
        [
            (
                {"message_uuid": GUID, "message_state": "delivered", "error_code": "000"},
                DeliveryStatus.DELIVERED,
                None,
            ),
            (
                {"message_uuid": GUID, "message_state": "failed", "error_code": "200"},
                DeliveryStatus.UNDELIVERABLE,
                Reason.OPTED_OUT,
            ),
        ],
    ),
    Case(
        MessageBirdBackend(access_key="k", sender="Shop"),
        "e8077d803532c0b5937c639b60216938",
        "/messages/e8077d803532c0b5937c639b60216938",
        [
            (
                {
                    "id": "e8077d803532c0b5937c639b60216938",
                    "recipients": {
                        "items": [
                            {
                                "recipient": 15015551234,
                                "status": "delivery_failed",
                                "statusErrorCode": 103,
                                "statusDatetime": "2026-11-29T19:30:09+00:00",
                            }
                        ]
                    },
                },
                DeliveryStatus.UNDELIVERABLE,
                Reason.OPTED_OUT,
            ),
        ],
    ),
    Case(
        BandwidthBackend(
            account_id="12345",
            username="u",
            password="p",
            application_id="app",
            sender="+15015550000",
        ),
        "1589228074636lm4k2je7j7jklbn2",
        "/api/v2/users/12345/messages?messageId=1589228074636lm4k2je7j7jklbn2",
        [
            (
                {
                    "totalCount": 1,
                    "messages": [
                        {
                            "messageId": "1589228074636lm4k2je7j7jklbn2",
                            "messageStatus": status,
                            "errorCode": code,
                        }
                    ],
                },
                expected,
                reason,
            )
            for status, code, expected, reason in [
                ("DELIVERED", 0, DeliveryStatus.DELIVERED, None),
                ("SENDING", 0, DeliveryStatus.SUBMITTED, None),
                ("FAILED", 4360, DeliveryStatus.EXPIRED, None),
                ("FAILED", 4775, DeliveryStatus.UNDELIVERABLE, Reason.OPTED_OUT),
            ]
        ],
    ),
    Case(
        ElksBackend(username="u", password="p", sender="Shop"),
        "s70df59406a1b4643b96f3f91e0bfb7b0",
        "/a1/sms/s70df59406a1b4643b96f3f91e0bfb7b0",
        [
            (elks(), DeliveryStatus.DELIVERED, None),
            (elks(status="created"), DeliveryStatus.SUBMITTED, None),
        ],
    ),
]
ANSWERS = [(case, *answer) for case in CASES for answer in case.answers]
ASKERS = [case for case in CASES if isinstance(case.backend, Answerer)]

LISTS: dict[str, tuple[str, Answer, Answer]] = {
    "twilio": (SID, {"messages": [twilio()]}, {"messages": []}),
    "46elks": ("s70df59406a1b4643b96f3f91e0bfb7b0", {"data": [elks()]}, {"data": []}),
    "infobip": (REFERENCE, infobip(REFERENCE), {"results": []}),
    "sinch": (
        BATCH,
        {"count": 1, "batches": [{"id": BATCH, "client_reference": REFERENCE}]},
        {"count": 0, "page": 0, "batches": []},
    ),
    "clicksend": (
        GUID,
        {"data": {"data": [{"message_id": GUID, "custom_string": REFERENCE, "body": TEXT}]}},
        {"data": {"data": []}},
    ),
}
"""An id, a list with the record of the question, and one without any."""


def respond(answer: object, *, ended: bool = True) -> Response:
    """An answer as it comes over the wire."""
    return Response(status=200, body=json.dumps(answer).encode(), ended=ended)


def read_report(case: Case, answer: object) -> DeliveryReport | NoAnswer:
    """What an answer says of the case's id."""
    assert isinstance(case.backend, Reporter)
    return case.backend.read_report(respond(answer), case.provider_id)


def read_ask(case: Case, answer: object, question: Question = QUESTION) -> object:
    """What an answer says of a question."""
    assert isinstance(case.backend, Answerer)
    return case.backend.read_ask(respond(answer), question)


def case_of(name: str) -> Case:
    """The case of one provider."""
    return next(case for case in CASES if case.backend.name == name)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_report_is_asked_for_by_a_get_with_the_login_of_a_send(case: Case) -> None:
    """No number is in it; the documented address is."""
    assert isinstance(case.backend, Reporter)
    request = case.backend.report_request(case.provider_id, NUMBER)

    assert request.method == "GET"
    assert request.target == case.target
    assert "Authorization" in request.headers
    assert "5015551234" not in request.target


@pytest.mark.parametrize(("case", "answer", "status", "reason"), ANSWERS)
def test_an_answer_tells_the_status(
    case: Case, answer: Answer, status: DeliveryStatus, reason: Reason | None
) -> None:
    """In the one vocabulary, with the reason where the code is known."""
    said = read_report(case, answer)

    assert isinstance(said, DeliveryReport)
    assert (said.status, said.reason) == (status, reason)
    assert said.provider_id == case.provider_id


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_answer_about_another_text_is_none(case: Case) -> None:
    """And so is whatever else a server may say."""
    assert isinstance(case.backend, Reporter)
    answer, _, _ = case.answers[0]

    assert isinstance(case.backend.read_report(respond(answer), "another-id"), NoAnswer)
    for odd in ({}, [], None, "x", {"data": 1}, {"messages": [1]}, {"results": {}}, {"code": 5}):
        assert isinstance(read_report(case, odd), NoAnswer)


@pytest.mark.parametrize("case", CASES, ids=str)
@given(length=st.integers(0, 400))
def test_half_an_answer_is_none(case: Case, length: int) -> None:
    """Wherever it was cut; the whole of it is one."""
    assert isinstance(case.backend, Reporter)
    whole = json.dumps(case.answers[0][0]).encode()
    half = Response(status=200, body=whole[: min(length, len(whole) - 1)])

    assert isinstance(case.backend.read_report(half, case.provider_id), NoAnswer)


@pytest.mark.parametrize("case", ASKERS, ids=str)
def test_a_record_proves_that_the_text_was_accepted(case: Case) -> None:
    """Its id comes with it; no record proves nothing, which is neither a yes nor a no."""
    provider_id, found, empty = LISTS[case.backend.name]
    said = read_ask(case, found)

    assert isinstance(said, Found)
    assert said.provider_id == provider_id
    assert read_ask(case, empty) is None


@pytest.mark.parametrize("case", ASKERS, ids=str)
def test_a_record_of_another_reference_or_number_is_none_of_ours(case: Case) -> None:
    """Another number, other words, and another reference."""
    _, found, _ = LISTS[case.backend.name]
    other = attrs.evolve(
        QUESTION, reference="another", text="other", number=parse_number("+15015559999")
    )

    assert read_ask(case, found, other) is None


@pytest.mark.parametrize("case", ASKERS, ids=str)
def test_what_is_no_list_is_no_answer(case: Case) -> None:
    """Where a provider says something else, nobody learned anything."""
    for odd in ([], None, "x", {"messages": [1], "data": [1], "results": 1, "batches": 1}):
        assert isinstance(read_ask(case, odd), NoAnswer)


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("infobip", f"/sms/3/logs?messageId={REFERENCE}"),
        ("sinch", f"/xms/v1/plan/batches?client_reference={REFERENCE}&page_size=2"),
    ],
)
def test_a_reference_is_asked_for_by_name(name: str, target: str) -> None:
    """Infobip takes ours for its id, and Sinch has a field for it; no number is in it."""
    backend = case_of(name).backend
    assert isinstance(backend, Answerer)
    request = backend.ask_request(QUESTION)

    assert request is not None
    assert request.target == target


def test_twilio_is_asked_by_number_and_time() -> None:
    """The name of the parameter has the comparison in it, as in Twilio's own client."""
    backend = case_of("twilio").backend
    assert isinstance(backend, Answerer)
    request = backend.ask_request(attrs.evolve(QUESTION, sender="+15015550000"))

    assert request is not None
    assert dict(parse_qsl(urlsplit(request.target).query)) == {
        "To": "+15015551234",
        "From": "+15015550000",
        "DateSent>": "2026-11-29T19:29:00Z",
        "PageSize": "5",
    }


@pytest.mark.parametrize("name", ["twilio", "46elks"])
def test_without_its_words_a_text_cannot_be_told_from_others(name: str) -> None:
    """Where the provider keeps no reference, nothing is asked."""
    backend = case_of(name).backend
    wordless = attrs.evolve(QUESTION, text=None)
    assert isinstance(backend, Answerer)

    assert backend.ask_request(wordless) is None
    assert isinstance(ask(backend, wordless), NoAnswer)


@pytest.mark.parametrize(
    "fields",
    [
        {"date_created": "Sun, 29 Nov 2026 19:20:00 +0000"},
        {"date_created": "Sun, 29 Nov 2026 19:40:00 +0000"},
        {"date_created": "soon"},
        {"date_created": "Sun, 29 Nov 2026 19:30:02 -0000"},
        {"body": "Your table"},
        {"direction": "inbound"},
        {"to": "+15015559999"},
    ],
    ids=str,
)
def test_a_text_that_is_not_quite_alike_is_not_ours(fields: Answer) -> None:
    """Another time, other words, another direction or number."""
    assert read_ask(case_of("twilio"), {"messages": [twilio(**fields)]}) is None


def test_a_text_that_is_known_as_another_is_not_ours() -> None:
    """The same words went to the same person twice; of two unknown ones nobody can tell which."""
    twin = twilio(sid=SID.replace("0", "9"))
    both = {"messages": [twilio(), twin]}
    known = attrs.evolve(QUESTION, known_ids=frozenset({SID}))
    said = read_ask(case_of("twilio"), both, known)

    assert isinstance(said, Found)
    assert said.provider_id == twin["sid"]
    assert isinstance(read_ask(case_of("twilio"), both), NoAnswer)


@pytest.mark.once
@pytest.mark.parametrize("name", [name for name in FAULTS if not fault(name).tls_only])
def test_whatever_the_network_does_a_question_has_no_false_answer(name: str) -> None:
    """One request, no report and no record made up, and no end but by the deadline."""
    backend = attrs.evolve(case_of("infobip").backend, timeout=0.6, connect_timeout=0.3)
    with HostileGateway(name, accepts=Reply.json({"results": []})) as gateway:
        asked = attrs.evolve(backend, base_url=gateway.url)
        said = fetch_report(asked, GUID)
        asked.close()

        assert isinstance(said, NoAnswer)
        assert gateway.gets <= 1


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("401 Unauthorized", Reason.UNAUTHORIZED),
        ("404 Not Found", Reason.REFUSED_REQUEST),
        ("429 Too Many Requests", Reason.THROTTLED),
        ("500 Internal Server Error", Reason.SERVER_ERROR),
    ],
)
def test_an_error_is_no_answer_and_says_why(status: str, reason: Reason) -> None:
    """By its status; a report in its body counts for nothing."""
    with HostileGateway(Reply.json(infobip(), status, b"Retry-After: 7")) as gateway:
        said = fetch_report(attrs.evolve(case_of("infobip").backend, base_url=gateway.url), GUID)

        assert isinstance(said, NoAnswer)
        assert said.reason is reason
        assert said.retry_after == 7.0


def test_over_the_wire_a_report_and_a_record_come_whole() -> None:
    """One GET each."""
    with HostileGateway(Reply.json(infobip()), Reply.json(infobip(REFERENCE))) as gateway:
        backend = attrs.evolve(case_of("infobip").backend, base_url=gateway.url)
        report, found = fetch_report(backend, GUID), ask(backend, QUESTION)

        assert isinstance(report, DeliveryReport)
        assert isinstance(found, Found)
        assert found.report is not None
        assert gateway.gets == 2


def test_a_provider_that_cannot_be_asked_says_so() -> None:
    """SUMOTEXT has reports and no references; a local backend has neither."""
    sumotext = SumotextBackend(shortcode="74700", keyword="SUMO")

    assert isinstance(sumotext, Reporter)
    assert not isinstance(sumotext, Answerer)
    assert isinstance(ask(sumotext, QUESTION), NoAnswer)


def test_a_question_shows_neither_number_nor_text() -> None:
    """It may stand in a log."""
    shown = repr(attrs.evolve(QUESTION, sender="+15015550000"))

    assert "501555" not in shown
    assert TEXT not in shown
