"""Twilio's Messages resource.

Source: Twilio's OpenAPI description of ``2010-04-01``, and its pages on error codes, on test
credentials and on status callbacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.utils import format_datetime
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
    find_refusal,
    list_taken,
)
from sumotext_backend.simulator.dialects.twilio_words import WORDS, find_test
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Text

MAX_CHARACTERS: Final = 1600
MAX_PAGE: Final = 1000
"""Texts in a list; there is no second page."""

_ACCOUNT: Final = "AC" + "0" * 32

CODES: Final[Mapping[str, int]] = {
    Reason.OPTED_OUT: 21610,
    Reason.INVALID_RECIPIENT: 30005,
    Reason.CONTENT: 30007,
    Reason.NO_CREDIT: 30002,
    State.EXPIRED: 30036,
}
"""``ErrorCode`` of a text that was not delivered, by what there is to say about it."""

_UNDELIVERED: Final = 30003
_STATUSES: Final[Mapping[State, str]] = {
    State.SUBMITTED: "queued",
    State.ENROUTE: "sent",
    State.DELIVERED: "delivered",
    State.UNDELIVERABLE: "undelivered",
    State.EXPIRED: "undelivered",
    State.RECEIVED: "received",
}


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The one text of a form."""
    form = dict(received.form)
    service = form.get("MessagingServiceSid", "")
    draft = Draft(
        dialect="twilio",
        recipient=form.get("To", ""),
        sender=form.get("From") or service,
        body=form.get("Body", ""),
        callback_url=form.get("StatusCallback"),
        fields={"account": parts["account"], **({"service": service} if service else {})},
    )
    too_long = "too-long" if len(draft.body) > MAX_CHARACTERS else None
    return reading.find_lack([draft]) or too_long or [draft]


def respond(results: Sequence[Result], received: Received) -> Answer:
    """The text that was taken, or an error."""
    if refusal := find_refusal(results):
        word = refusal.word
        more = f"https://www.twilio.com/docs/errors/{word.code}"
        error = {"code": word.code, "message": word.text, "more_info": more, "status": word.status}
        return answer_json(error, word.status)
    return answer_json(show(list_taken(results)[0]), 201)


def show(text: Text) -> dict[str, Any]:
    """A text as the Message resource has it."""
    account, service = text.fields.get("account", _ACCOUNT), text.fields.get("service")
    uri = f"/2010-04-01/Accounts/{account}/Messages/{text.id}"
    code = find_code(text.trail[-1])
    sent = text.state not in (State.SUBMITTED, State.RECEIVED)
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": text.body,
        "date_created": format_datetime(text.at),
        "date_sent": format_datetime(text.trail[-1].at) if sent else None,
        "date_updated": format_datetime(text.trail[-1].at),
        "direction": "inbound" if text.direction == "mo" else "outbound-api",
        "error_code": code,
        "error_message": f"Error {code}" if code else None,
        "from": None if text.sender == service else text.sender,
        "messaging_service_sid": service,
        "num_media": "0",
        "num_segments": str(text.segments),
        "price": None,
        "price_unit": "USD",
        "sid": text.id,
        "status": _STATUSES[text.state],
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": text.recipient,
        "uri": f"{uri}.json",
    }


def find_code(step: Step) -> int | None:
    """``ErrorCode`` of a state; None where nothing went wrong."""
    if step.state is State.EXPIRED:
        return CODES[State.EXPIRED]
    return CODES.get(step.detail, _UNDELIVERED) if step.state is State.UNDELIVERABLE else None


def list_page(texts: Sequence[Text], received: Received) -> Answer:
    """One page of the texts that match, the newest first."""
    fields = {"To": "recipient", "From": "sender"}
    found = [*map(show, reading.select(texts, received.parameters, fields)[:MAX_PAGE])]
    uri = f"{received.path}?PageSize={MAX_PAGE}&Page=0"
    place = {"page": 0, "page_size": MAX_PAGE, "start": 0, "end": max(len(found) - 1, 0)}
    pages = {"uri": uri, "first_page_uri": uri, "next_page_uri": None, "previous_page_uri": None}
    return answer_json({**place, **pages, "messages": found})


def report(text: Text, step: Step, url: str) -> Callback:
    """A form with the new status."""
    status, code = _STATUSES[step.state], find_code(step)
    told = {
        "MessageStatus": status,
        "SmsStatus": status,
        "ErrorCode": str(code) if code else None,
        "MessagingServiceSid": text.fields.get("service"),
    }
    return writing.call_form(url, _name(text) | told)


def inbound(text: Text, url: str) -> Callback:
    """A form with a text from a handset."""
    told = {
        "SmsMessageSid": text.id,
        "SmsStatus": "received",
        "NumMedia": "0",
        "NumSegments": str(text.segments),
        "Body": text.body,
    }
    return writing.call_form(url, _name(text) | told)


def _name(text: Text) -> dict[str, str | None]:
    """What every callback about ``text`` has."""
    return {
        "ApiVersion": "2010-04-01",
        "AccountSid": text.fields.get("account", _ACCOUNT),
        "MessageSid": text.id,
        "SmsSid": text.id,
        "To": text.recipient,
        "From": text.sender,
    }


def _read_secret(received: Received) -> str | None:
    """The account's token; nothing known of it where an API key proves the caller."""
    login = reading.read_basic(received)
    return "" if login and login[0].startswith("SK") else reading.read_password(received)


_MESSAGES: Final = r"/2010-04-01/Accounts/(?P<account>[^/]+)/Messages"

TWILIO: Final = Dialect(
    name="twilio",
    sends=[("POST", rf"{_MESSAGES}\.json")],
    read=read,
    respond=respond,
    words=WORDS,
    login=_read_secret,
    make_id=lambda digits: f"SM{digits}",
    signs_by_login=True,
    questions=[
        Question(
            rf"{_MESSAGES}/(?P<id>[^/.]+)\.json", lambda found, _: answer_json(show(found[0]))
        ),
        Question(rf"{_MESSAGES}\.json", list_page),
    ],
    test=find_test,
    teller=Teller(report, inbound),
)
