"""What MessageBird can be asked for: a text by its id.

Source: MessageBird's OpenAPI description and its Python client.
"""

from __future__ import annotations

from collections.abc import Iterator

from sumotext_backend.asking import NoAnswer
from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.http import Response
from sumotext_backend.providers.incoming import report
from sumotext_backend.providers.messagebird_callbacks import MEANINGS
from sumotext_backend.providers.pulled import pull, take_report
from sumotext_backend.providers.reading import (
    find,
    find_id,
    find_object,
    find_time,
    list_objects,
    read_object,
    take,
)


def read_report(response: Response, message_id: str, alias: str) -> DeliveryReport | NoAnswer:
    """The status of the one recipient in a text's own record."""
    callback = pull(response, alias)
    return take_report(lambda: _read(callback), message_id)


def _read(callback: Callback) -> Iterator[Event]:
    record = read_object(callback)
    for recipient in list_objects(find_object(record, "recipients").get("items")):
        yield from report(
            callback,
            MEANINGS,
            state=find(recipient, "status"),
            provider_id=take(record, "id"),
            code=find(recipient, "statusErrorCode"),
            reference=find_id(record, "reference"),
            at=find_time(recipient, "statusDatetime"),
        )
