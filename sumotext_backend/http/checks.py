"""What the options of a backend over HTTP may be."""

from __future__ import annotations

import ipaddress
from typing import Any, Final
from urllib.parse import urlsplit

import attrs

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.files import may_block
from sumotext_backend.transliteration import find_missing_extra

MAX_TIMEOUT_SECONDS: Final = 86_400.0
"""What a time-out may be at most; the system's own sockets take no number at all."""


def check_seconds(_: object, field: attrs.Attribute[float], value: float) -> None:
    """Validate a time-out. Raises `ConfigurationError`."""
    if not 0 < value <= MAX_TIMEOUT_SECONDS:
        raise ConfigurationError(
            f"option {field.name!r} wants a number of seconds above 0, and at most a day"
        )


def check_base_url(base_url: str, *, allow_plain_http: bool) -> None:
    """Validate an address, and refuse to send numbers and texts over a network in the clear.

    Raises `ConfigurationError`.
    """
    if not _is_address(base_url, ("http", "https")):
        raise ConfigurationError("option 'base_url' wants https://host or http://host")
    parts = urlsplit(base_url)
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigurationError("option 'base_url' wants no query, fragment or login")
    open_air = parts.scheme == "http" and not _is_loopback(parts.hostname or "")
    if open_air and not allow_plain_http:
        raise ConfigurationError(
            "option 'base_url' is plain http to another machine: numbers and texts would "
            "be readable on the way; use https, or set allow_plain_http=true"
        )


def check_word(_: object, field: attrs.Attribute[Any], value: str | None) -> None:
    """Validate a word that an account was given, and that is easily pasted with a space.

    None passes: an option that may be left out. Raises `ConfigurationError`.
    """
    if value is not None and (not value or value != value.strip() or not value.isprintable()):
        raise ConfigurationError(
            f"option {field.name!r} is empty, has spaces around it or cannot be printed"
        )


def callback_url_option(words: str, validator: Any = None) -> Any:
    """The option ``callback_url`` of a backend; ``words`` say what its provider does there.

    ``validator`` is one of attrs', for what this provider alone asks of the address.
    """
    return attrs.field(
        default=None,
        repr=False,
        validator=[_check_callback_url, *([validator] if validator else [])],
        metadata={"help": words, "secret": True},
    )


def _check_callback_url(_: object, field: attrs.Attribute[Any], value: str | None) -> None:
    if value is None:
        return
    if not _is_address(value, ("http", "https")) or "#" in value:
        raise ConfigurationError(
            f"option {field.name!r} wants https://host/path, percent-encoded and without a fragment"
        )


def check_proxy(_: object, field: attrs.Attribute[str], value: str | None) -> None:
    """Validate the address of a proxy. Raises `ConfigurationError`."""
    if value is not None and not _is_address(value, ("http",)):
        raise ConfigurationError(f"option {field.name!r} wants http://host:port")


def check_certificates(_: object, field: attrs.Attribute[str], value: str | None) -> None:
    """Validate a file of certificates: a pipe would hang whoever reads it."""
    if value is not None and may_block(value):
        raise ConfigurationError(f"option {field.name!r} wants a regular file")


def check_transliterate(_: object, field: attrs.Attribute[bool], value: object) -> None:
    """Validate that what is asked for is installed. Raises `ConfigurationError`."""
    missing = find_missing_extra() if value else ""
    if missing:
        raise ConfigurationError(f"option {field.name!r} {missing}")


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        plain = value.isascii() and value.isprintable() and " " not in value
        return plain and parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port, or of brackets
        return False


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
