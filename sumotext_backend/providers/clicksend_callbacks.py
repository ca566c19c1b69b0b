"""What ClickSend calls us for: receipts and inbound texts, as forms; it signs nothing.

Source: ClickSend's pages on delivery receipts and inbound SMS, and its clients.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryStatus, Event
from sumotext_backend.providers.incoming import Meanings, make_statuses, receive, report
from sumotext_backend.providers.reading import find, find_id, find_time, read_either, take

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "200 300",
            DeliveryStatus.DELIVERED: "201",
            DeliveryStatus.UNDELIVERABLE: "301",
        }
    )
)


def read(callback: Callback) -> Iterator[Event]:
    """A text from a handset, or what became of one of ours."""
    fields = read_either(callback)
    at = find_time(fields, "timestamp")
    if "status_code" not in fields:
        yield receive(callback, fields, text="body", provider_id="message_id", at=at)
        return
    yield from report(
        callback,
        MEANINGS,
        state=find(fields, "status_code"),
        words=find(fields, "status_text"),
        provider_id=take(fields, "message_id"),
        code=find(fields, "error_code"),
        reference=find_id(fields, "custom_string"),
        at=at,
    )
