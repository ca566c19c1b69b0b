"""ClickSend's REST API, version 3. A refusal of a text comes under HTTP 200, as its status.

Source: ClickSend's pages and its Python client.
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
    Refusal,
    Result,
    Teller,
    Word,
    list_taken,
)
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Text

WORDS: Final[Mapping[str, Word]] = {
    "not-found": Word(200, "INVALID_RECIPIENT", "", Reason.INVALID_RECIPIENT),
    "no-recipient": Word(200, "INVALID_RECIPIENT", "", Reason.INVALID_RECIPIENT),
    "no-text": Word(200, "EMPTY_MESSAGE", "", Reason.INVALID_MESSAGE),
    "no-credit": Word(200, "INSUFFICIENT_CREDIT", "", Reason.NO_CREDIT),
    "sender": Word(200, "INVALID_SENDER_ID", "", Reason.SENDER),
    "unknown-code": Word(400, "SOMETHING_UNHEARD_OF", "", Reason.REFUSED),
    "unreadable": Word(400, "BAD_REQUEST", "", Reason.REFUSED),
    "unauthorized": Word(401, "UNAUTHORIZED", "", Reason.UNAUTHORIZED),
    "throttled": Word(429, "TOO_MANY_REQUESTS", "", Reason.THROTTLED),
    "error": Word(500, "INTERNAL_SERVER_ERROR", "", Reason.SERVER_ERROR),
    "unknown-id": Word(404, "NOT_FOUND", "", Reason.REFUSED),
}

_STATUSES: Final[Mapping[State, tuple[int, str]]] = {
    State.SUBMITTED: (200, "Success: Message queued"),
    State.ENROUTE: (300, "Temporary: Network is trying to deliver"),
    State.DELIVERED: (201, "Success: Message received on handset."),
    State.UNDELIVERABLE: (301, "Delivery failed"),
    State.EXPIRED: (301, "Delivery failed: expired"),
    State.RECEIVED: (201, ""),
}
_SHARED_SENDER: Final = "+61411111111"
"""What a text without a sender comes from."""


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The texts of an object of JSON."""
    messages = reading.find_objects(reading.find_object(received.json).get("messages"))
    drafts = [
        Draft(
            dialect="clicksend",
            recipient=reading.find_text(each.get("to")),
            sender=reading.find_text(each.get("from")) or _SHARED_SENDER,
            body=reading.find_text(each.get("body")),
            reference=reading.find_text(each.get("custom_string")) or None,
        )
        for each in messages
    ]
    return reading.find_lack(drafts) or drafts or "unreadable"


def respond(results: Sequence[Result], received: Received) -> Answer:
    """What became of each text, or the error of the request."""
    for each in results:
        if isinstance(each, Refusal) and each.word.status != 200:
            return _answer(each.word.status, str(each.word.code), None)
    taken = list_taken(results)
    data = {
        "total_price": round(0.07 * len(taken), 4),
        "total_count": len(results),
        "queued_count": len(taken),
        "messages": [*map(_show_result, results)],
        "_currency": {"currency_name_short": "USD", "currency_prefix_d": "$"},
    }
    return _answer(200, "SUCCESS", data)


def _answer(status: int, code: str, data: object) -> Answer:
    whole = {"http_code": status, "response_code": code, "response_msg": code, "data": data}
    return answer_json(whole, status)


def _show_result(result: Result) -> dict[str, Any]:
    if isinstance(result, Text):
        return _show(result)
    draft = {"to": result.draft.recipient, "body": result.draft.body} if result.draft else {}
    return {"direction": "out", **draft, "message_parts": 0, "status": result.word.code}


def _show(text: Text) -> dict[str, Any]:
    at = int(text.at.timestamp())
    return {
        "direction": "in" if text.direction == "mo" else "out",
        "date": at,
        "to": text.recipient,
        "body": text.body,
        "from": text.sender,
        "schedule": at,
        "message_id": text.id,
        "message_parts": text.segments,
        "message_price": "0.0700",
        "custom_string": text.reference or "",
        "user_id": 1,
        "subaccount_id": 1,
        "is_shared_system_number": False,
        "country": "US",
        "carrier": "",
        "status": "SUCCESS",
    }


def _show_receipt(text: Text, step: Step) -> dict[str, Any]:
    code, words = _STATUSES[step.state]
    failed = code == 301
    return {
        "timestamp_send": int(text.at.timestamp()),
        "timestamp": int(step.at.timestamp()),
        "message_id": text.id,
        "status_code": code,
        "status_text": words,
        "error_code": 301 if failed else None,
        "error_text": step.detail or words if failed else None,
        "custom_string": text.reference,
        "subaccount_id": 1,
        "message_type": "sms",
    }


def list_page(texts: Sequence[Text], received: Received) -> Answer:
    """The texts that match ``q=to:NUMBER``, or all, the newest first."""
    field, _, wanted = received.parameters.get("q", "").partition(":")
    found = [
        _show(text) for text in reversed(texts) if field != "to" or text.recipient.endswith(wanted)
    ]
    page = {"total": len(found), "per_page": 100, "current_page": 1, "last_page": 1}
    return _answer(200, "SUCCESS", {**page, "data": found[:100]})


def report(text: Text, step: Step, url: str) -> Callback | None:
    """A form with the new status; that it was taken is told already."""
    if step.state is State.SUBMITTED:
        return None
    fields = _show_receipt(text, step)
    shown = {name: None if value is None else str(value) for name, value in fields.items()}
    return writing.call_form(url, {**shown, "user_id": "1"})


def inbound(text: Text, url: str) -> Callback:
    """A form with a text from a handset."""
    return writing.call_form(
        url,
        {
            "message_id": text.id,
            "timestamp": str(int(text.trail[-1].at.timestamp())),
            "from": text.sender,
            "to": text.recipient,
            "body": text.body,
            "original_body": "",
            "original_message_id": "",
            "custom_string": text.reference,
            "user_id": "1",
            "subaccount_id": "1",
        },
    )


def _show_fetched(texts: Sequence[Text], received: Received) -> Answer:
    return _answer(200, "SUCCESS", _show_receipt(texts[0], texts[0].trail[-1]))


CLICKSEND: Final = Dialect(
    name="clicksend",
    sends=[("POST", "/v3/sms/send")],
    read=read,
    respond=respond,
    words=WORDS,
    login=reading.read_password,
    make_id=lambda digits: writing.make_guid(digits).upper(),
    each=True,
    questions=[
        Question("/v3/sms/receipts/(?P<id>[^/]+)", _show_fetched),
        Question("/v3/sms/history", list_page),
    ],
    teller=Teller(report, inbound),
)
