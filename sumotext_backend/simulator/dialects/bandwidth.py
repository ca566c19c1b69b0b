"""Bandwidth's Messaging API, version 2. All but the form of a request is told later.

Source: Bandwidth's OpenAPI description, and its pages on errors and on webhooks.
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

_INVALID: Final = "request-validation"

WORDS: Final[Mapping[str, Word]] = {
    "not-found": Word(400, _INVALID, "to[0]", Reason.INVALID_RECIPIENT),
    "no-recipient": Word(400, _INVALID, "to", Reason.INVALID_RECIPIENT),
    "no-text": Word(400, _INVALID, "text", Reason.INVALID_MESSAGE),
    "no-sender": Word(400, _INVALID, "from", Reason.SENDER),
    "no-application": Word(400, _INVALID, "applicationId", Reason.UNAUTHORIZED),
    "sender": Word(400, _INVALID, "from", Reason.SENDER),
    "unauthorized": Word(401, "unauthorized", "", Reason.UNAUTHORIZED),
    "throttled": Word(429, "max-message-queue-size-exceeded", "", Reason.THROTTLED),
    "unknown-code": Word(400, "something-unheard-of", "", Reason.REFUSED),
    "error": Word(500, "internal-server-error", "", Reason.SERVER_ERROR),
}
"""``type`` of an error, and the field that is wrong."""

CODES: Final[Mapping[str, int]] = {
    Reason.OPTED_OUT: 4775,
    Reason.INVALID_RECIPIENT: 4720,
    Reason.CONTENT: 4770,
    State.EXPIRED: 4360,
}
"""``errorCode`` of a text that was not delivered."""

_STATUSES: Final[Mapping[State, str]] = {
    State.SUBMITTED: "SENDING",
    State.ENROUTE: "SENT",
    State.DELIVERED: "DELIVERED",
    State.UNDELIVERABLE: "FAILED",
    State.EXPIRED: "FAILED",
    State.RECEIVED: "RECEIVED",
}


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The texts of an object of JSON, one for each number."""
    given = reading.find_object(received.json)
    fields = reading.read_fields(given, "to", "applicationId", "from", "text", "tag")
    drafts = [
        Draft(
            dialect="bandwidth",
            recipient=number,
            sender=fields["from"],
            body=fields["text"],
            reference=fields["tag"] or None,
            fields={"account": parts["account"], "application": fields["applicationId"]},
        )
        for number in reading.find_texts(given.get("to")) or [fields["to"]]
    ]
    application = {"no-application": fields["applicationId"]}
    return reading.find_lack(drafts) or reading.find_missing(application) or drafts


def respond(results: Sequence[Result], received: Received) -> Answer:
    """The text that was taken, or an error."""
    if refusal := find_refusal(results):
        word = refusal.word
        error: dict[str, Any] = {"type": word.code, "description": "Your request was not accepted"}
        if word.text:
            wrong = {"fieldName": word.text, "description": f"'{word.text}' is not valid"}
            error["fieldErrors"] = [wrong]
        return answer_json(error, word.status)
    taken = list_taken(results)
    shown = _show(taken[0]) | {"to": [text.recipient for text in taken], "priority": "default"}
    return answer_json(shown, 202)


def _show(text: Text) -> dict[str, Any]:
    incoming = text.direction == "mo"
    return {
        "id": find_batch(text),
        "owner": text.recipient if incoming else text.sender,
        "applicationId": text.fields.get("application", ""),
        "time": writing.write_time(text.at),
        "segmentCount": text.segments,
        "direction": "in" if incoming else "out",
        "to": [text.recipient],
        "from": text.sender,
        "media": [],
        "text": text.body,
        "tag": text.reference or "",
    }


def find_code(step: Step) -> int | None:
    """``errorCode`` of a state; None where nothing went wrong."""
    if step.state is State.EXPIRED:
        return CODES[State.EXPIRED]
    return CODES.get(step.detail, 4750) if step.state is State.UNDELIVERABLE else None


def list_page(texts: Sequence[Text], received: Received) -> Answer:
    """The texts that match, the newest first."""
    fields = {"messageId": "id", "sourceTn": "sender", "destinationTn": "recipient"}
    selected = reading.select(texts, received.parameters, fields)
    found = [_show_item(text) for text in selected]
    return answer_json({"totalCount": len(found), "pageInfo": {}, "messages": found[:100]})


def _show_item(text: Text) -> dict[str, Any]:
    incoming = text.direction == "mo"
    return {
        "messageId": find_batch(text),
        "accountId": text.fields.get("account", ""),
        "sourceTn": text.sender,
        "destinationTn": text.recipient,
        "messageStatus": _STATUSES[text.state],
        "messageDirection": "INBOUND" if incoming else "OUTBOUND",
        "messageType": "sms",
        "segmentCount": text.segments,
        "errorCode": find_code(text.trail[-1]) or 0,
        "receiveTime": writing.write_time(text.at),
        "carrierName": None,
    }


def report(text: Text, step: Step, url: str) -> Callback | None:
    """A list of one event, with the new status; not of a text that is still on its way."""
    if step.state in (State.SUBMITTED, State.ENROUTE):
        return None
    code = find_code(step)
    kind = "failed" if code else _STATUSES[step.state].lower()
    said = {"errorCode": code, "description": step.detail} if code else {"description": "ok"}
    event = {"type": f"message-{kind}", "time": writing.write_time(step.at), "to": text.recipient}
    return _call(url, {**event, **said, "message": _show(text) | {"text": ""}})


def inbound(text: Text, url: str) -> Callback:
    """A list of one event, with a text from a handset."""
    event = {"type": "message-received", "time": writing.write_time(text.trail[-1].at)}
    told = {"description": "Incoming message received", "to": text.recipient}
    return _call(url, {**event, **told, "message": _show(text)})


def _call(url: str, event: dict[str, Any]) -> Callback:
    return writing.call_json(url, [event])


_MESSAGES: Final = "/api/v2/users/(?P<account>[^/]+)/messages"

BANDWIDTH: Final = Dialect(
    name="bandwidth",
    sends=[("POST", _MESSAGES)],
    read=read,
    respond=respond,
    words=WORDS,
    login=reading.read_password,
    make_id=lambda digits: digits[:29],
    shares_id=True,
    questions=[Question(_MESSAGES, list_page)],
    teller=Teller(report, inbound),
)
