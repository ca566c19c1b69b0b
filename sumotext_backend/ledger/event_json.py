"""Events as the ledger keeps them: JSON, and what tells one from another; pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from sumotext_backend.events import (
    CrmUpdate,
    DeliveryReport,
    Event,
    InboundMessage,
    InfoRequest,
    OptIn,
    OptOut,
    Part,
    PollReply,
    SubscriptionRequest,
)
from sumotext_backend.frozen import thaw
from sumotext_backend.outcomes import Reason

KINDS: Final[dict[str, type[Any]]] = {
    cls.__name__: cls
    for cls in (
        CrmUpdate,
        DeliveryReport,
        InboundMessage,
        InfoRequest,
        OptIn,
        OptOut,
        PollReply,
        SubscriptionRequest,
    )
}
"""The classes of events by the name that stands in the ledger."""


def write_event(event: Event) -> str:
    """``event`` as JSON."""
    fields = {field.name: _write(getattr(event, field.name)) for field in attrs.fields(type(event))}
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":"))


def _write(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return attrs.asdict(value) if isinstance(value, Part) else thaw(value)


def read_event(kind: str, stored: str) -> Event:
    """The event that `write_event` wrote; what another version kept beside it is left out."""
    cls = KINDS[kind]
    known = {field.name for field in attrs.fields(cls)}
    fields = {name: each for name, each in json.loads(stored).items() if name in known}
    if fields.get("at"):
        fields["at"] = dt.datetime.fromisoformat(fields["at"])
    if fields.get("part"):
        fields["part"] = Part(**fields["part"])
    if fields.get("reason"):
        fields["reason"] = Reason(fields["reason"])
    made: Event = cls(**fields)
    return made


def identify(events: Iterable[Event]) -> Iterator[tuple[str | None, Event]]:
    """Each event of one callback with what a second delivery of it has, too.

    None where the provider gives no id: then two deliveries cannot be told from two events. A word
    of consent is known by the event that it stands behind.
    """
    before: str | None = None
    for event in events:
        if isinstance(event, OptOut | OptIn):
            own = before and f"{before}/{type(event).__name__}"
        else:
            own = before = _identify(event)
        # Of fixed length, so that an index takes the longest id.
        yield own and hashlib.sha256(own.encode("utf-8", "surrogatepass")).hexdigest(), event


def _identify(event: Event) -> str | None:
    match event:
        case DeliveryReport():
            said = (event.provider_id, event.reference, event.status, event.code, event.word)
            return json.dumps(["report", *said])
        case InboundMessage(provider_id=str(found)):
            part = event.part and [event.part.reference, event.part.number]
            # Where a gateway counts anew, another person's STOP must not be taken for a copy.
            return json.dumps(["text", found, part, event.sender, event.text])
        case SubscriptionRequest():
            return json.dumps(["subscription", event.topic, event.url])
    return None


def find_number(event: Event) -> str:
    """The number of the person that ``event`` is about; empty where it names nobody."""
    number: str = getattr(event, "number", "") or getattr(event, "sender", "")
    return number
