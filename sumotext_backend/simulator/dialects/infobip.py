"""Infobip's SMS API, version 3. A refusal of a text comes under HTTP 200, in its status.

Source: Infobip's Python client, its OpenAPI description and its list of status and error codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sumotext_backend.callbacks import Callback
from sumotext_backend.models import Reason
from sumotext_backend.simulator.dialects import reading, writing
from sumotext_backend.simulator.dialects.dialect import (
    Dialect,
    Parts,
    Question,
    Refusal,
    Result,
    Teller,
    Word,
)
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Text

WORDS: Final[Mapping[str, Word]] = {
    "opted-out": Word(200, 14, "REJECTED_DESTINATION", Reason.OPTED_OUT),
    "not-found": Word(200, 52, "REJECTED_DESTINATION", Reason.INVALID_RECIPIENT),
    "no-credit": Word(200, 12, "REJECTED_NOT_ENOUGH_CREDITS", Reason.NO_CREDIT),
    "sender": Word(200, 13, "REJECTED_SENDER", Reason.SENDER),
    "content": Word(200, 87, "SIGNALS_BLOCKED", Reason.REFUSED),
    "duplicate": Word(200, 23, "REJECTED_DUPLICATE_MESSAGE_ID", Reason.BAD_ANSWER),
    "unknown-code": Word(200, 999, "REJECTED_AS_NOBODY_DOCUMENTED", Reason.REFUSED),
    "no-recipient": Word(400, "E400", "messages[0].destinations[0].to", Reason.INVALID_RECIPIENT),
    "no-text": Word(400, "E400", "messages[0].content.text", Reason.INVALID_MESSAGE),
    "no-sender": Word(400, "E400", "messages[0].sender", Reason.SENDER),
    "unreadable": Word(400, "E400", "messages", Reason.REFUSED),
    "unauthorized": Word(401, "E401", "", Reason.UNAUTHORIZED),
    "throttled": Word(429, "E429", "", Reason.THROTTLED),
    "error": Word(500, "E500", "", Reason.SERVER_ERROR),
}
"""Id and name of a status in the group 5; under another HTTP status an error and its property."""

CODES: Final[Mapping[str, tuple[int, str]]] = {
    Reason.INVALID_RECIPIENT: (351, "EC_DEST_ADDRESS_INVALID"),
    Reason.OPTED_OUT: (603, "EC_USER_STOP"),
}
"""Id and name of the error of a text that was not delivered."""
_NO_ERROR: Final = (0, "NO_ERROR")
_FAILED: Final = (27, "EC_ABSENT_SUBSCRIBER")

_STATUSES: Final[Mapping[State, tuple[int, str, int, str]]] = {
    State.SUBMITTED: (1, "PENDING", 26, "PENDING_ACCEPTED"),
    State.ENROUTE: (1, "PENDING", 7, "PENDING_ENROUTE"),
    State.DELIVERED: (3, "DELIVERED", 5, "DELIVERED_TO_HANDSET"),
    State.UNDELIVERABLE: (2, "UNDELIVERABLE", 9, "UNDELIVERABLE_NOT_DELIVERED"),
    State.EXPIRED: (4, "EXPIRED", 15, "EXPIRED_EXPIRED"),
    State.RECEIVED: (3, "DELIVERED", 5, "DELIVERED_TO_HANDSET"),
}


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The texts of an object of JSON: one for each destination of each message."""
    messages = reading.find_objects(reading.find_object(received.json).get("messages"))
    drafts = [draft for message in messages for draft in _read_message(message)]
    return reading.find_lack(drafts) or drafts or "unreadable"


def _read_message(message: dict[str, Any]) -> Iterator[Draft]:
    hooks = reading.find_object(message.get("webhooks"))
    sender = reading.find_text(message.get("sender")) or reading.find_text(message.get("from"))
    # A message without a destination lacks a recipient.
    for each in reading.find_objects(message.get("destinations")) or [{}]:
        yield Draft(
            dialect="infobip",
            recipient=reading.find_text(each.get("to")),
            sender=sender,
            body=reading.read_field(message.get("content"), "text"),
            reference=reading.read_field(hooks, "callbackData") or None,
            callback_url=reading.read_field(hooks.get("delivery"), "url") or None,
            fields={"messageId": reading.find_text(each.get("messageId"))},
        )


def read_secret(received: Received) -> str | None:
    """The API key, or a Basic login's password."""
    return reading.read_token("App")(received) or reading.read_password(received)


