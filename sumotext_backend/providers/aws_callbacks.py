"""What Amazon SNS calls us for: events of End User Messaging SMS, and texts from handsets.

Source: AWS's pages on messaging events, on two-way SMS, on the JSON that SNS posts and on verifying
its signatures. SNS signs for whoever has a topic, so that a signature says something only with the
name of one's own topic.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

import attrs

from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryStatus, Event, SubscriptionRequest
from sumotext_backend.exceptions import CallbackError, ConfigurationError
from sumotext_backend.outcomes import Reason
from sumotext_backend.providers.incoming import Meanings, make_statuses, receive, report
from sumotext_backend.providers.reading import (
    Fields,
    find,
    find_id,
    find_number,
    find_object,
    find_time,
    read_json,
    read_object,
    read_time,
    take,
)
from sumotext_backend.providers.rest import make_reasons
from sumotext_backend.providers.signatures import MAX_AGE_SECONDS, encode

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "queued pending",
            DeliveryStatus.ENROUTE: "sent",
            DeliveryStatus.ACCEPTED: "successful",
            DeliveryStatus.DELIVERED: "delivered",
            DeliveryStatus.UNDELIVERABLE: (
                "invalid invalid_message unreachable carrier_unreachable"
            ),
            DeliveryStatus.REJECTED: "blocked carrier_blocked spam protect_blocked",
            DeliveryStatus.EXPIRED: "ttl_expired",
            DeliveryStatus.UNKNOWN: "unknown",
        }
    ),
    reasons=make_reasons(
        {
            Reason.INVALID_RECIPIENT: "INVALID",
            Reason.INVALID_MESSAGE: "INVALID_MESSAGE",
            Reason.REFUSED: "BLOCKED CARRIER_BLOCKED PROTECT_BLOCKED",
            Reason.CONTENT: "SPAM",
        }
    ),
)
"""The statuses are codes as well: there are no others."""

_HOST: Final = r"https://sns\.[a-z0-9-]{4,40}\.amazonaws\.com(?:\.cn)?"
_CERTIFICATE: Final = re.compile(rf"{_HOST}/[A-Za-z0-9_-]{{1,200}}\.pem")
_CONFIRM: Final = re.compile(rf"{_HOST}/[!-~]*")

_TOPIC: Final = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]{1,260}")

_SIGNED: Final = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_SIGNED_QUESTION: Final = (
    *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
)


def read(callback: Callback) -> Iterator[Event]:
    """What SNS hands over of the service's events, or its question whether it may call."""
    envelope = read_object(callback)
    match take(envelope, "Type"):
        case "Notification":
            yield from _read_message(callback, read_json(find(envelope, "Message")))
        case "SubscriptionConfirmation":
            url = find(envelope, "SubscribeURL")
            if not _CONFIRM.fullmatch(url):
                raise CallbackError("'SubscribeURL' is not an address of Amazon SNS")
            topic = take(envelope, "TopicArn")
            yield SubscriptionRequest(alias=callback.alias, topic=topic, url=url)


def _read_message(callback: Callback, message: object) -> Iterator[Event]:
    if not isinstance(message, dict):
        raise CallbackError("'Message' is not a JSON object")
    if "inboundMessageId" in message:
        yield receive(
            callback,
            message,
            sender="originationNumber",
            recipient="destinationNumber",
            text="messageBody",
            provider_id="inboundMessageId",
            keyword="messageKeyword",
        )
    elif "messageStatus" in message:
        yield from _read_status(callback, message)


def _read_status(callback: Callback, message: Fields) -> Iterator[Event]:
    status = take(message, "messageStatus")
    return report(
        callback,
        MEANINGS,
        state=status,
        provider_id=take(message, "messageId"),
        code=status if status in MEANINGS.reasons else "",
        reference=find_id(find_object(message, "context"), "ref"),
        number=find_number(message, "destinationPhoneNumber"),
        at=find_time(message, "eventTimestamp"),
        final=message.get("isFinal") is True,
    )


def check_topics(_: object, field: attrs.Attribute[Any], value: tuple[object, ...]) -> None:
    """Validate the names of topics. Raises `ConfigurationError`."""
    if not all(isinstance(each, str) and _TOPIC.fullmatch(each) for each in value):
        raise ConfigurationError(f"option {field.name!r} wants ARNs, arn:aws:sns:…")


def find_certificate_url(callback: Callback) -> str | None:
    """Where the certificate is, if that is an address of Amazon SNS."""
    try:
        url = find(read_object(callback), "SigningCertURL")
    except CallbackError:
        return None
    return url if _CERTIFICATE.fullmatch(url) else None


def is_signed(callback: Callback, topics: Collection[str], now: float) -> bool:
    """Whether it is of one of ``topics``, at most five minutes old, and signed by the certificate.

    The certificate is that of the callback, fetched from where it says: `find_certificate_url`.
    """
    envelope = read_object(callback)
    known = find(envelope, "TopicArn") in topics and find_certificate_url(callback) is not None
    return known and _is_fresh(envelope, now) and _verify(envelope, callback.certificate, now)


def _is_fresh(envelope: Fields, now: float) -> bool:
    at = read_time(find(envelope, "Timestamp"))
    return at is not None and abs(now - at.timestamp()) <= MAX_AGE_SECONDS


def _write_signed(envelope: Fields) -> bytes:
    """The names and values that are signed, each on a line; without a subject, not that."""
    names = _SIGNED if find(envelope, "Type") == "Notification" else _SIGNED_QUESTION
    there = [name for name in names if envelope.get(name) is not None]
    return encode("".join(f"{name}\n{find(envelope, name)}\n" for name in there))


def _verify(envelope: Fields, certificate: bytes, now: float) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.x509 import load_pem_x509_certificate

    versions = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303 - SNS's own first version
    algorithm = versions.get(find(envelope, "SignatureVersion"))
    at = dt.datetime.fromtimestamp(now, dt.UTC)
    try:
        given = base64.b64decode(find(envelope, "Signature"), validate=True)
        found = load_pem_x509_certificate(certificate)
        key = found.public_key()
        valid = found.not_valid_before_utc <= at <= found.not_valid_after_utc
        if not (algorithm and valid and isinstance(key, rsa.RSAPublicKey)):
            return False
        key.verify(given, _write_signed(envelope), padding.PKCS1v15(), algorithm)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error):
        return False
    return True
