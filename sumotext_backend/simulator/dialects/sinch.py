"""Sinch's SMS API (``xms/v1``). Opted-out numbers are accepted, and told of later.

Source: Sinch's Python client, and its pages on status codes and on delivery reports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
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
    find_batch,
    find_refusal,
    list_taken,
)
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Text

_FORMAT: Final = "syntax_invalid_parameter_format"
_CONSTRAINT: Final = "syntax_constraint_violation"

WORDS: Final[Mapping[str, Word]] = {
    "not-found": Word(400, _FORMAT, "Invalid MSISDN in to", Reason.REFUSED),
    "no-recipient": Word(400, _CONSTRAINT, "to: may not be empty", Reason.REFUSED_REQUEST),
    "no-text": Word(400, _CONSTRAINT, "body: may not be empty", Reason.REFUSED_REQUEST),
    "unreadable": Word(400, "syntax_invalid_json", "Not JSON", Reason.REFUSED_REQUEST),
    "sender": Word(403, "unknown_campaign", "No campaign for this sender", Reason.SENDER),
    "unauthorized": Word(401, "unauthorized", "Not authorized", Reason.UNAUTHORIZED),
    "throttled": Word(429, "too_many_requests", "Too many requests", Reason.THROTTLED),
    "unknown-code": Word(403, "unheard_of", "A code that nobody documented", Reason.REFUSED),
    "error": Word(500, "internal_error", "Internal error", Reason.SERVER_ERROR),
    "unknown-id": Word(404, "not_found", "No such batch", Reason.REFUSED),
}

CODES: Final[Mapping[str, tuple[str, int]]] = {
    Reason.OPTED_OUT: ("Deleted", 411),
    Reason.INVALID_RECIPIENT: ("Deleted", 402),
    Reason.CONTENT: ("Rejected", 403),
}
"""Status and code of a text that was not delivered."""
_FAILED: Final = ("Failed", 400)

_STATUSES: Final[Mapping[State, tuple[str, int]]] = {
    State.SUBMITTED: ("Queued", 400),
    State.ENROUTE: ("Dispatched", 401),
    State.DELIVERED: ("Delivered", 0),
    State.EXPIRED: ("Expired", 406),
    State.RECEIVED: ("Delivered", 0),
}


_DEFAULT_SENDER: Final = "12345"
"""Of a plan that has one."""


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The texts of an object of JSON, one for each number."""
    if not isinstance(received.json, dict):
        return "unreadable"
    names = ("from", "body", "client_reference", "callback_url", "delivery_report")
    fields = reading.read_fields(received.json, *names)
    drafts = [
        Draft(
            dialect="sinch",
            recipient=number,
            sender=fields["from"] or _DEFAULT_SENDER,
            body=fields["body"],
            reference=fields["client_reference"] or None,
            callback_url=fields["callback_url"] or None,
            fields={"delivery_report": fields["delivery_report"] or "none"},
        )
        for number in reading.find_texts(received.json.get("to")) or [""]
    ]
    return reading.find_lack(drafts) or drafts


def respond(results: Sequence[Result], received: Received) -> Answer:
    """The batch that was taken, or an error."""
    if refusal := find_refusal(results):
        word = refusal.word
        return answer_json({"code": word.code, "text": word.text}, word.status)
    taken = list_taken(results)
    to = [writing.drop_plus(text.recipient) for text in taken]
    return answer_json(_show(taken[0]) | {"to": to}, 201)


def _show(text: Text) -> dict[str, Any]:
    optional = {"client_reference": text.reference, "callback_url": text.callback_url}
    return {
        "id": find_batch(text),
        "type": "mt_text",
        "to": [writing.drop_plus(text.recipient)],
        "from": writing.drop_plus(text.sender),
        "body": text.body,
        "canceled": False,
        "created_at": writing.write_time(text.at),
        "modified_at": writing.write_time(text.trail[-1].at),
        "expire_at": writing.write_time(text.at + timedelta(days=3)),
        "delivery_report": text.fields.get("delivery_report", "none"),
        "flash_message": False,
        **{name: value for name, value in optional.items() if value},
    }


