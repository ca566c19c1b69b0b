"""Vonage's SMS API. Every answer is HTTP 200; opted-out numbers are accepted, and told of later.

Source: Vonage's OpenAPI description of the SMS API (2021), its page on error codes, and its
Python client.
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
    "not-found": Word(200, "6", "Unroutable message", Reason.INVALID_RECIPIENT),
    "no-recipient": Word(200, "2", "Missing to param", Reason.REFUSED_REQUEST),
    "no-text": Word(200, "2", "Missing text param", Reason.REFUSED_REQUEST),
    "no-sender": Word(200, "2", "Missing from param", Reason.REFUSED_REQUEST),
    "unauthorized": Word(200, "4", "Bad Credentials", Reason.UNAUTHORIZED),
    "throttled": Word(200, "1", "Throttled", Reason.THROTTLED),
    "no-credit": Word(200, "9", "Partner quota violation", Reason.NO_CREDIT),
    "sender": Word(200, "15", "Invalid sender address", Reason.SENDER),
    "unknown-code": Word(200, "98", "A status that nobody documented", Reason.REFUSED),
    "error": Word(200, "5", "Internal error", Reason.SERVER_ERROR),
}

CODES: Final[Mapping[str, str]] = {
    Reason.OPTED_OUT: "9",
    Reason.INVALID_RECIPIENT: "3",
    Reason.CONTENT: "6",
}
"""``err-code`` of a text that was not delivered."""

_STATUSES: Final[Mapping[State, str]] = {
    State.SUBMITTED: "accepted",
    State.ENROUTE: "buffered",
    State.DELIVERED: "delivered",
    State.UNDELIVERABLE: "failed",
    State.EXPIRED: "expired",
}
_NETWORK: Final = "310090"


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The one text of a form, of an object of JSON, or of the query."""
    form = _find_fields(received)
    draft = Draft(
        dialect="vonage",
        recipient=form.get("to", ""),
        sender=form.get("from", ""),
        body=form.get("text", ""),
        reference=form.get("client-ref"),
        callback_url=form.get("callback"),
        fields={"account": form.get("api_key") or (reading.read_basic(received) or [""])[0]},
    )
    return reading.find_lack([draft]) or [draft]


def _find_fields(received: Received) -> dict[str, str]:
    value = received.json if not received.form else None
    given = value if isinstance(value, dict) else {}
    words = {name: each for name, each in given.items() if isinstance(each, str)}
    return {**received.parameters, **words, **dict(received.form)}


def read_secret(received: Received) -> str | None:
    """The API secret, in the body or as a Basic login; "" for a request that is signed."""
    fields = _find_fields(received)
    if fields.get("api_key") and (fields.get("api_secret") or fields.get("sig")):
        return fields.get("api_secret", "")
    return reading.read_password(received)


def respond(results: Sequence[Result], received: Received) -> Answer:
    """What became of each part of the text."""
    if refusal := find_refusal(results):
        refused = {"status": refusal.word.code, "error-text": refusal.word.text}
        return answer_json({"message-count": "1", "messages": [refused]})
    text = list_taken(results)[0]
    parts = [_show(text, part) for part in range(text.segments)]
    return answer_json({"message-count": str(len(parts)), "messages": parts})


def _show(text: Text, part: int) -> dict[str, Any]:
    # Each part has an id of its own; the first one's is the text's.
    reference = {"client-ref": text.reference} if text.reference else {}
    return {
        "to": writing.drop_plus(text.recipient),
        "message-id": text.id if part == 0 else f"{text.id[:-4]}{part:04x}",
        "status": "0",
        "remaining-balance": "100.00000000",
        "message-price": "0.03330000",
        "network": _NETWORK,
        **reference,
    }


def report(text: Text, step: Step, url: str) -> Callback | None:
    """A GET with the new status; that it was taken is told already."""
    if step.state is State.SUBMITTED:
        return None
    failed = step.state is State.UNDELIVERABLE
    return writing.call_query(
        url,
        {
            "msisdn": writing.drop_plus(text.recipient),
            "to": writing.drop_plus(text.sender),
            "network-code": _NETWORK,
            "messageId": text.id,
            "price": "0.03330000",
            "status": _STATUSES[step.state],
            "scts": step.at.strftime("%y%m%d%H%M"),
            "err-code": CODES.get(step.detail, "1") if failed else "0",
            "api-key": text.fields.get("account"),
            "client-ref": text.reference,
            "message-timestamp": writing.write_plain_time(step.at),
        },
    )


def inbound(text: Text, url: str) -> Callback:
    """A GET with a text from a handset."""
    words = text.body.split(maxsplit=1)
    return writing.call_query(
        url,
        {
            "api-key": text.fields.get("account"),
            "msisdn": writing.drop_plus(text.sender),
            "to": writing.drop_plus(text.recipient),
            "messageId": text.id,
            "text": text.body,
            "type": "unicode" if text.encoding == "UCS-2" else "text",
            "keyword": words[0].upper() if words else "",
            "message-timestamp": writing.write_plain_time(text.at),
        },
    )


VONAGE: Final = Dialect(
    name="vonage",
    sends=[("POST", "/sms/json"), ("GET", "/sms/json")],
    read=read,
    respond=respond,
    words=WORDS,
    login=read_secret,
    make_id=writing.make_guid,
    teller=Teller(report, inbound),
)
