"""How a callback proves whose it is: keyed hashes, JSON Web Tokens, HTTP's Basic login; pure.

What is given and what is expected are compared as bytes, in constant time, and every key of a
rotation is tried whether or not one fitted before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import importlib.util
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import attrs

from sumotext_backend.callbacks import Authenticity, Callback
from sumotext_backend.exceptions import CallbackError, ConfigurationError
from sumotext_backend.providers.reading import Fields, read_json

MAX_AGE_SECONDS: Final = 300
"""What a time stamp may be away from now, to either side."""

_HASHES: Final = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}


def keys_option(words: str, validator: Any = None) -> Any:
    """The option ``callback_keys`` of a backend; ``words`` say what the provider calls them.

    ``validator`` is one of attrs', of all keys, for those that are not just any words.
    """
    return attrs.field(
        default=(),
        repr=False,
        converter=tuple,
        validator=[_check_keys, *([validator] if validator else [])],
        metadata={"help": f"{words}; several while they are rotated", "secret": True},
    )


def require_cryptography(option: str) -> None:
    """Raise `ConfigurationError` where ``option`` needs what is not installed."""
    if importlib.util.find_spec("cryptography") is None:
        raise ConfigurationError(
            f"option {option!r} needs cryptography: pip install 'sumotext-backend[callbacks]'",
            option=option,
        )


def login_option() -> Any:
    """The option ``callback_keys`` of a backend whose provider can log in where it calls."""
    return keys_option("user:password of the Basic login that callbacks come with", _check_logins)


def _check_logins(_: object, field: attrs.Attribute[Any], value: tuple[str, ...]) -> None:
    if not all(all(each.partition(":")) for each in value):
        raise ConfigurationError(f"option {field.name!r} wants user:password")


def _check_keys(_: object, field: attrs.Attribute[Any], value: tuple[object, ...]) -> None:
    if not all(isinstance(each, str) and each and each == each.strip() for each in value):
        raise ConfigurationError(f"option {field.name!r} has a key that is empty or padded")


def authenticate(keys: Sequence[object], is_proven: Callable[[], bool]) -> Authenticity:
    """What is known of a callback: nothing without ``keys``, else what ``is_proven`` says.

    One that cannot be read far enough to tell is `Authenticity.WRONG`.
    """
    if not keys:
        return Authenticity.UNPROVEN
    try:
        proven = is_proven()
    except CallbackError:
        proven = False
    return Authenticity.PROVEN if proven else Authenticity.WRONG


def matches(given: Iterable[bytes], expected: Iterable[bytes]) -> bool:
    """Whether one of ``given`` is one of ``expected``; all are compared, whichever fits."""
    wanted = list(expected)
    # A list of all first, as `any` over a generator would stop at the first that fits.
    fits = [hmac.compare_digest(each, one) for each in given for one in wanted]
    return any(fits)


def digest(key: str, content: bytes, algorithm: str = "sha256") -> bytes:
    """The HMAC of ``content``."""
    return hmac.new(key.encode(), content, algorithm).digest()


def digest_base64(key: str, content: bytes, algorithm: str = "sha256") -> bytes:
    """The HMAC of ``content`` in base64."""
    return base64.b64encode(digest(key, content, algorithm))


def encode(text: str) -> bytes:
    """``text`` as the bytes that it came as. Raises `CallbackError` where it cannot have come."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise CallbackError("it has half a character") from None


def is_fresh(stamp: str, now: float) -> bool:
    """Whether ``stamp``, in whole seconds since 1970, is at most five minutes from ``now``."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    return abs(now - int(stamp)) <= MAX_AGE_SECONDS


def hash_hex(content: bytes) -> bytes:
    """The SHA-256 of ``content`` in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest().encode()


def verify_token(token: str, keys: Iterable[str], algorithms: Iterable[str]) -> Fields | None:
    """The claims of a JSON Web Token that is signed with one of ``keys``; None where it is not.

    Its times are for the caller to judge. Raises `CallbackError` where it cannot be read.
    """
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():
        return None
    head, claims = (read_json(_decode(part)) for part in parts[:2])
    algorithm = head.get("alg") if isinstance(head, dict) else None
    if algorithm not in tuple(algorithms) or not isinstance(claims, dict):
        return None
    signed = ".".join(parts[:2]).encode()
    expected = [digest(key, signed, _HASHES[algorithm]) for key in keys]
    return claims if matches([_decode(parts[2])], expected) else None


def _decode(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise CallbackError("a part of the token is not base64") from None


def has_login(callback: Callback, keys: Iterable[str]) -> bool:
    """Whether ``callback`` came with one of ``keys``, ``user:password``, as HTTP's Basic login."""
    scheme, _, both = callback.header("Authorization").partition(" ")
    try:
        given = base64.b64decode(both.strip(), validate=True)
    except (ValueError, binascii.Error):
        return False
    return scheme.lower() == "basic" and matches([given], map(str.encode, keys))