def respond(results: Sequence[Result], received: Received) -> Answer:
    """What became of each text, or the error of the request."""
    for each in results:
        if isinstance(each, Refusal) and each.word.status != 200:
            return _answer_error(each.word)
    bulk = {"bulkId": writing.make_guid("0" * 31 + "1")} if len(results) > 1 else {}
    return answer_json({**bulk, "messages": [*map(_show_result, results)]})


def _show_result(result: Result) -> dict[str, Any]:
    if isinstance(result, Text):
        status, details = _show_status(result.trail[-1]), {"messageCount": result.segments}
        to = {"destination": writing.drop_plus(result.recipient), "details": details}
        return {"messageId": result.id, "status": status, **to}
    name, draft = result.word.text, result.draft
    group = {"groupId": 5, "groupName": "REJECTED", "id": result.word.code, "name": name}
    chosen = draft.fields["messageId"] if draft else ""
    own = {"messageId": chosen} if chosen else {}
    to = {"destination": writing.drop_plus(draft.recipient)} if draft else {}
    return {**own, "status": {**group, "description": name}, **to}


def _answer_error(word: Word) -> Answer:
    wrong = [{"property": word.text, "violation": "is not valid"}] if word.text else []
    more = {"description": f"HTTP {word.status}", "action": "Check the request", "resources": []}
    return answer_json({"errorCode": word.code, **more, "violations": wrong}, word.status)


def _show_status(step: Step) -> dict[str, Any]:
    group, group_name, code, name = _STATUSES[step.state]
    shown = {"groupId": group, "groupName": group_name, "id": code, "name": name}
    return {**shown, "description": name.replace("_", " ").capitalize()}


def show(text: Text, step: Step) -> dict[str, Any]:
    """A text as reports have it."""
    failed = step.state is State.UNDELIVERABLE
    code, name = CODES.get(step.detail, _FAILED) if failed else _NO_ERROR
    group = {"groupId": 1, "groupName": "HANDSET_ERRORS"} if failed else {"groupId": 0}
    error = {"groupName": "OK", **group, "id": code, "name": name, "permanent": failed}
    return {
        "messageId": text.id,
        "to": writing.drop_plus(text.recipient),
        "destination": writing.drop_plus(text.recipient),
        "sender": text.sender,
        "sentAt": _write_time(text.trail[0]),
        "doneAt": _write_time(step),
        "messageCount": text.segments,
        "price": {"pricePerMessage": 0.01, "currency": "EUR"},
        "status": _show_status(step),
        "error": {**error, "description": name},
        "callbackData": text.reference,
    }


def _write_time(step: Step) -> str:
    return writing.write_time(step.at).replace("Z", "+0000")


def list_logs(texts: Sequence[Text], received: Received) -> Answer:
    """The texts with one of the ids asked for; all where none is."""
    ids = {each for name, each in received.query if name == "messageId" for each in each.split(",")}
    found = [text for text in texts if text.direction == "mt" and (not ids or text.id in ids)]
    return answer_json({"results": [show(text, text.trail[-1]) for text in found]})


def report(text: Text, step: Step, url: str) -> Callback | None:
    """A list of one report; not of a text that is still on its way."""
    if step.state in (State.SUBMITTED, State.ENROUTE):
        return None
    return writing.call_json(url, {"results": [show(text, step)]})


def inbound(text: Text, url: str) -> Callback:
    """A list of one text from a handset."""
    words = text.body.split(maxsplit=1)
    result = {
        "messageId": text.id,
        "from": writing.drop_plus(text.sender),
        "to": writing.drop_plus(text.recipient),
        "text": text.body,
        "cleanText": words[1] if len(words) > 1 else "",
        "keyword": words[0].upper() if words else "",
        "receivedAt": writing.write_time(text.trail[-1].at).replace("Z", "+0000"),
        "smsCount": text.segments,
        "price": {"pricePerMessage": 0, "currency": "EUR"},
        "callbackData": None,
    }
    whole = {"results": [result], "messageCount": 1, "pendingMessageCount": 0}
    return writing.call_json(url, whole)


INFOBIP: Final = Dialect(
    name="infobip",
    sends=[("POST", "/sms/3/messages")],
    read=read,
    respond=respond,
    words=WORDS,
    login=read_secret,
    make_id=writing.make_guid,
    id_field="messageId",
    each=True,
    questions=[Question("/sms/3/logs", list_logs), Question("/sms/3/reports", list_logs)],
    teller=Teller(report, inbound),
)
