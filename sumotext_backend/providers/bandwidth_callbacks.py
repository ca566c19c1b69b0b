"""What Bandwidth calls us for: lists of events in JSON.

Source: Bandwidth's pages on messaging webhooks, on applications and on errors, and the models of
its Python client. It signs nothing, but logs in if the application says how.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryStatus, Event
from sumotext_backend.outcomes import Reason
from sumotext_backend.providers.incoming import Meanings, make_statuses, receive, report
from sumotext_backend.providers.reading import (
    Fields,
    find,
    find_id,
    find_number,
    find_object,
    find_time,
    list_objects,
    read_json,
    take,
)
from sumotext_backend.providers.rest import make_reasons

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "message-sending",
            DeliveryStatus.ENROUTE: "message-sent",
            DeliveryStatus.DELIVERED: "message-delivered message-read",
            DeliveryStatus.UNDELIVERABLE: "message-failed",
        }
    ),
    reasons=make_reasons(
        {
            Reason.OPTED_OUT: "4775 4482 4772 4790",
            Reason.INVALID_RECIPIENT: "4303 4404 4406 4720 4721",
            Reason.CONTENT: "4470 4770 4771",
            Reason.SENDER: "4403 4431 4773 4792 4795",
        }
    ),
    overrides=make_statuses({DeliveryStatus.EXPIRED: "4360", DeliveryStatus.UNKNOWN: "9902 9999"}),
)

_RECEIVED: Final = "message-received"


def read(callback: Callback) -> Iterator[Event]:
    """Texts from handsets, and what became of ours; other events tell nothing."""
    for event in list_objects(read_json(callback.body)):
        kind, message = take(event, "type"), find_object(event, "message")
        if kind == _RECEIVED:
            flat = {**message, "to": event.get("to")}
            yield receive(callback, flat, at=find_time(event, "time"))
        elif kind in MEANINGS.statuses:
            yield from _read_report(callback, event, message)


def _read_report(callback: Callback, event: Fields, message: Fields) -> Iterator[Event]:
    return report(
        callback,
        MEANINGS,
        state=take(event, "type"),
        provider_id=take(message, "id"),
        code=find(event, "errorCode"),
        reference=find_id(message, "tag"),
        number=find_number(event, "to"),
        at=find_time(event, "time"),
    )
