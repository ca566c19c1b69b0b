"""Who may see and change the inbox: nobody else's web page, and no other machine without a token.

A page of another origin must neither read nor change anything, whatever name it found for this
machine: `Host` stops DNS rebinding, `Sec-Fetch-Site` and `Origin` forged requests, and no answer
has a header of CORS. The rules hold for the providers' paths too, since some send by a GET.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

import attrs

COOKIE: Final = "sumotext_inbox"

_FOREIGN: Final = ("cross-site", "same-site")


@attrs.frozen
class Refusal:
    """Why a request is not answered, in one line."""

    status: int
    why: str


@attrs.frozen
class Guard:
    """Asks each request whether it may; ``token`` is empty where only this machine gets in.

    With a token any name of the host will do: it is known to nobody whose page could be rebound.
    """

    token: str = attrs.field(default="", repr=False)

    def refuse(self, method: str, path: str, headers: Mapping[str, str]) -> Refusal | None:
        """Why the request is refused, whatever it asks for; None where it may go on.

        ``headers`` are by name in lower case.
        """
        host = headers.get("host", "")
        if not self.token and not is_local_name(host):
            return Refusal(421, "this is the simulator of 127.0.0.1; the Host header names another")
        opens = method in ("GET", "HEAD") and path == "/" and _navigates(headers)
        if headers.get("sec-fetch-site") in _FOREIGN and not opens:
            return Refusal(403, "a page of another origin may not ask this")
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return Refusal(403, "a page of another origin may not ask this")
        return None

    def knows(self, headers: Mapping[str, str]) -> bool:
        """Whether the request has the token, in its cookie or as a bearer."""
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        given = bearer.strip() if scheme.lower() == "bearer" else _cookie(headers)
        return not self.token or hmac.compare_digest(given.encode(), self.token.encode())


def is_local_name(host: str) -> bool:
    """Whether ``host``, perhaps with a port, can only be an address, or this machine."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if name.lower() == "localhost" or name.lower().endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _navigates(headers: Mapping[str, str]) -> bool:
    return headers.get("sec-fetch-mode", "navigate") == "navigate"


def _cookie(headers: Mapping[str, str]) -> str:
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""
