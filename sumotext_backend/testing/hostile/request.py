"""`Request`: one request as the hostile gateway read it; pure."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, unquote_plus

import attrs

_MOBILE: Final = "5015551234"
"""Echoed where the request names no number."""

_IN_QUERY: Final = re.compile(rb"[^\r]*?[?&]mobile=([^& \r]+)")


def _new_smsid() -> str:
    return str(uuid.uuid4()).upper()


@attrs.frozen
class Request:
    """One request. Its repr shows no part of it.

    ``head`` is the request line and the header lines, up to and with the blank line; ``body`` what
    came after it, as far as ``Content-Length`` says. ``smsid`` is the id made for this request: a
    GUID in capitals, which an accepting answer holds.
    """

    head: bytes = attrs.field(default=b"", repr=False)
    body: bytes = attrs.field(default=b"", repr=False)
    smsid: str = attrs.field(factory=_new_smsid)

    @property
    def method(self) -> str:
        """``GET``, ``POST`` or ``CONNECT``; empty where there was no request."""
        return self._line[0]

    @property
    def target(self) -> str:
        """Path and query as they were sent, or what a proxy was asked for."""
        return self._line[1]

    @property
    def query(self) -> dict[str, str]:
        """The decoded query; of a name that occurs twice the last value."""
        pairs = parse_qsl(self.target.partition("?")[2], keep_blank_values=True)
        return dict(pairs)

    @property
    def headers(self) -> dict[str, str]:
        """The header lines, by name in lower case."""
        pairs = [line.partition(":") for line in self._text.split("\r\n")[1:] if ":" in line]
        return {name.lower(): value.strip() for name, _, value in pairs}

    @property
    def mobile(self) -> str:
        """The number, from the query or from a JSON or form body, or ``5015551234``."""
        found = _IN_QUERY.match(self.head)  # `query` would take five times as long
        if found:
            return unquote_plus(found[1].decode("latin-1"))
        return _mobile_in(self.body) or _MOBILE

    @property
    def other(self) -> str:
        """A number that is not `mobile`."""
        return "2125551212" if self.mobile != "2125551212" else "2125551213"

    @property
    def escaped(self) -> str:
        """`target`, percent-encoded once more, to stand within a query."""
        return quote(self.target, safe="")

    @property
    def is_last(self) -> bool:
        """Whether the client asks that the connection be closed after the answer."""
        head = self.head.lower()
        return b"\r\nconnection: close" in head or b" http/1.0\r\n" in head

    @property
    def _text(self) -> str:
        return self.head.decode("latin-1")

    @property
    def _line(self) -> tuple[str, str]:
        method, _, rest = self._text.partition("\r\n")[0].partition(" ")
        return method, rest.rpartition(" ")[0]


def _mobile_in(body: bytes) -> str:
    words = body.decode("utf-8", "replace")
    try:
        fields = json.loads(words.strip().removeprefix("json="))
    except ValueError:
        fields = dict(parse_qsl(words))
    found = fields.get("mobile") if isinstance(fields, Mapping) else None
    return str(found or "")


_MARK: Final = re.compile(rb"\{(mobile|smsid|other|target|escaped)\}")


def fill(template: bytes, request: Request) -> bytes:
    """``template`` with its marks replaced by what ``request`` says.

    The marks are ``{mobile}``, ``{smsid}``, ``{other}``, ``{target}`` and ``{escaped}``.
    """
    return _MARK.sub(lambda mark: str(getattr(request, mark[1].decode())).encode(), template)
