"""Plivo's Message resource. A refusal is free text; opted-out numbers are told of later.

Source: Plivo's pages on the Messaging API, and its Python client.
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
    find_refusal,
    list_taken,
)
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Text

WORDS: Final[Mapping[str, Word]] = {
    "not-found": Word(400, "", "destination is not a valid phone number", Reason.REFUSED),
    "no-recipient": Word(400, "", "dst parameter not present", Reason.REFUSED),
    "no-text": Word(400, "", "text parameter not present", Reason.REFUSED),
    "no-sender": Word(400, "", "src parameter not present", Reason.REFUSED),
    "unauthorized": Word(401, "", "authentication failed", Reason.UNAUTHORIZED),
    "sender": Word(400, "", "src is not a valid sender", Reason.REFUSED),
    "throttled": Word(429, "", "too many requests", Reason.THROTTLED),
    "unknown-code": Word(400, "", "words that nobody documented", Reason.REFUSED),
    "error": Word(500, "", "internal server error", Reason.SERVER_ERROR),
    "unknown-id": Word(404, "", "not found", Reason.REFUSED_REQUEST),
}

CODES: Final[Mapping[str, str]] = {
    Reason.OPTED_OUT: "200",
    Reason.INVALID_RECIPIENT: "50",
    Reason.CONTENT: "30",
    Reason.NO_CREDIT: "900",
    State.EXPIRED: "420",
}
"""``ErrorCode`` of a text that was not delivered."""

_STATUSES: Final[Mapping[State, str]] = {
    State.SUBMITTED: "queued",
    State.ENROUTE: "sent",
    State.DELIVERED: "delivered",
    State.UNDELIVERABLE: "undelivered",
    State.EXPIRED: "undelivered",
    State.RECEIVED: "delivered",
}


_API_ID: Final = "00000000-0000-0000-0000-000000000001"


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The texts of an object of JSON: one for each number between ``<``."""
    names = ("src", "powerpack_uuid", "dst", "text", "url", "method")
    fields = reading.read_fields(received.json, *names)
    drafts = [
        Draft(
            dialect="plivo",
            recipient=number,
            sender=fields["src"] or fields["powerpack_uuid"],
            body=fields["text"],
            callback_url=fields["url"] or None,
            fields={"account": parts["account"], "method": fields["method"].upper()},
        )
        for number in fields["dst"].split("<")
    ]
    return reading.find_lack(drafts) or drafts


def respond(results: Sequence[Result], received: Received) -> Answer:
    """The ids of the texts that were taken, or an error."""
    api = {"api_id": _API_ID}
    if refusal := find_refusal(results):
        return answer_json({**api, "error": refusal.word.text}, refusal.word.status)
    ids = [text.id for text in list_taken(results)]
    return answer_json({**api, "message": "message(s) queued", "message_uuid": ids}, 202)


def show(text: Text) -> dict[str, Any]:
    """A text as the Message resource has it."""
    code = find_code(text.trail[-1])
    return {
        "api_id": _API_ID,
        "message_uuid": text.id,
        "from_number": writing.drop_plus(text.sender),
        "to_number": writing.drop_plus(text.recipient),
        "message_state": _STATUSES[text.state],
        "message_direction": "inbound" if text.direction == "mo" else "outbound",
        "message_type": "sms",
        "message_time": f"{writing.write_plain_time(text.at)}+00:00",
        "units": text.segments,
        "total_rate": "0.00500",
        "total_amount": f"{0.005 * text.segments:.5f}",
        "error_code": code,
        "resource_uri": f"/v1/Account/{text.fields.get('account', '')}/Message/{text.id}/",
    }


def find_code(step: Step) -> str | None:
    """``ErrorCode`` of a state; None where nothing went wrong."""
    if step.state is State.EXPIRED:
        return CODES[State.EXPIRED]
    return CODES.get(step.detail, "10") if step.state is State.UNDELIVERABLE else None


def list_page(texts: Sequence[Text], received: Received) -> Answer:
    """The last 20 texts, the newest first."""
    found = [show(text) for text in reversed(texts)][:20]
    meta = {"limit": 20, "offset": 0, "next": None, "previous": None, "total_count": len(texts)}
    return answer_json({"api_id": _API_ID, "meta": meta, "objects": found})


def report(text: Text, step: Step, url: str) -> Callback:
    """A form, or a query, with the new status."""
    fields = {
        "MessageUUID": text.id,
        "ParentMessageUUID": text.id,
        "Status": _STATUSES[step.state],
        "ErrorCode": find_code(step),
        "From": writing.drop_plus(text.sender),
        "To": writing.drop_plus(text.recipient),
        "Units": str(text.segments),
        "PartInfo": f"1 of {text.segments}",
        "MessageTime": writing.write_plain_time(text.at),
    }
    return _call(text, url, fields)


def inbound(text: Text, url: str) -> Callback:
    """A form, or a query, with a text from a handset."""
    fields = {
        "MessageUUID": text.id,
        "From": writing.drop_plus(text.sender),
        "To": writing.drop_plus(text.recipient),
        "Text": text.body,
        "Type": "sms",
        "Units": str(text.segments),
    }
    return _call(text, url, fields)


def _call(text: Text, url: str, fields: Mapping[str, str | None]) -> Callback:
    by_query = text.fields.get("method") == "GET"
    return (writing.call_query if by_query else writing.call_form)(url, fields)


_MESSAGE: Final = "/v1/Account/(?P<account>[^/]+)/Message/"

PLIVO: Final = Dialect(
    name="plivo",
    sends=[("POST", _MESSAGE)],
    read=read,
    respond=respond,
    words=WORDS,
    login=reading.read_password,
    make_id=writing.make_guid,
    signs_by_login=True,
    questions=[
        Question(f"{_MESSAGE}(?P<id>[^/]+)/?", lambda found, _: answer_json(show(found[0]))),
        Question(_MESSAGE, list_page),
    ],
    teller=Teller(report, inbound),
)
