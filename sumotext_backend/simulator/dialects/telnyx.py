"""Telnyx's Messages API, version 2.

Source: Telnyx's list of API errors, its page on messaging error codes, and its Python client.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sumotext_backend.callbacks import Callback
from sumotext_backend.keywords import read_keyword
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
    "opted-out": Word(400, "40300", "Blocked due to STOP message", Reason.OPTED_OUT),
    "not-found": Word(400, "40310", "Invalid 'to' address", Reason.INVALID_RECIPIENT),
    "no-recipient": Word(422, "10004", "Missing required parameter", Reason.REFUSED_REQUEST),
    "no-text": Word(400, "40316", "No content provided", Reason.INVALID_MESSAGE),
    "no-sender": Word(400, "40305", "Invalid 'from' address", Reason.SENDER),
    "unreadable": Word(400, "10015", "Bad Request", Reason.REFUSED_REQUEST),
    "unauthorized": Word(401, "10009", "Authentication failed", Reason.UNAUTHORIZED),
    "sender": Word(400, "40305", "Invalid 'from' address", Reason.SENDER),
    "content": Word(400, "40322", "Message blocked by content filter", Reason.CONTENT),
    "no-credit": Word(403, "20100", "Insufficient funds", Reason.NO_CREDIT),
    "throttled": Word(429, "10011", "Too many requests", Reason.THROTTLED),
    "unknown-code": Word(400, "49999", "A code that nobody documented", Reason.REFUSED),
    "error": Word(500, "10007", "Unexpected error", Reason.SERVER_ERROR),
    "unknown-id": Word(404, "10005", "Resource not found", Reason.REFUSED),
}

CODES: Final[Mapping[str, tuple[str, str]]] = {
    Reason.OPTED_OUT: ("40300", "Blocked due to STOP message"),
    Reason.INVALID_RECIPIENT: ("40001", "Not routable"),
}
"""Code and title of a text that was not delivered."""
_UNDELIVERABLE: Final = ("40008", "Undeliverable")

_CONSENT: Final = {"stop": "OPT_OUT", "start": "OPT_IN"}

_STATUSES: Final[Mapping[State, str]] = {
    State.SUBMITTED: "queued",
    State.ENROUTE: "sent",
    State.DELIVERED: "delivered",
    State.UNDELIVERABLE: "delivery_failed",
    State.EXPIRED: "expired",
    State.RECEIVED: "webhook_delivered",
}


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The one text of an object of JSON."""
    if not isinstance(received.json, dict):
        return "unreadable"
    names = ("from", "messaging_profile_id", "to", "text", "webhook_url")
    fields = reading.read_fields(received.json, *names)
    draft = Draft(
        dialect="telnyx",
        recipient=fields["to"],
        sender=fields["from"] or fields["messaging_profile_id"],
        body=fields["text"],
        callback_url=fields["webhook_url"] or None,
        fields={"profile": fields["messaging_profile_id"]},
    )
    return reading.find_lack([draft]) or [draft]


def respond(results: Sequence[Result], received: Received) -> Answer:
    """The text that was taken, or errors."""
    if refusal := find_refusal(results):
        return answer_json({"errors": [_show_error(refusal.word)]}, refusal.word.status)
    return show(list_taken(results), received)


def _show_error(word: Word) -> dict[str, Any]:
    url = f"https://developers.telnyx.com/docs/overview/errors/{word.code}"
    return {"code": word.code, "title": word.text, "detail": word.text, "meta": {"url": url}}


def show(texts: Sequence[Text], received: Received) -> Answer:
    """A text as the Messages API has it."""
    return answer_json({"data": _show_payload(texts[0], texts[0].trail[-1])})


def _show_payload(text: Text, step: Step) -> dict[str, Any]:
    received, ended = text.direction == "mo", step.state not in (State.SUBMITTED, State.ENROUTE)
    code, title = CODES.get(step.detail, _UNDELIVERABLE)
    failed = step.state is State.UNDELIVERABLE
    return {
        "record_type": "message",
        "direction": "inbound" if received else "outbound",
        "id": text.id,
        "type": "SMS",
        "messaging_profile_id": text.fields.get("profile") or None,
        "from": {"phone_number": text.sender, "carrier": "", "line_type": ""},
        "to": [
            {
                "phone_number": text.recipient,
                "status": _STATUSES[step.state],
                "carrier": "",
                "line_type": "",
            }
        ],
        "text": text.body,
        "media": [],
        "webhook_url": text.callback_url,
        "webhook_failover_url": None,
        "encoding": text.encoding,
        "parts": text.segments,
        "tags": [],
        "cost": None,
        "received_at": writing.write_time(text.at),
        "sent_at": None if step.state is State.SUBMITTED else writing.write_time(step.at),
        "completed_at": writing.write_time(text.trail[-1].at) if ended else None,
        "valid_until": None,
        "errors": [{"code": code, "title": title, "detail": title}] if failed else [],
    }


def report(text: Text, step: Step, url: str) -> Callback | None:
    """An event with the new status; that a text is queued is none."""
    if step.state is State.SUBMITTED:
        return None
    kind = "message.sent" if step.state is State.ENROUTE else "message.finalized"
    return _call(kind, text, step, url)


def inbound(text: Text, url: str) -> Callback:
    """An event with a text from a handset, and what it means where it is STOP or START."""
    said = read_keyword(text.body)
    kind = {"autoresponse_type": _CONSENT[said]} if said else {}
    return _call("message.received", text, text.trail[-1], url, **kind)


def _call(kind: str, text: Text, step: Step, url: str, **more: str) -> Callback:
    data = {
        "event_type": kind,
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{text.id} {kind}")),
        "occurred_at": writing.write_time(step.at),
        "payload": _show_payload(text, step) | more,
        "record_type": "event",
    }
    meta = {"attempt": 1, "delivered_to": url}
    return writing.call_json(url, {"data": data, "meta": meta})


TELNYX: Final = Dialect(
    name="telnyx",
    sends=[("POST", "/v2/messages")],
    read=read,
    respond=respond,
    words=WORDS,
    login=reading.read_token("Bearer"),
    make_id=writing.make_guid,
    questions=[Question("/v2/messages/(?P<id>[^/]+)", show)],
    teller=Teller(report, inbound),
)
