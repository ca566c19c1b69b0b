"""Twilio's Messages resource.

Source: Twilio's OpenAPI description of ``2010-04-01``, and its pages on error codes, on test
credentials and on status callbacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from sumotext_backend.callbacks import Callback
from sumotext_backend.models import Reason
from sumotext_backend.simulator.dialects.dialect import (
    Dialect,
    Parts,
    Question,
    Result,
    Teller,
    Word,
    call_form,
    changed_at,
    find_refusal,
    list_taken,
    read_basic,
    read_password,
)
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.simulation import Draft
from sumotext_backend.simulator.store import State, Step, Text

_ACCOUNT: Final = "AC" + "0" * 32

WORDS: Final[Mapping[str, Word]] = {
    "opted-out": Word(400, 21610, "Attempt to send to unsubscribed recipient", Reason.OPTED_OUT),
    "not-found": Word(400, 21211, "Invalid 'To' Phone Number", Reason.INVALID_RECIPIENT),
    "no-recipient": Word(400, 21604, "A 'To' phone number is required.", Reason.INVALID_RECIPIENT),
    "no-text": Word(400, 21602, "Message body is required.", Reason.INVALID_MESSAGE),
    "no-sender": Word(400, 21603, "A 'From' phone number is required.", Reason.SENDER),
    "too-long": Word(
        400,
        21617,
        "The concatenated message body exceeds the 1600 character limit.",
        Reason.UNSUPPORTED,
    ),
    "unauthorized": Word(401, 20003, "Authenticate", Reason.UNAUTHORIZED),
    "sender": Word(
        400, 21606, "The 'From' phone number is not a valid, SMS-capable number.", Reason.SENDER
    ),
    "wrong-sender": Word(400, 21212, "Invalid 'From' Phone Number", Reason.SENDER),
    "full-queue": Word(
        429, 21611, "This 'From' number has exceeded its message queue", Reason.THROTTLED
    ),
    "no-route": Word(
        400, 21612, "Message cannot be sent with this 'To' and 'From'", Reason.UNSUPPORTED
    ),
    "no-region": Word(
        400, 21408, "Permission to send to this region is not enabled", Reason.UNSUPPORTED
    ),
    "landline": Word(
        400, 21614, "'To' number is not a valid mobile number", Reason.INVALID_RECIPIENT
    ),
    "throttled": Word(429, 20429, "Too Many Requests", Reason.THROTTLED),
    "unknown-code": Word(400, 29999, "A code that nobody documented", Reason.REFUSED),
    "error": Word(500, 20500, "Internal Server Error", Reason.SERVER_ERROR),
    "unknown-id": Word(404, 20404, "The requested resource was not found", Reason.UNAUTHORIZED),
}

_TEST_RECIPIENTS: Final = {
    "+15005550001": "not-found",
    "+15005550002": "no-route",
    "+15005550003": "no-region",
    "+15005550004": "opted-out",
    "+15005550009": "landline",
}
_TEST_SENDERS: Final = {
    "+15005550001": "wrong-sender",
    "+15005550007": "sender",
    "+15005550008": "full-queue",
}

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
    sender = form.get("From") or form.get("MessagingServiceSid", "")
    missing = [
        name
        for name, value in (
            ("no-recipient", form.get("To")),
            ("no-sender", sender),
            ("no-text", form.get("Body") or form.get("MediaUrl") or form.get("ContentSid")),
        )
        if not value
    ]
    if missing or len(form.get("Body", "")) > 1600:
        return [*missing, "too-long"][0]
    service = {"service": form["MessagingServiceSid"]} if "MessagingServiceSid" in form else {}
    draft = Draft(
        dialect="twilio",
        recipient=form["To"],
        sender=sender,
        body=form.get("Body", ""),
        callback_url=form.get("StatusCallback"),
        fields={"account": parts["account"], **service},
    )
    return [draft]


def find_test(draft: Draft) -> str | None:
    """What Twilio's own test numbers ask for."""
    return _TEST_SENDERS.get(draft.sender) or _TEST_RECIPIENTS.get(draft.recipient)


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
        "date_created": _write_time(text.at),
        "date_sent": _write_time(changed_at(text)) if sent else None,
        "date_updated": _write_time(changed_at(text)),
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
    asked = received.parameters
    size = int(asked["PageSize"]) if asked.get("PageSize", "").isdecimal() else 50
    wanted = {"To": "recipient", "From": "sender"}
    found = [
        show(text)
        for text in reversed(texts)
        if all(asked.get(name, (v := getattr(text, field))) == v for name, field in wanted.items())
    ][: min(size, 1000)]
    uri = f"{received.path}?PageSize={size}&Page=0"
    page = {"page": 0, "page_size": size, "start": 0, "end": max(len(found) - 1, 0), "uri": uri}
    more = {"first_page_uri": uri, "next_page_uri": None, "previous_page_uri": None}
    return answer_json({**page, **more, "messages": found})


def report(text: Text, step: Step, url: str) -> Callback:
    """A form with the new status."""
    status, code = _STATUSES[step.state], find_code(step)
    return call_form(
        url,
        {
            "ApiVersion": "2010-04-01",
            "AccountSid": text.fields.get("account", _ACCOUNT),
            "MessageSid": text.id,
            "SmsSid": text.id,
            "MessageStatus": status,
            "SmsStatus": status,
            "ErrorCode": str(code) if code else None,
            "To": text.recipient,
            "From": text.sender,
            "MessagingServiceSid": text.fields.get("service"),
        },
    )


def inbound(text: Text, url: str) -> Callback:
    """A form with a text from a handset."""
    return call_form(
        url,
        {
            "ApiVersion": "2010-04-01",
            "AccountSid": text.fields.get("account", _ACCOUNT),
            "MessageSid": text.id,
            "SmsSid": text.id,
            "SmsMessageSid": text.id,
            "SmsStatus": "received",
            "NumMedia": "0",
            "NumSegments": str(text.segments),
            "To": text.recipient,
            "From": text.sender,
            "Body": text.body,
        },
    )


def _write_time(at: datetime) -> str:
    return format_datetime(at)


def _read_secret(received: Received) -> str | None:
    """The account's token; nothing known of it where an API key proves the caller."""
    login = read_basic(received)
    return "" if login and login[0].startswith("SK") else read_password(received)


_MESSAGES: Final = r"/2010-04-01/Accounts/(?P<account>[^/]+)/Messages"

TWILIO: Final = Dialect(
    name="twilio",
    sends=[("POST", rf"{_MESSAGES}\.json")],
    read=read,
    respond=respond,
    words=WORDS,
    login=_read_secret,
    make_id=lambda digits: f"SM{digits}",
    questions=[
        Question(
            rf"{_MESSAGES}/(?P<id>[^/.]+)\.json", lambda found, _: answer_json(show(found[0]))
        ),
        Question(rf"{_MESSAGES}\.json", list_page),
    ],
    test=find_test,
    teller=Teller(report, inbound),
)
