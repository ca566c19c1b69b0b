"""MessageBird's classic REST API. Opted-out numbers are accepted, and told of later.

Source: MessageBird's Python and Node clients, and its OpenAPI description.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sumotext_backend.callbacks import Callback
from sumotext_backend.models import Reason
from sumotext_backend.simulator.dialects import reading, writing
from sumotext_backend.simulator.dialects.dialect import (
    Dialect,
    Parts,
    Question,
    Result,
    Teller,
    Word,
    find_batch,
    find_refusal,
    list_taken,
)
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Text

WORDS: Final[Mapping[str, Word]] = {
    "not-found": Word(422, 10, "recipients", Reason.INVALID_RECIPIENT),
    "no-recipient": Word(422, 9, "recipients", Reason.INVALID_RECIPIENT),
    "no-text": Word(422, 9, "body", Reason.INVALID_MESSAGE),
    "no-sender": Word(422, 9, "originator", Reason.SENDER),
    "sender": Word(422, 10, "originator", Reason.SENDER),
    "unauthorized": Word(401, 2, "access_key", Reason.UNAUTHORIZED),
    "no-credit": Word(422, 25, "", Reason.NO_CREDIT),
    "unknown-code": Word(422, 999, "", Reason.REFUSED),
    "error": Word(500, 99, "", Reason.SERVER_ERROR),
    "unknown-id": Word(404, 20, "", Reason.REFUSED),
}
"""Code of an error, and the parameter that it is about."""

CODES: Final[Mapping[str, str]] = {Reason.OPTED_OUT: "103", Reason.INVALID_RECIPIENT: "1"}
"""``statusErrorCode`` of a text that was not delivered."""

_STATUSES: Final[Mapping[State, str]] = {
    State.SUBMITTED: "sent",
    State.ENROUTE: "sent",
    State.DELIVERED: "delivered",
    State.UNDELIVERABLE: "delivery_failed",
    State.EXPIRED: "expired",
}


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The texts of an object of JSON or of a form, one for each number."""
    given = {**reading.find_object(received.json), **dict(received.form)}
    to = given.get("recipients")
    fields = reading.read_fields(given, "originator", "body", "reference", "reportUrl")
    drafts = [
        Draft(
            dialect="messagebird",
            recipient=number,
            sender=fields["originator"],
            body=fields["body"],
            reference=fields["reference"] or None,
            callback_url=fields["reportUrl"] or None,
        )
        for number in reading.find_texts(to) or reading.find_text(to).split(",")
    ]
    return reading.find_lack(drafts) or drafts


def respond(results: Sequence[Result], received: Received) -> Answer:
    """The message that was taken, or errors."""
    if refusal := find_refusal(results):
        word = refusal.word
        said = f"{word.text} is not valid" if word.text else "Request not allowed"
        error = {"code": word.code, "description": said, "parameter": word.text or None}
        return answer_json({"errors": [error]}, word.status)
    return answer_json(_show(list_taken(results)), 201)


def _show(texts: Sequence[Text]) -> dict[str, Any]:
    text = texts[0]
    counts = {"totalCount": len(texts), "totalSentCount": len(texts)}
    done = sum(each.state is State.DELIVERED for each in texts)
    failed = sum(each.state is State.UNDELIVERABLE for each in texts)
    return {
        "id": find_batch(text),
        "href": f"https://rest.messagebird.com/messages/{find_batch(text)}",
        "direction": text.direction,
        "type": "sms",
        "originator": text.sender,
        "body": text.body,
        "reference": text.reference,
        "validity": None,
        "gateway": 10,
        "typeDetails": {},
        "datacoding": "unicode" if text.encoding == "UCS-2" else "plain",
        "mclass": 1,
        "scheduledDatetime": None,
        "createdDatetime": _write_time(text.trail[0]),
        "recipients": {
            **counts,
            "totalDeliveredCount": done,
            "totalDeliveryFailedCount": failed,
            "items": [*map(_show_recipient, texts)],
        },
    }


def _show_recipient(text: Text) -> dict[str, Any]:
    digits = writing.drop_plus(text.recipient)
    return {
        "recipient": int(digits) if digits.isdecimal() else digits,
        "status": _STATUSES.get(text.state, "delivered"),
        "statusDatetime": _write_time(text.trail[-1]),
        "messagePartCount": text.segments,
    }


def _write_time(step: Step) -> str:
    return f"{writing.write_time(step.at)[:19]}+00:00"


def list_page(texts: Sequence[Text], received: Received) -> Answer:
    """The last 20 messages, the newest first."""
    found = [_show([text]) for text in reversed(texts) if text.direction == "mt"]
    counts = {"offset": 0, "limit": 20, "count": min(len(found), 20), "totalCount": len(found)}
    return answer_json({**counts, "items": found[:20]})


def report(text: Text, step: Step, url: str) -> Callback | None:
    """A GET with the new status, for a text that has a reference."""
    if not text.reference or step.state is State.SUBMITTED:
        return None
    failed = step.state is State.UNDELIVERABLE
    return writing.call_query(
        url,
        {
            "id": find_batch(text),
            "reference": text.reference,
            "recipient": writing.drop_plus(text.recipient),
            "status": _STATUSES[step.state],
            "statusDatetime": _write_time(step),
            "statusReason": "carrier rejected" if failed else None,
            "statusErrorCode": CODES.get(step.detail, "6") if failed else None,
            "messageLength": str(len(text.body)),
            "messagePartCount": str(text.segments),
            "datacoding": "unicode" if text.encoding == "UCS-2" else "plain",
        },
    )


def inbound(text: Text, url: str) -> Callback:
    """A form with a text from a handset."""
    return writing.call_form(
        url,
        {
            "id": find_batch(text),
            "originator": writing.drop_plus(text.sender),
            "recipient": writing.drop_plus(text.recipient),
            "body": text.body,
            "createdDatetime": f"{writing.write_time(text.trail[-1].at)[:19]}+00:00",
        },
    )


MESSAGEBIRD: Final = Dialect(
    name="messagebird",
    sends=[("POST", "/messages")],
    read=read,
    respond=respond,
    words=WORDS,
    login=reading.read_token("AccessKey"),
    make_id=lambda digits: digits,
    shares_id=True,
    questions=[
        Question("/messages/(?P<id>[^/]+)", lambda found, _: answer_json(_show(found))),
        Question("/messages", list_page),
    ],
    teller=Teller(report, inbound),
)
