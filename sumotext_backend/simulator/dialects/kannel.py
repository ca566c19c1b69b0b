"""Kannel's smsbox: a GET, and a line of words. It gives no id, and there is nothing to fetch.

Source: Kannel's user guide and ``gw/smsbox.c``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote_plus

from sumotext_backend.callbacks import Callback
from sumotext_backend.models import Reason
from sumotext_backend.simulator.dialects import writing
from sumotext_backend.simulator.dialects.dialect import (
    Dialect,
    Parts,
    Result,
    Teller,
    Word,
    find_refusal,
)
from sumotext_backend.simulator.draft import Draft
from sumotext_backend.simulator.exchange import Answer, Received
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Text

WORDS: Final[Mapping[str, Word]] = {
    "opted-out": Word(
        400,
        "",
        "Number(s) has/have been denied by white- and/or black-lists.",
        Reason.OPTED_OUT,
    ),
    "no-recipient": Word(400, "", "Missing receiver number, rejected", Reason.INVALID_RECIPIENT),
    "no-sender": Word(400, "", "Sender missing and no global set, rejected", Reason.SENDER),
    "sender": Word(400, "", "Sender missing and no global set, rejected", Reason.SENDER),
    "unauthorized": Word(403, "", "Authorization failed for sendsms", Reason.UNAUTHORIZED),
    "unknown-code": Word(400, "", "Words that nobody documented, rejected", Reason.REFUSED),
    "error": Word(500, "", "Sending failed.", Reason.SERVER_ERROR),
    "unavailable": Word(503, "", "Temporal failure, try again later.", Reason.SERVER_ERROR),
}

_STATUSES: Final[Mapping[State, int]] = {
    State.SUBMITTED: 4,
    State.ENROUTE: 8,
    State.DELIVERED: 1,
    State.UNDELIVERABLE: 2,
    State.EXPIRED: 34,
}
_ESCAPE: Final = re.compile(r"%([a-zA-Z%])")


def read(received: Received, parts: Parts) -> Sequence[Draft] | str:
    """The texts of a query, one for each number between blanks."""
    asked = received.parameters
    sender = asked.get("from", "")
    if not asked.get("to"):
        return "no-recipient"
    if not sender:
        return "no-sender"
    # An empty text is one to Kannel; here it would be nothing to see.
    return [
        Draft(
            dialect="kannel",
            recipient=number,
            sender=sender,
            body=asked.get("text", ""),
            callback_url=asked.get("dlr-url"),
            fields={"mask": asked.get("dlr-mask", "0"), "smsc": asked.get("smsc", "")},
        )
        for number in asked["to"].split()
    ]


def read_secret(received: Received) -> str | None:
    """The password in the query, where there is a user name too."""
    asked = received.parameters
    user = asked.get("username") or asked.get("user")
    return (asked.get("password") or asked.get("pass") or None) if user else None


def respond(results: Sequence[Result], received: Received) -> Answer:
    """A line of words."""
    refusal = find_refusal(results)
    status, words = (refusal.word.status, refusal.word.text) if refusal else (202, _TAKEN)
    return Answer(status=status, headers=(("content-type", "text/html"),), body=words.encode())


_TAKEN: Final = "0: Accepted for delivery"


def report(text: Text, step: Step, url: str) -> Callback | None:
    """A GET of the URL that the text named, for a status that its mask names."""
    mask, status = text.fields.get("mask", ""), _STATUSES[step.state]
    if not mask.isdecimal() or not int(mask) & status or step.state is State.SUBMITTED:
        return None
    values = {
        "d": str(status),
        "p": text.recipient,
        "P": text.sender,
        "i": text.fields.get("smsc", ""),
        "I": text.id,
        "F": text.id,
        "t": writing.write_plain_time(step.at),
        "T": str(int(step.at.timestamp())),
        "A": "",
        "%": "%",
    }
    return Callback(method="GET", url=_ESCAPE.sub(lambda found: _fill(found, values), url))


def _fill(found: re.Match[str], values: Mapping[str, str]) -> str:
    return quote_plus(values[found[1]]) if found[1] in values else found[0]


def inbound(text: Text, url: str) -> Callback:
    """A GET with a text from a handset, as our backend wants ``get-url`` to be."""
    return writing.call_query(
        url,
        {
            "id": text.id,
            "time": writing.write_plain_time(text.at),
            "from": text.sender,
            "to": text.recipient,
            "text": text.body,
        },
    )


KANNEL: Final = Dialect(
    name="kannel",
    sends=[("GET", "/cgi-bin/sendsms")],
    read=read,
    respond=respond,
    words=WORDS,
    login=read_secret,
    make_id=writing.make_guid,
    teller=Teller(report, inbound),
)
