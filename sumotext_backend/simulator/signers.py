"""Callbacks signed as each provider signs them; pure: keys and time come in.

Not made of what checks them, so that each can judge the other. A signer takes a callback, a key and
the time in seconds since 1970, and returns the callback with what proves it.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import attrs

from sumotext_backend.callbacks import Callback

Signer = Callable[[Callback, str, float], Callback]

FORM: Final = "application/x-www-form-urlencoded"

SNS_CERTIFICATE_URL: Final = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem"

_JWT_HASHES: Final = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
_SNS_FIELDS: Final = "Message MessageId Subject Timestamp TopicArn Type"
_SNS_QUESTION: Final = "Message MessageId SubscribeURL Timestamp Token TopicArn Type"


def sign_twilio(
    callback: Callback, key: str, now: float, *, algorithm: str = "HMAC_SHA1"
) -> Callback:
    """As Twilio: by the account's token, or by a shared key with ``HMAC_SHA256``."""
    headers = {}
    if algorithm != "HMAC_SHA1":
        headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=shared,algorithm={algorithm}"
    if callback.body and not _is_form(callback):
        content_hash = hashlib.sha256(callback.body).hexdigest()
        callback = attrs.evolve(callback, url=_extend(callback.url, f"bodySHA256={content_hash}"))
    pairs = _list_form(callback) if _is_form(callback) else []
    content = callback.url + "".join(f"{name}{value}" for name, value in sorted({*pairs}))
    name = algorithm.removeprefix("HMAC_").lower()
    headers["X-Twilio-Signature"] = _base64(_hmac(key, _encode(content), name))
    return _add(callback, headers)


def sign_plivo(callback: Callback, key: str, now: float) -> Callback:
    """As Plivo signs the callbacks of messaging: version 2, by the account and by its main one."""
    nonce = _make_nonce(now)
    signature = _base64(_hmac(key, _encode(callback.url.partition("?")[0] + nonce)))
    prefix = "X-Plivo-Signature"
    return _add(
        callback,
        {f"{prefix}-V2": signature, f"{prefix}-Ma-V2": signature, f"{prefix}-V2-Nonce": nonce},
    )


def sign_plivo_v3(callback: Callback, key: str, now: float) -> Callback:
    """As Plivo signs its other callbacks: version 3."""
    nonce = _make_nonce(now)
    base, _, query = callback.url.partition("?")
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    form = sorted(_list_form(callback))
    content = base
    if pairs or form:
        content += "?" + "&".join(f"{name}={value}" for name, value in pairs)
    if pairs and form:
        content += "."
    content += "".join(f"{name}{value}" for name, value in form)
    signature = _base64(_hmac(key, _encode(f"{content}.{nonce}")))
    headers = {"X-Plivo-Signature-V3": signature, "X-Plivo-Signature-V3-Nonce": nonce}
    return _add(callback, headers)


def sign_vonage(callback: Callback, key: str, now: float, *, method: str = "sha256") -> Callback:
    """As Vonage's SMS API: ``timestamp``, ``nonce`` and ``sig`` among the fields."""
    pairs = [*_list_fields(callback), ("timestamp", str(int(now))), ("nonce", _make_nonce(now))]
    cleaned = sorted((name, value.replace("&", "_").replace("=", "_")) for name, value in pairs)
    content = _encode("".join(f"&{name}={value}" for name, value in cleaned))
    if method == "md5hash":
        signature = hashlib.md5(content + key.encode(), usedforsecurity=False).hexdigest()
    else:
        signature = _hmac(key, content, method).hex()
    return _write_fields(callback, [*pairs, ("sig", signature)])


def sign_vonage_token(callback: Callback, key: str, now: float) -> Callback:
    """As Vonage's Messages API: a token that has the body's hash."""
    claims = {
        "iat": int(now),
        "jti": _make_nonce(now),
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(callback.body).hexdigest(),
    }
    return _add(callback, {"Authorization": f"Bearer {make_token(claims, key)}"})


def sign_messagebird(callback: Callback, key: str, now: float) -> Callback:
    """As MessageBird: a token that has the hashes of address and body."""
    claims: dict[str, object] = {
        "iss": "MessageBird",
        "nbf": int(now),
        "exp": int(now) + 60,
        "jti": _make_nonce(now),
        "url_hash": hashlib.sha256(_encode(callback.url)).hexdigest(),
    }
    if callback.body:
        claims["payload_hash"] = hashlib.sha256(callback.body).hexdigest()
    return _add(callback, {"MessageBird-Signature-JWT": make_token(claims, key)})


