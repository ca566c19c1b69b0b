"""What Plivo can be asked for: a text by its id.

Source: Plivo's pages on the Message resource and its Python client.
"""

from __future__ import annotations

from collections.abc import Iterator

from sumotext_backend.asking import NoAnswer
from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.http import Response
from sumotext_backend.providers.incoming import report
from sumotext_backend.providers.plivo_callbacks import MEANINGS
from sumotext_backend.providers.pulled import pull, take_report
from sumotext_backend.providers.reading import find, read_object, take


def read_report(response: Response, message_uuid: str, alias: str) -> DeliveryReport | NoAnswer:
    """The state in a text's own record."""
    callback = pull(response, alias)
    return take_report(lambda: _read(callback), message_uuid)


def _read(callback: Callback) -> Iterator[Event]:
    record = read_object(callback)
    return report(
        callback,
        MEANINGS,
        state=find(record, "message_state"),
        provider_id=take(record, "message_uuid"),
        code=find(record, "error_code"),
    )
