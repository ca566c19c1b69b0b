"""`Arrival`: one HTTP request as a server hands it over, and what can be told of it; pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote, unquote

import attrs

from sumotext_backend.inbound.settings import Network

BODY_TIMEOUT: Final = 30.0
"""Seconds in which a body must have come, where the server hands it over as it comes."""

_LOOKS: Final = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
_WITH_PORT: Final = re.compile(r"\[([0-9a-fA-F:.]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+", re.ASCII)
_PREFETCH: Final = ("purpose", "sec-purpose", "x-purpose", "x-moz")


class NotWholeError(Exception):
    """The body did not come as it was announced, so that nothing of it may be believed.

    ``status`` is what the caller gets.
    """

    def __init__(self, status: int = 400) -> None:
        """Take the status."""
        super().__init__(status)
        self.status = status


@attrs.frozen(kw_only=True)
class Arrival:
    """One request. ``target`` is path and query below where the receiver stands, as written.

    ``origin`` is what stands before it: ``https://host`` and the path of the application.
    ``headers`` are pairs. ``peer`` is the address of the other end of the connection. ``body`` is
    None where it is longer than may be.
    """

    method: str
    target: str = attrs.field(repr=False)
    origin: str = ""
    headers: Sequence[tuple[str, str]] = attrs.field(factory=list, repr=False)
    body: bytes | None = attrs.field(default=b"", repr=False)
    peer: str = ""

    def header(self, name: str) -> str:
        """The values of one header, those that come several times joined by commas."""
        return ",".join(value for key, value in self.headers if key.lower() == name)

    @property
    def place(self) -> tuple[str, str]:
        """Alias and token of the path; empty where it has none."""
        path = self.target.partition("?")[0]
        alias, _, token = path.removeprefix("/").removesuffix("/").partition("/")
        return unquote(alias), token


def strip_mount(path: str, mount: str) -> str | None:
    """What of ``path``, as it was written, is below ``mount``; None where it is not below it.

    ``mount`` is decoded, as servers have it; it may have been written in several ways.
    """
    parts = path.split("/")
    depth = mount.rstrip("/").count("/") + 1
    if unquote("/".join(parts[:depth])) != mount.rstrip("/"):
        return None
    return "/".join(["", *parts[depth:]])


def write_path(path: str) -> str:
    """A decoded path as `make_path` writes it, for servers that do not tell how it was written."""
    return quote(path)


def find_client(arrival: Arrival, proxies: Sequence[Network]) -> str:
    """The address of who calls: what our own proxies say, from the right; nobody else's word."""
    claims = arrival.header("x-forwarded-for").split(",")
    client = arrival.peer
    while claims and is_in(client, proxies):
        claim = _strip_port(claims.pop().strip())
        if not claim:
            break
        client = claim
    return client


def _strip_port(claim: str) -> str:
    # Some load balancers write the port behind the address.
    found = _WITH_PORT.fullmatch(claim)
    return (found[1] or found[2]) if found else claim


def is_in(address: str, networks: Iterable[Network]) -> bool:
    """Whether ``address`` is in one of ``networks``."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in each for each in networks)


def find_public_url(arrival: Arrival, public_url: str | None, proxies: Sequence[Network]) -> str:
    """The address that the provider called, which its signature covers.

    The configured one; else the server's, with the scheme and host that a proxy of ours tells.
    """
    if public_url:
        return public_url.rstrip("/") + arrival.target
    scheme, _, rest = arrival.origin.partition("://")
    host, slash, path = rest.partition("/")
    if is_in(arrival.peer, proxies):
        scheme = arrival.header("x-forwarded-proto").split(",")[-1].strip() or scheme
        host = arrival.header("x-forwarded-host").split(",")[-1].strip() or host
    return f"{scheme}://{host}{slash}{path}{arrival.target}"


def is_a_look(arrival: Arrival) -> bool:
    """Whether a person's browser looks, or fetches ahead: no provider calls so."""
    looks = any(arrival.header(name) == value for name, value in _LOOKS.items())
    return looks or any("prefetch" in arrival.header(name).lower() for name in _PREFETCH)