def show_batch(texts: Sequence[Text], received: Received) -> Answer:
    """A batch, whose texts went to handsets."""
    known = texts[0].direction == "mt"
    to = [writing.drop_plus(text.recipient) for text in texts]
    return answer_json(_show(texts[0]) | {"to": to}) if known else _answer_unknown(received)


def show_inbound(texts: Sequence[Text], received: Received) -> Answer:
    """A text from a handset."""
    known = texts[0].direction == "mo"
    return answer_json(_show_inbound(texts[0])) if known else _answer_unknown(received)


def _answer_unknown(received: Received) -> Answer:
    return respond([Refusal(WORDS["unknown-id"])], received)


def list_batches(texts: Sequence[Text], received: Received) -> Answer:
    """The batches of the reference asked for, the newest first."""
    wanted = received.parameters.get("client_reference")
    sent = [text for text in reversed(texts) if text.direction == "mt"]
    found = [_show(text) for text in sent if wanted in (None, text.reference)]
    page = {"page": 0, "page_size": max(len(found), 30), "count": len(found)}
    return answer_json({**page, "batches": found})


def find_status(step: Step) -> tuple[str, int]:
    """Status and code of a state."""
    if step.state is State.UNDELIVERABLE:
        return CODES.get(step.detail, _FAILED)
    return _STATUSES[step.state]


def _show_report(text: Text, step: Step) -> dict[str, Any]:
    status, code = find_status(step)
    return {
        "type": "recipient_delivery_report_sms",
        "batch_id": find_batch(text),
        "recipient": writing.drop_plus(text.recipient),
        "code": code,
        "status": status,
        "at": writing.write_time(step.at),
        "operator_status_at": writing.write_time(step.at),
        **({"client_reference": text.reference} if text.reference else {}),
    }


def show_report(texts: Sequence[Text], received: Received) -> Answer:
    """What became of a batch, in all or of one number."""
    number = received.path.rpartition("/")[2]
    if number != "delivery_report":
        numbers = [writing.drop_plus(each.recipient) for each in texts]
        text = texts[numbers.index(number) if number in numbers else 0]
        return answer_json(_show_report(text, text.trail[-1]))
    counts = Counter(find_status(text.trail[-1]) for text in texts)
    listed = [
        {"status": status, "code": code, "count": count} for (status, code), count in counts.items()
    ]
    whole = {"type": "delivery_report_sms", "batch_id": find_batch(texts[0])}
    told = {"total_message_count": len(texts), "client_reference": texts[0].reference}
    return answer_json({**whole, **told, "statuses": listed})


def report(text: Text, step: Step, url: str) -> Callback | None:
    """What became of the text, where the batch asked for it."""
    if text.fields.get("delivery_report", "none") == "none" or step.state is State.SUBMITTED:
        return None
    return writing.call_json(url, _show_report(text, step))


def inbound(text: Text, url: str) -> Callback:
    """A text from a handset."""
    return writing.call_json(url, _show_inbound(text))


def _show_inbound(text: Text) -> dict[str, Any]:
    return {
        "type": "mo_text",
        "id": find_batch(text),
        "from": writing.drop_plus(text.sender),
        "to": writing.drop_plus(text.recipient),
        "body": text.body,
        "operator_id": "310090",
        "received_at": writing.write_time(text.at),
        "sent_at": writing.write_time(text.at),
    }


_PLAN: Final = "/xms/v1/(?P<plan>[^/]+)"
_BATCHES: Final = f"{_PLAN}/batches"

SINCH: Final = Dialect(
    name="sinch",
    sends=[("POST", _BATCHES)],
    read=read,
    respond=respond,
    words=WORDS,
    login=reading.read_token("Bearer"),
    make_id=lambda digits: digits[:26].upper(),
    shares_id=True,
    questions=[
        Question(f"{_BATCHES}/(?P<id>[^/]+)", show_batch),
        Question(f"{_PLAN}/inbounds/(?P<id>[^/]+)", show_inbound),
        Question(f"{_BATCHES}/(?P<id>[^/]+)/delivery_report(?:/[^/]+)?", show_report),
        Question(_BATCHES, list_batches),
    ],
    teller=Teller(report, inbound),
)
