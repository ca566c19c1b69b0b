"""What 46elks calls us for: reports and inbound texts, as forms.

Source: 46elks' pages on SMS delivery reports and on receiving SMS. It signs nothing, but logs in
where the address says how. What we answer to an inbound text is texted back: nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryStatus, Event
from sumotext_backend.providers.incoming import Meanings, make_statuses, receive, report
from sumotext_backend.providers.reading import find, find_time, read_form, take

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "created",
            DeliveryStatus.ENROUTE: "sent",
            DeliveryStatus.DELIVERED: "delivered",
            DeliveryStatus.UNDELIVERABLE: "failed",
        }
    )
)


def read(callback: Callback) -> Iterator[Event]:
    """A text from a handset, or what became of one of ours."""
    fields = read_form(callback)
    if "status" not in fields:
        yield receive(callback, fields, text="message", at=find_time(fields, "created"))
        return
    yield from report(
        callback,
        MEANINGS,
        state=find(fields, "status"),
        provider_id=take(fields, "id"),
        at=find_time(fields, "delivered"),
    )
