"""46elks' SMS API. A refusal is a line of text; opted-out numbers are not told of at once.

Source: 46elks' documentation.
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
    "not-found": Word(400, "", "Invalid to number", Reason.REFUSED),
    "no-recipient": Word(400, "", "Missing key to", Reason.REFUSED),
    "no-sender": Word(400, "", "Missing key from", Reason.REFUSED),
    "no-text": Word(400, "", "Missing key message", Reason.REFUSED),
    "sender": Word(400, "", "Invalid from", Reason.REFUSED),
    "no-credit": Word(403, "", "Not enough credits", Reason.NO_CREDIT),
    "unauthorized": Word(401, "", "API access requires Basic HTTP login", Reason.UNAUTHORIZED),
    "unknown-code": Word(400, "", "Words that nobody documented", Reason.REFUSED),
    "unknown-id": Word(404, "", "Not found", Reason.REFUSED),
}

_STATUSES: Final[Mapping[State, str]] = {
    State.SUBMITTED: "created",
    State.ENROUTE: "sent",
    State.DELIVERED: "delivered",
    State.UNDELIVERABLE: "failed",
    State.EXPIRED: "failed",
    State.RECEIVED: "received",
}


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The one text of a form."""
    form = dict(received.form)
    draft = Draft(
        dialect="46elks",
        recipient=form.get("to", ""),
        sender=form.get("from", ""),
        body=form.get("message", ""),
        callback_url=form.get("whendelivered"),
    )
    return reading.find_lack([draft]) or [draft]


def respond(results: Sequence[Result], received: Received) -> Answer:
    """The text that was taken, or a line of text."""
    if refusal := find_refusal(results):
        word = refusal.word
        headers = (("content-type", "text/plain; charset=utf-8"),)
        return Answer(status=word.status, headers=headers, body=word.text.encode())
    return answer_json(_show(list_taken(results)[0]))


def _show(text: Text) -> dict[str, Any]:
    step = text.trail[-1]
    return {
        "id": text.id,
        "direction": "incoming" if text.direction == "mo" else "outgoing",
        "from": text.sender,
        "to": text.recipient,
        "message": text.body,
        "created": _write_time(text.trail[0]),
        "status": _STATUSES[text.state],
        "parts": text.segments,
        "cost": 3500 * text.segments,
        **({"delivered": _write_time(step)} if text.state is State.DELIVERED else {}),
    }


def _write_time(step: Step) -> str:
    return writing.write_time(step.at).removesuffix("Z") + "000"


def list_page(texts: Sequence[Text], received: Received) -> Answer:
    """The last 100 texts, the newest first."""
    return answer_json({"data": [_show(text) for text in reversed(texts)][:100]})


def report(text: Text, step: Step, url: str) -> Callback | None:
    """A form with the status that a text ended in."""
    if step.state in (State.SUBMITTED, State.ENROUTE):
        return None
    delivered = _write_time(step) if step.state is State.DELIVERED else None
    return writing.call_form(
        url, {"id": text.id, "status": _STATUSES[step.state], "delivered": delivered}
    )


def inbound(text: Text, url: str) -> Callback:
    """A form with a text from a handset."""
    return writing.call_form(
        url,
        {
            "direction": "incoming",
            "id": text.id,
            "from": text.sender,
            "to": text.recipient,
            "message": text.body,
            "created": _write_time(text.trail[0]),
        },
    )


ELKS: Final = Dialect(
    name="46elks",
    sends=[("POST", "/a1/sms"), ("POST", "/a1/SMS")],
    read=read,
    respond=respond,
    words=WORDS,
    login=reading.read_password,
    make_id=lambda digits: f"s{digits}",
    questions=[
        Question("/a1/(?:sms|SMS)/(?P<id>[^/]+)", lambda found, _: answer_json(_show(found[0]))),
        Question("/a1/(?:sms|SMS)", list_page),
    ],
    teller=Teller(report, inbound),
)
