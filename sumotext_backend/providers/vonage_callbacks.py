"""What Vonage calls us for: reports and inbound texts of its SMS API and of its Messages API.

Source: Vonage's guides on inbound texts, on delivery receipts and on signed webhooks, its OpenAPI
descriptions, and its Python clients. The SMS API sends a query, a form or JSON, as the account
says, and signs the fields; the Messages API sends JSON, and signs by a token that has its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryStatus, Event, Part
from sumotext_backend.outcomes import Reason
from sumotext_backend.providers.incoming import (
    Meanings,
    make_statuses,
    read_part,
    receive,
    report,
)
from sumotext_backend.providers.reading import (
    Fields,
    find,
    find_id,
    find_number,
    find_object,
    find_time,
    read_either,
    take,
)
from sumotext_backend.providers.rest import make_reasons
from sumotext_backend.providers.signatures import (
    digest,
    encode,
    hash_hex,
    is_fresh,
    matches,
    verify_token,
)

Method = Literal["md5hash", "md5", "sha1", "sha256", "sha512"]
"""How an account signs; ``md5hash`` is the MD5 of the fields with the secret after them."""

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "accepted submitted",
            DeliveryStatus.ENROUTE: "buffered",
            DeliveryStatus.DELIVERED: "delivered read",
            DeliveryStatus.UNDELIVERABLE: "failed undeliverable",
            DeliveryStatus.REJECTED: "rejected",
            DeliveryStatus.EXPIRED: "expired",
            DeliveryStatus.DELETED: "deleted",
            DeliveryStatus.UNKNOWN: "unknown",
        }
    ),
    reasons=make_reasons(
        {
            Reason.OPTED_OUT: "9 53 1240",
            Reason.INVALID_RECIPIENT: "3 11 12 1170",
            Reason.CONTENT: "6 52 1210",
        }
    ),
)
"""Codes of four digits are those of the Messages API."""


def read(callback: Callback) -> Iterator[Event]:
    """A text from a handset, or what became of one of ours."""
    fields = read_either(callback)
    if "message_uuid" in fields:
        yield from _read_message(callback, fields)
    elif "status" in fields:
        yield from report(
            callback,
            MEANINGS,
            state=find(fields, "status"),
            provider_id=take(fields, "messageId", "message-id"),
            code=find(fields, "err-code"),
            reference=find_id(fields, "client-ref"),
            number=find_number(fields, "msisdn"),
            at=find_time(fields, "message-timestamp"),
        )
    else:
        yield receive(
            callback,
            fields,
            sender="msisdn",
            provider_id="messageId",
            keyword="keyword",
            part=_find_part(fields),
            at=find_time(fields, "message-timestamp"),
        )


def _find_part(fields: Fields) -> Part | None:
    number, count = find(fields, "concat-part"), find(fields, "concat-total")
    return read_part(find(fields, "concat-ref"), number, count)


def _read_message(callback: Callback, fields: Fields) -> Iterator[Event]:
    """An event of the Messages API."""
    at = find_time(fields, "timestamp")
    if "status" not in fields:
        # What comes by another channel, or is a picture, is no text.
        if find(fields, "channel") == "sms" and find(fields, "message_type") == "text":
            word = find(find_object(fields, "sms"), "keyword")
            flat = {**fields, "keyword": word}
            yield receive(callback, flat, provider_id="message_uuid", keyword="keyword", at=at)
        return
    error = find_object(fields, "error")
    yield from report(
        callback,
        MEANINGS,
        state=find(fields, "status"),
        provider_id=take(fields, "message_uuid"),
        code=find(error, "type").partition("#")[2] or find(error, "title"),
        reference=find_id(fields, "client_ref"),
        number=find_number(fields, "to"),
        at=at,
    )


def is_signed(callback: Callback, keys: Sequence[str], now: float, method: Method) -> bool:
    """Whether it is signed with one of ``keys``, at most five minutes ago.

    By a token in the header ``Authorization``, or by the field ``sig`` over the others.
    """
    scheme, _, token = callback.header("Authorization").partition(" ")
    if scheme.lower() == "bearer":
        return _has_token(callback, token.strip(), keys, now)
    fields = read_either(callback)
    given = encode(find(fields, "sig").lower())
    content = _write_fields(fields)
    expected = [_sign(content, key, method) for key in keys]
    return matches([given], expected) and is_fresh(find(fields, "timestamp"), now)


def _has_token(callback: Callback, token: str, keys: Sequence[str], now: float) -> bool:
    """Whether ``token`` covers the body; nothing says that it covers a query."""
    claims = verify_token(token, keys, ("HS256",))
    if claims is None or not callback.body:
        return False
    covered = matches([encode(find(claims, "payload_hash"))], [hash_hex(callback.body)])
    return covered and is_fresh(find(claims, "iat"), now)


def _write_fields(fields: Fields) -> bytes:
    """What is signed: all fields but the signature, sorted by name."""
    names = sorted(name for name in fields if name != "sig")
    values = (find(fields, name).replace("&", "_").replace("=", "_") for name in names)
    return encode("".join(f"&{name}={value}" for name, value in zip(names, values, strict=True)))


def _sign(content: bytes, key: str, method: Method) -> bytes:
    if method == "md5hash":
        # Vonage's oldest, which an account has unless it chose another.
        plain = hashlib.md5(content + key.encode(), usedforsecurity=False)
        return plain.hexdigest().encode()
    return digest(key, content, method).hex().encode()
