"""What Kannel and Jasmin call us for: reports and inbound texts; they sign nothing.

Source: Kannel's user guide, on ``dlr-url`` and on ``get-url`` of a service; Jasmin's page on its
HTTP API. Kannel calls what it was told to: see the page on it for the addresses that are read
here. It texts back what we answer to an inbound text: nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from sumotext_backend.callbacks import Callback, Reply
from sumotext_backend.events import DeliveryStatus, Event, InboundMessage
from sumotext_backend.exceptions import CallbackError
from sumotext_backend.providers.incoming import Meanings, make_statuses, receive, report
from sumotext_backend.providers.reading import (
    Fields,
    find,
    find_id,
    find_time,
    read_form,
    take,
)

KANNEL: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "4",
            DeliveryStatus.ENROUTE: "8",
            DeliveryStatus.DELIVERED: "1",
            DeliveryStatus.UNDELIVERABLE: "2",
            DeliveryStatus.REJECTED: "16",
            DeliveryStatus.EXPIRED: "34",
            DeliveryStatus.UNKNOWN: "66",
        }
    )
)

JASMIN: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.ENROUTE: "esme_rok enroute",
            DeliveryStatus.ACCEPTED: "acceptd",
            DeliveryStatus.DELIVERED: "delivrd",
            DeliveryStatus.UNDELIVERABLE: "undeliv",
            DeliveryStatus.REJECTED: "rejectd",
            DeliveryStatus.EXPIRED: "expired",
            DeliveryStatus.DELETED: "deleted",
            DeliveryStatus.UNKNOWN: "unknown",
        }
    )
)

REPLIES: Final[Mapping[str, Reply]] = {"kannel": Reply(), "jasmin": Reply(body=b"ACK/Jasmin")}

_UCS2: Final = "8"
_SHORT_NUMBER: Final = re.compile(r"[1-9][0-9]{6,9}", re.ASCII)


def read_kannel(callback: Callback) -> Iterator[Event]:
    """A text from a handset, or what became of one of ours, known by our reference."""
    fields = read_form(callback)
    if "status" in fields:
        word = take(fields, "status")
        found = find_id(fields, "id")
        at = find_time(fields, "time")
        yield from report(callback, KANNEL, state=word, provider_id=found, at=at)
    else:
        yield _receive(callback, fields, at=find_time(fields, "time"))


def read_jasmin(callback: Callback) -> Iterator[Event]:
    """A text from a handset, or what became of one of ours."""
    fields = read_form(callback)
    if "message_status" not in fields:
        yield _receive(callback, {**fields, "content": _decode(fields)}, text="content")
        return
    yield from report(
        callback,
        JASMIN,
        state=find(fields, "message_status"),
        provider_id=take(fields, "id"),
        code=find(fields, "err"),
    )


def _receive(callback: Callback, fields: Fields, **more: Any) -> InboundMessage:
    """A text, whose sender stays as it is where it may lack its country's code.

    An SMSC may leave that out: then the ledger's region says who it is, and a no binds both.
    """
    text = receive(callback, fields, **more)
    written = take(fields, "from").strip()
    return attrs.evolve(text, sender=written) if _SHORT_NUMBER.fullmatch(written) else text


def _decode(fields: Fields) -> object:
    """The text of an inbound one: UCS-2 comes as its bytes, and beside it in hexadecimal digits."""
    if find(fields, "coding") != _UCS2:
        return fields.get("content")
    try:
        return bytes.fromhex(find(fields, "binary")).decode("utf-16-be")
    except ValueError:
        raise CallbackError("'binary' is not UCS-2 in hexadecimal digits") from None
