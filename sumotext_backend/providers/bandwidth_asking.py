"""What Bandwidth can be asked for: a text by its id, in a list that is searched.

Source: Bandwidth's OpenAPI description.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryReport, DeliveryStatus, Event
from sumotext_backend.http import Response
from sumotext_backend.providers import bandwidth_callbacks
from sumotext_backend.providers.incoming import make_statuses, report
from sumotext_backend.providers.pulled import pull, take_report
from sumotext_backend.providers.reading import find, list_objects, read_object, take

MEANINGS: Final = attrs.evolve(
    bandwidth_callbacks.MEANINGS,
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "queued sending accepted",
            DeliveryStatus.ENROUTE: "sent",
            DeliveryStatus.DELIVERED: "delivered",
            DeliveryStatus.UNDELIVERABLE: "failed undelivered",
        }
    ),
)
"""The list has other words than callbacks."""


def read_report(response: Response, message_id: str, alias: str) -> DeliveryReport | NoAnswer:
    """The status of the text in the list."""
    callback = pull(response, alias)
    return take_report(lambda: _read(callback), message_id)


def _read(callback: Callback) -> Iterator[Event]:
    for record in list_objects(read_object(callback).get("messages")):
        yield from report(
            callback,
            MEANINGS,
            state=find(record, "messageStatus"),
            provider_id=take(record, "messageId"),
            code=find(record, "errorCode"),
        )
