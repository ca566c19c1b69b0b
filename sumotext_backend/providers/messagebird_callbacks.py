"""What MessageBird calls us for: reports as a query, inbound texts as a form or JSON.

Source: MessageBird's pages on reports and on inbound messages, and its Python client's validator
of requests.
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
    read_either,
    take,
)
from sumotext_backend.providers.rest import make_reasons
from sumotext_backend.providers.signatures import (
    encode,
    hash_hex,
    is_fresh,
    matches,
    verify_token,
)

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "scheduled",
            DeliveryStatus.ENROUTE: "sent buffered",
            DeliveryStatus.DELIVERED: "delivered",
            DeliveryStatus.UNDELIVERABLE: "delivery_failed",
            DeliveryStatus.EXPIRED: "expired",
        }
    ),
    reasons=make_reasons({Reason.OPTED_OUT: "103"}),
)

_SHORT_CODE: Final = {"id": "mid", "recipient": "shortcode", "body": "message"}
"""What the fields of a text to a short code are called."""

_ALGORITHMS: Final = ("HS256", "HS384", "HS512")
_ISSUER: Final = b"MessageBird"


def read(callback: Callback) -> Iterator[Event]:
    """A text from a handset, or what became of one of ours."""
    fields = read_either(callback)
    if "status" not in fields:
        yield _read_text(callback, fields)
        return
    yield from report(
        callback,
        MEANINGS,
        state=find(fields, "status"),
        provider_id=take(fields, "id"),
        code=find(fields, "statusErrorCode"),
        reference=find_id(fields, "reference"),
        number=find_number(fields, "recipient"),
        at=find_time(fields, "statusDatetime"),
    )


def _read_text(callback: Callback, fields: Fields) -> Event:
    names = _SHORT_CODE if "shortcode" in fields else {name: name for name in _SHORT_CODE}
    return receive(
        callback,
        fields,
        sender="originator",
        recipient=names["recipient"],
        text=names["body"],
        provider_id=names["id"],
        keyword="keyword",
        at=find_time(fields, "createdDatetime", "receive_datetime"),
    )


def is_signed(callback: Callback, keys: Sequence[str], now: float) -> bool:
    """Whether the token is of one of ``keys``, of this time, and covers address and body."""
    token = callback.header("MessageBird-Signature-JWT")
    claims = verify_token(token, keys, _ALGORITHMS)
    if claims is None or encode(find(claims, "iss")) != _ISSUER:
        return False
    return _is_covered(callback, claims) and _is_valid_now(claims, now)


def _is_covered(callback: Callback, claims: Fields) -> bool:
    address = matches([encode(find(claims, "url_hash"))], [hash_hex(encode(callback.url))])
    expected = hash_hex(callback.body) if callback.body else b""
    return address and matches([encode(find(claims, "payload_hash"))], [expected])


def _is_valid_now(claims: Fields, now: float) -> bool:
    ends = find(claims, "exp")
    return is_fresh(find(claims, "nbf"), now) and ends.isdigit() and now <= int(ends)