def make_token(claims: Mapping[str, object], key: str, algorithm: str = "HS256") -> str:
    """A JSON Web Token."""
    head = {"alg": algorithm, "typ": "JWT"}
    content = ".".join(_base64_url(json.dumps(each).encode()) for each in (head, claims))
    signature = _hmac(key, content.encode(), _JWT_HASHES[algorithm])
    return f"{content}.{_base64_url(signature)}"


def sign_sinch(callback: Callback, key: str, now: float) -> Callback:
    """As Sinch."""
    nonce, stamp = _make_nonce(now), str(int(now))
    content = callback.body + f".{nonce}.{stamp}".encode()
    prefix = "X-Sinch-Webhook-Signature"
    signature = _base64(_hmac(key, content))
    headers = {prefix: signature, f"{prefix}-Nonce": nonce, f"{prefix}-Timestamp": stamp}
    return _add(callback, headers)


def sign_telnyx(callback: Callback, key: str, now: float) -> Callback:
    """As Telnyx; ``key`` is the base64 of the 32 bytes of a private key. Needs `cryptography`."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    stamp = str(int(now))
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key))
    signature = _base64(private.sign(f"{stamp}|".encode() + callback.body))
    headers = {"Telnyx-Signature-Ed25519": signature, "Telnyx-Timestamp": stamp}
    return _add(callback, headers)


def sign_sns(callback: Callback, key: str, now: float, *, version: str = "2") -> Callback:
    """As Amazon SNS: the body, JSON, gets the time and the signature; ``key`` is a PEM.

    Needs `cryptography`.
    """
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    body = {**json.loads(callback.body), "Timestamp": _write_time(now)}
    names = _SNS_FIELDS if body["Type"] == "Notification" else _SNS_QUESTION
    content = "".join(f"{name}\n{body[name]}\n" for name in names.split() if name in body).encode()
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()  # noqa: S303 - SNS's version 1
    signature = _base64(_load(key).sign(content, padding.PKCS1v15(), algorithm))
    body |= {"SignatureVersion": version, "Signature": signature}
    body["SigningCertURL"] = SNS_CERTIFICATE_URL
    return attrs.evolve(callback, body=json.dumps(body).encode())


@functools.cache
def _load(key: str) -> Any:
    """The private key of a PEM; loading one checks it, which takes longer than to sign."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(key.encode(), None)


def log_in(callback: Callback, key: str, now: float) -> Callback:
    """With HTTP's Basic login; ``key`` is ``user:password``."""
    return _add(callback, {"Authorization": f"Basic {_base64(key.encode())}"})


SIGNERS: Final[Mapping[str, Signer]] = {
    "46elks": log_in,
    "aws": sign_sns,
    "bandwidth": log_in,
    "infobip": log_in,
    "messagebird": sign_messagebird,
    "plivo": sign_plivo,
    "sinch": sign_sinch,
    "telnyx": sign_telnyx,
    "twilio": sign_twilio,
    "vonage": sign_vonage,
}
"""By the name of the backend; those that are not here sign nothing."""


def _is_form(callback: Callback) -> bool:
    return callback.method != "GET" and FORM in callback.header("Content-Type")


def _list_form(callback: Callback) -> list[tuple[str, str]]:
    if not _is_form(callback):
        return []
    return parse_qsl(callback.body.decode(), keep_blank_values=True)


def _list_fields(callback: Callback) -> list[tuple[str, str]]:
    if callback.method == "GET":
        return callback.query
    if _is_form(callback):
        return _list_form(callback)
    return [(name, str(value)) for name, value in json.loads(callback.body).items()]


def _write_fields(callback: Callback, pairs: list[tuple[str, str]]) -> Callback:
    if callback.method == "GET":
        base = callback.url.partition("?")[0]
        return attrs.evolve(callback, url=f"{base}?{urlencode(pairs)}")
    form = _is_form(callback)
    body = urlencode(pairs) if form else json.dumps(dict(pairs))
    return attrs.evolve(callback, body=body.encode())


def _extend(url: str, field: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{field}"


def _add(callback: Callback, headers: Mapping[str, str]) -> Callback:
    added = {name.lower(): value for name, value in headers.items()}
    return attrs.evolve(callback, headers={**callback.headers, **added})


def _make_nonce(now: float) -> str:
    return f"{int(now * 1_000_000):020d}"


def _write_time(now: float) -> str:
    at = dt.datetime.fromtimestamp(now, dt.UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _hmac(key: str, content: bytes, algorithm: str = "sha256") -> bytes:
    return hmac.new(key.encode(), content, algorithm).digest()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _base64_url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
