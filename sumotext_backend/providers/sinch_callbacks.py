"""What Sinch calls us for: reports and inbound texts, as JSON.

Source: Sinch's pages on webhooks and on delivery reports, and its Python client, which also has
the scheme of its signatures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    find_time,
    list_objects,
    read_object,
    take,
)
from sumotext_backend.providers.rest import make_reasons
from sumotext_backend.providers.signatures import digest_base64, encode, is_fresh, matches

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "queued",
            DeliveryStatus.ENROUTE: "dispatched",
            DeliveryStatus.DELIVERED: "delivered",
            DeliveryStatus.UNDELIVERABLE: "failed aborted",
            DeliveryStatus.REJECTED: "rejected",
            DeliveryStatus.EXPIRED: "expired",
            DeliveryStatus.DELETED: "deleted cancelled",
            DeliveryStatus.UNKNOWN: "unknown",
        }
    ),
    # Deleted at the carrier's: an opt-out, or no number. Either way it is not to be texted.
    reasons=make_reasons({Reason.OPTED_OUT: "404"}),
)

_SIGNATURE: Final = "X-Sinch-Webhook-Signature"


def read(callback: Callback) -> Iterator[Event]:
    """A text from a handset, or what became of one of ours; other events tell nothing."""
    fields = read_object(callback)
    match take(fields, "type"):
        case "mo_text":
            yield receive(callback, fields, text="body", at=find_time(fields, "received_at"))
        case "recipient_delivery_report_sms":
            number = find_number(fields, "recipient")
            yield from _read_status(callback, fields, fields, number)
        case "delivery_report_sms":
            for status in list_objects(fields.get("statuses")):
                yield from _read_status(callback, fields, status, _find_only(status))


def _read_status(
    callback: Callback, fields: Fields, status: Fields, number: str
) -> Iterator[Event]:
    return report(
        callback,
        MEANINGS,
        state=find(status, "status"),
        provider_id=take(fields, "batch_id"),
        code=find(status, "code"),
        reference=find_id(fields, "client_reference"),
        number=number,
        at=find_time(fields, "operator_status_at", "at"),
    )


def _find_only(status: Fields) -> str:
    """The number that a summary is about, where it names one alone."""
    match status.get("recipients"):
        case [str(number)]:
            return find_number({"recipients": number}, "recipients")
    return ""


def is_signed(callback: Callback, keys: Sequence[str], now: float) -> bool:
    """Whether the signature is of one of ``keys``, and its time stamp at most five minutes old."""
    nonce = callback.header(f"{_SIGNATURE}-Nonce")
    stamp = callback.header(f"{_SIGNATURE}-Timestamp")
    content = callback.body + encode(f".{nonce}.{stamp}")
    expected = [digest_base64(key, content) for key in keys]
    given = encode(callback.header(_SIGNATURE))
    return bool(nonce) and matches([given], expected) and is_fresh(stamp, now)
