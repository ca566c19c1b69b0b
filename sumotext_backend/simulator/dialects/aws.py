"""AWS End User Messaging SMS, version 2. Signatures are not checked; there is nothing to fetch.

Source: botocore's description of the service, and AWS's page on events of text messages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from sumotext_backend.callbacks import Callback
from sumotext_backend.models import Reason
from sumotext_backend.simulator.dialects import reading, writing
from sumotext_backend.simulator.dialects.dialect import (
    Dialect,
    Parts,
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

_TARGET: Final = "PinpointSMSVoiceV2.SendTextMessage"

TOPIC: Final = "arn:aws:sns:us-east-1:000000000000:simulator"
"""Of SNS, by which events come."""

WORDS: Final[Mapping[str, Word]] = {
    "opted-out": Word(
        400, "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", Reason.OPTED_OUT
    ),
    "not-found": Word(
        400, "ValidationException", "DestinationPhoneNumber", Reason.INVALID_RECIPIENT
    ),
    "no-recipient": Word(
        400, "ValidationException", "DestinationPhoneNumber", Reason.INVALID_RECIPIENT
    ),
    "no-text": Word(400, "ValidationException", "MessageBody", Reason.INVALID_MESSAGE),
    "unreadable": Word(400, "SerializationException", "", Reason.REFUSED_REQUEST),
    "unknown-operation": Word(400, "UnknownOperationException", "", Reason.REFUSED_REQUEST),
    "unauthorized": Word(400, "UnrecognizedClientException", "", Reason.UNAUTHORIZED),
    "no-credit": Word(
        400,
        "ServiceQuotaExceededException",
        "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
        Reason.NO_CREDIT,
    ),
    "sender": Word(400, "ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", Reason.SENDER),
    "throttled": Word(400, "ThrottlingException", "", Reason.THROTTLED),
    "unknown-code": Word(400, "ConflictException", "SOMETHING_UNHEARD_OF", Reason.REFUSED),
    "error": Word(500, "InternalServerException", "", Reason.SERVER_ERROR),
}
"""An error's type, and its reason or the field that it is about."""

_FIELDS: Final = ("DestinationPhoneNumber", "MessageBody")

CODES: Final[Mapping[str, str]] = {
    Reason.OPTED_OUT: "TEXT_BLOCKED",
    Reason.INVALID_RECIPIENT: "TEXT_INVALID",
    Reason.CONTENT: "TEXT_SPAM",
}
"""``eventType`` of a text that was not delivered."""

_EVENTS: Final[Mapping[State, str]] = {
    State.SUBMITTED: "TEXT_QUEUED",
    State.ENROUTE: "TEXT_SENT",
    State.DELIVERED: "TEXT_DELIVERED",
    State.UNDELIVERABLE: "TEXT_UNREACHABLE",
    State.EXPIRED: "TEXT_TTL_EXPIRED",
}


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The one text of an object of JSON."""
    if received.header("x-amz-target") != _TARGET:
        return "unknown-operation"
    given = received.json
    if not isinstance(given, dict):
        return "unreadable"
    names = ("DestinationPhoneNumber", "MessageBody", "OriginationIdentity")
    fields = reading.read_fields(given, *names)
    context = reading.find_object(given.get("Context"))
    draft = Draft(
        dialect="aws",
        recipient=fields["DestinationPhoneNumber"],
        sender=fields["OriginationIdentity"] or "AWS",
        body=fields["MessageBody"],
        reference=reading.find_text(context.get("ref")) or None,
        fields={"context": json.dumps(context)},
    )
    return reading.find_lack([draft]) or [draft]


def respond(results: Sequence[Result], received: Received) -> Answer:
    """The id of the text that was taken, or an error."""
    if refusal := find_refusal(results):
        return _write_error(refusal.word)
    return _answer({"MessageId": list_taken(results)[0].id}, 200)


def _write_error(word: Word) -> Answer:
    error: dict[str, Any] = {"__type": str(word.code), "Message": f"{word.code}: {word.text}"}
    if word.text in _FIELDS:
        wrong = [{"Name": word.text, "Message": "The field is not valid"}]
        error |= {"Reason": "FIELD_VALIDATION_FAILED", "Fields": wrong}
    elif word.text:
        error["Reason"] = word.text
    return _answer(error, word.status)


def _answer(value: dict[str, Any], status: int) -> Answer:
    headers = (("content-type", "application/x-amz-json-1.0"),)
    return Answer(status=status, headers=headers, body=answer_json(value).body)


def report(text: Text, step: Step, url: str) -> Callback:
    """An event of the new status, in the notification of a topic of SNS."""
    failed = step.state is State.UNDELIVERABLE
    kind = _EVENTS[step.state]
    event = {
        "eventType": CODES.get(step.detail, kind) if failed else kind,
        "eventVersion": "1.0",
        "eventTimestamp": int(step.at.timestamp() * 1000),
        "isFinal": step.state not in (State.SUBMITTED, State.ENROUTE),
        "originationPhoneNumber": text.sender,
        "destinationPhoneNumber": text.recipient,
        "messageId": text.id,
        "messageRequestTimestamp": int(text.at.timestamp() * 1000),
        "messageEncoding": "GSM" if text.encoding == "GSM-7" else "Unicode",
        "messageType": "TRANSACTIONAL",
        "messageStatus": (CODES.get(step.detail, kind) if failed else kind).removeprefix("TEXT_"),
        "messageStatusDescription": step.detail,
        "context": json.loads(text.fields.get("context", "{}")),
        "totalMessageParts": text.segments,
    }
    return _notify(url, text.id, step, event)


def inbound(text: Text, url: str) -> Callback:
    """A text from a handset, in the notification of a topic of SNS."""
    event = {
        "originationNumber": text.sender,
        "destinationNumber": text.recipient,
        "messageKeyword": "KEYWORD",
        "messageBody": text.body,
        "inboundMessageId": text.id,
        "previousPublishedMessageId": "",
    }
    return _notify(url, text.id, text.trail[-1], event)


def _notify(url: str, message_id: str, step: Step, event: dict[str, Any]) -> Callback:
    notification = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": TOPIC,
        "Message": json.dumps(event),
        "Timestamp": writing.write_time(step.at),
    }
    headers = {
        "Content-Type": "text/plain; charset=UTF-8",
        "x-amz-sns-message-type": "Notification",
        "x-amz-sns-topic-arn": notification["TopicArn"],
    }
    return attrs.evolve(writing.call_json(url, notification), headers=headers)


AWS: Final = Dialect(
    name="aws",
    sends=[("POST", "/")],
    read=read,
    respond=respond,
    words=WORDS,
    login=reading.read_token("AWS4-HMAC-SHA256"),
    make_id=writing.make_guid,
    teller=Teller(report, inbound),
)
