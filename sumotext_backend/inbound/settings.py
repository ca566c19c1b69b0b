"""What the owner decides of the receiver, and the paths that follow from it; pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote, urlsplit

import attrs

from sumotext_backend.callbacks import MAX_BODY_BYTES
from sumotext_backend.exceptions import ConfigurationError

MIN_SECRET: Final = 22
"""Characters of a secret at least: 128 bits as base64 writes them."""
TOKEN: Final = 22
"""Characters of a path's token: 132 bits."""
MAKE_ONE: Final = 'python -c "import secrets; print(secrets.token_urlsafe(24))"'

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _read_networks(values: Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _are_networks(_: object, field: attrs.Attribute[Any], values: tuple[str, ...]) -> None:
    try:
        parse_networks(values)
    except ValueError:
        wrong = True
    else:
        wrong = False
    if wrong:
        raise ConfigurationError(
            f"option {field.name!r} wants addresses or networks, such as '10.0.0.0/8'",
            option=field.name,
        )


def _are_secrets(_: object, field: attrs.Attribute[Any], values: tuple[str, ...]) -> None:
    if any(len(each) < MIN_SECRET or len(set(each)) < MIN_SECRET // 3 for each in values):
        raise ConfigurationError(
            f"option {field.name!r} wants secrets of {MIN_SECRET} random characters or more; make "
            f"one with {MAKE_ONE}",
            option=field.name,
        )


def _is_address(_: object, field: attrs.Attribute[Any], value: str | None) -> None:
    if value is not None and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
        raise ConfigurationError(
            f"option {field.name!r} wants https://host/path, without query and login",
            option=field.name,
        )


def warn_without_secrets(secrets: tuple[str, ...]) -> str:
    """What is odd about having none."""
    wrong = f"without 'secrets' whoever finds the receiver may call it; make one with {MAKE_ONE}"
    return "" if secrets else wrong


def _warn_of_http(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname in {"localhost", "127.0.0.1", "::1"}:
        return ""
    return "numbers, texts and the secret address are readable on the way; use https"


def _warn_of_everybody(networks: tuple[str, ...]) -> str:
    if all(network.prefixlen for network in parse_networks(networks)):
        return ""
    return "every caller counts as a proxy of yours, and may write any address into its headers"


@attrs.frozen(kw_only=True)
class InboundTable:
    """What providers may tell us, and how it reaches us."""

    secrets: tuple[str, ...] = attrs.field(
        default=(),
        converter=_read_networks,
        validator=_are_secrets,
        repr=False,
        metadata={
            "secret": True,
            "warn": warn_without_secrets,
            "help": "what the addresses that providers call are made of, the newest first; those "
            "of older ones are valid too",
        },
    )
    public_url: str | None = attrs.field(
        default=None,
        validator=_is_address,
        metadata={
            "warn": _warn_of_http,
            "help": "where providers reach the receiver; signatures cover that address",
        },
    )
    stop_words: tuple[str, ...] = attrs.field(
        default=(),
        converter=_read_networks,
        metadata={"help": "words beside STOP and its like that mean the same"},
    )
    allow: tuple[str, ...] = attrs.field(
        default=(),
        converter=_read_networks,
        validator=_are_networks,
        metadata={"help": "addresses or networks that may call; without any, all may"},
    )
    trusted_proxies: tuple[str, ...] = attrs.field(
        default=(),
        converter=_read_networks,
        validator=_are_networks,
        metadata={
            "warn": _warn_of_everybody,
            "help": "proxies of ours, whose X-Forwarded-… headers are believed",
        },
    )
    max_bytes: int = attrs.field(
        default=MAX_BODY_BYTES,
        validator=attrs.validators.ge(1024),
        metadata={"help": "of a callback's body at most"},
    )


def parse_networks(values: Iterable[str]) -> tuple[Network, ...]:
    """The networks that ``values`` name. Raises `ValueError`."""
    return tuple(ipaddress.ip_network(each.strip(), strict=False) for each in values)


def make_path(secret: str, alias: str) -> str:
    """The path that the provider ``alias`` calls: unguessable, and no key to another's."""
    return f"/{quote(alias, safe='')}/{make_token(secret, alias)}"


def find_path(table: InboundTable, alias: str) -> str:
    """The path that the provider ``alias`` is to call, by the newest secret; bare without one."""
    return make_path(table.secrets[0], alias) if table.secrets else f"/{quote(alias, safe='')}"


def make_token(secret: str, alias: str) -> str:
    """The token of one alias; not the secret itself, which a proxy's log would give away."""
    content = b"callbacks of " + _encode(alias)
    digest = hmac.digest(_encode(secret), content, hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode()[:TOKEN]


def is_token(table: InboundTable, alias: str, token: str) -> bool:
    """Whether ``token`` is one of ``alias``'s, compared in constant time with every secret's."""
    given = _encode(token)
    found = [hmac.compare_digest(given, make_token(each, alias).encode()) for each in table.secrets]
    return any(found) if table.secrets else not token


def _encode(text: str) -> bytes:
    # Whoever calls may write what is no character.
    return text.encode("utf-8", "surrogatepass")
