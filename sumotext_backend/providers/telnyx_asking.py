"""What Telnyx can be asked for: a text by its id.

Source: Telnyx's Python client and its pages on messages.
"""

from __future__ import annotations

from collections.abc import Iterator

from sumotext_backend.asking import NoAnswer
from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.http import Response
from sumotext_backend.providers import telnyx_callbacks
from sumotext_backend.providers.pulled import pull, take_report
from sumotext_backend.providers.reading import find_object, read_object


def read_report(response: Response, message_id: str, alias: str) -> DeliveryReport | NoAnswer:
    """The status in a text's own record."""
    callback = pull(response, alias)
    return take_report(lambda: _read(callback), message_id)


def _read(callback: Callback) -> Iterator[Event]:
    record = find_object(read_object(callback), "data")
    return telnyx_callbacks.read_report(callback, {}, record)
