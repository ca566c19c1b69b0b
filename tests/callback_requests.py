"""Callbacks as providers make them: a query, a form or JSON to an address of ours."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.x509.oid import NameOID

from sumotext_backend.providers import Callback

NOW = 1_764_444_000.0
"""The time at which tests sign, in seconds since 1970."""

URL = "https://texts.example.com/hooks/main/0f6c3d5e9f2a4c1b?ref=7f8d1c1e-ref"
PLAIN_URL = URL.partition("?")[0]
FORM = "application/x-www-form-urlencoded"

Fields = Mapping[str, str] | Iterable[tuple[str, str]]


def list_pairs(fields: Fields) -> list[tuple[str, str]]:
    """``fields`` as pairs."""
    return [*fields.items()] if isinstance(fields, Mapping) else [*fields]


def post_form(fields: Fields, url: str = PLAIN_URL) -> Callback:
    """A POST of a form."""
    body = urlencode(list_pairs(fields)).encode()
    return Callback(alias="main", method="POST", url=url, headers={"Content-Type": FORM}, body=body)


def post_json(value: Any, url: str = PLAIN_URL) -> Callback:
    """A POST of JSON."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    headers = {"content-type": "application/json; charset=utf-8"}
    return Callback(alias="main", method="POST", url=url, headers=headers, body=body)


def get(fields: Fields, url: str = PLAIN_URL) -> Callback:
    """A GET with ``fields`` behind the query that is there already."""
    query = urlencode(list_pairs(fields))
    return Callback(alias="main", method="GET", url=f"{url}{'&' if '?' in url else '?'}{query}")


def post_notification(message: Any, url: str = PLAIN_URL, **fields: str) -> Callback:
    """What Amazon SNS posts: ``message`` in an envelope, not signed yet."""
    envelope = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": message if isinstance(message, str) else json.dumps(message),
        **fields,
    }
    return post_json(envelope, url)


TOPIC = "arn:aws:sns:us-east-1:123456789012:texts"


def telnyx_keys(seed: int = 1) -> tuple[str, str]:
    """A private key of Ed25519 and its public one, both as base64."""
    private = ed25519.Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    raw = (private.private_bytes_raw(), private.public_key().public_bytes_raw())
    return base64.b64encode(raw[0]).decode(), base64.b64encode(raw[1]).decode()


@functools.cache
def sns_keys(number: int = 1, *, ended: bool = False, now: float = NOW) -> tuple[str, bytes]:
    """A private key of RSA, and a certificate of it, both as PEM; or one that has run out."""
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"sns{number}.amazonaws.com")])
    ends = dt.datetime.fromtimestamp(now, dt.UTC) + dt.timedelta(days=-1 if ended else 1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(number)
        .not_valid_before(ends - dt.timedelta(days=30))
        .not_valid_after(ends)
        .sign(private, hashes.SHA256())
    )
    key = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return key.decode(), certificate.public_bytes(serialization.Encoding.PEM)
