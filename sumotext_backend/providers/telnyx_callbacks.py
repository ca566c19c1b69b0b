"""What Telnyx calls us for: one event of JSON each.

Source: Telnyx's pages on messaging webhooks and their types in its Python client, which also has
the scheme of its signatures.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from sumotext_backend.callbacks import Callback
from sumotext_backend.events import ConsentSource, DeliveryStatus, Event, OptIn, OptOut
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.outcomes import Reason
from sumotext_backend.providers.incoming import Meanings, make_statuses, receive, report
from sumotext_backend.providers.reading import (
    Fields,
    find,
    find_number,
    find_object,
    find_time,
    list_objects,
    read_object,
    take,
)
from sumotext_backend.providers.rest import make_reasons
from sumotext_backend.providers.signatures import encode, is_fresh

# As in the answer to a send, its title tells which of two things it is.
_BLOCKED: Final = "40300"
_STOPPED: Final = re.compile(r"\bSTOP\b")

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "queued sending",
            DeliveryStatus.ENROUTE: "sent",
            DeliveryStatus.DELIVERED: "delivered",
            DeliveryStatus.UNDELIVERABLE: "sending_failed delivery_failed",
            DeliveryStatus.EXPIRED: "expired",
            DeliveryStatus.UNKNOWN: "delivery_unconfirmed",
        }
    ),
    reasons=make_reasons(
        {
            Reason.OPTED_OUT: _BLOCKED,
            Reason.INVALID_RECIPIENT: "40310 40012 40001 10002 10016",
            Reason.CONTENT: "40322 40009 40015 40002 40003",
            Reason.SENDER: "40305 40306 40013 40010 40100 40309 40315 40320 40321 40329",
            Reason.NO_CREDIT: "20100",
        }
    ),
)

_OTHERWISE: Final = attrs.evolve(MEANINGS, reasons={**MEANINGS.reasons, _BLOCKED: Reason.REFUSED})

_REPORTS: Final = ("message.sent", "message.finalized")
_CONSENT: Final[Mapping[str, type[OptOut | OptIn]]] = {
    "OPT_OUT": OptOut,
    "STOP": OptOut,
    "OPT_IN": OptIn,
    "START": OptIn,
}
_KEY_BYTES: Final = 32


def read(callback: Callback) -> Iterator[Event]:
    """A text from a handset, or what became of one of ours; other events tell nothing."""
    data = find_object(read_object(callback), "data")
    payload = find_object(data, "payload")
    kind = take(data, "event_type")
    if kind == "message.received":
        yield from _read_text(callback, payload)
    elif kind in _REPORTS:
        yield from _read_report(callback, data, payload)


def _read_text(callback: Callback, payload: Fields) -> Iterator[Event]:
    recipients = list_objects(payload.get("to"))
    flat = {
        "from": find_object(payload, "from").get("phone_number"),
        "to": next((each.get("phone_number") for each in recipients), None),
        "text": payload.get("text"),
        "id": payload.get("id"),
    }
    at = find_time(payload, "received_at")
    yield receive(callback, flat, at=at)
    # Set where Telnyx itself understood the word.
    if said := _CONSENT.get(find(payload, "autoresponse_type").upper()):
        number = find_number(flat, "from")
        yield said(alias=callback.alias, number=number, source=ConsentSource.PROVIDER, at=at)


def _read_report(callback: Callback, data: Fields, payload: Fields) -> Iterator[Event]:
    errors = list_objects(payload.get("errors") or [])
    code = next((find(each, "code") for each in errors), "")
    meanings = MEANINGS if _is_stop(errors) else _OTHERWISE
    for recipient in list_objects(payload.get("to")):
        yield from report(
            callback,
            meanings,
            state=find(recipient, "status"),
            provider_id=take(payload, "id"),
            code=code,
            number=find_number(recipient, "phone_number"),
            at=find_time(data, "occurred_at"),
        )


def _is_stop(errors: list[Fields]) -> bool:
    """Whether an opt-out is what 40300 says, which was seen for a sender's fault too."""
    return any(_STOPPED.search(find(each, "title")) for each in errors)


def is_signed(callback: Callback, keys: Sequence[str], now: float) -> bool:
    """Whether the signature is of one of ``keys``, and its time stamp at most five minutes old."""
    stamp = callback.header("Telnyx-Timestamp")
    content = encode(f"{stamp}|") + callback.body
    try:
        given = base64.b64decode(callback.header("Telnyx-Signature-Ed25519"), validate=True)
    except (ValueError, binascii.Error):
        return False
    fits = [_verify(base64.b64decode(key), given, content) for key in keys]
    return any(fits) and is_fresh(stamp, now)


def _verify(key: bytes, given: bytes, content: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(given, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def check_public_keys(_: object, field: attrs.Attribute[Any], value: tuple[str, ...]) -> None:
    """Validate Telnyx's public keys. Raises `ConfigurationError`."""
    if not all(map(_is_public_key, value)):
        raise ConfigurationError(f"option {field.name!r} wants the base64 of {_KEY_BYTES} bytes")


def _is_public_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == _KEY_BYTES
    except (ValueError, binascii.Error):
        return False
