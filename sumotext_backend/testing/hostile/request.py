"""`Request`: one request as the hostile gateway read it, in any provider's form; pure."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote

import attrs

_OTHERS: Final = ("2125551212", "2125551213")
_MARK: Final = re.compile(rb"\{([A-Za-z_][\w.-]*)\}")
_OWN_MARKS: Final = ("message_id", "other", "target", "escaped")


def new_guid() -> str:
    """A GUID in capitals that is new."""
    return str(uuid.uuid4()).upper()


@attrs.frozen
class Request:
    """One request. Its repr shows no part of it.

    ``head`` is the request line and the header lines, up to and with the blank line; ``body`` what
    came after it, as far as ``Content-Length`` says. ``message_id`` was made for this request; an
    accepting reply holds it. ``connection`` counts the gateway's TCP connections, from 1.
    """

    head: bytes = attrs.field(default=b"", repr=False)
    body: bytes = attrs.field(default=b"", repr=False)
    message_id: str = attrs.field(factory=new_guid)
    connection: int = 0

    @property
    def method(self) -> str:
        """``GET``, ``POST`` or ``CONNECT``; empty where there was no request."""
        return self._line[0]

    @property
    def target(self) -> str:
        """Path and query as they were sent, or what a proxy was asked for."""
        return self._line[1]

    @property
    def path(self) -> str:
        """The path as it was sent."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The decoded query; of a name that occurs twice the last value."""
        return dict(self._query_pairs)

    @property
    def headers(self) -> dict[str, str]:
        """The header lines, by name in lower case."""
        pairs = [line.partition(":") for line in self._text.split("\r\n")[1:] if ":" in line]
        return {name.lower(): value.strip() for name, _, value in pairs}

    @property
    def fields(self) -> dict[str, str]:
        """The decoded form in the body; empty where the body is JSON, or is not a form."""
        return dict(self._form_pairs)

    @property
    def json(self) -> Any:
        """The JSON in the body; None where there is none."""
        return _parse_json(self.body.decode("utf-8", "replace"))

    @property
    def values(self) -> tuple[str, ...]:
        """Every value of path, query, form and JSON that is not empty, decoded."""
        segments = [unquote(segment) for segment in self.path.split("/")]
        return tuple(filter(None, (*segments, *(value for _, value in self._pairs()))))

    @property
    def other(self) -> str:
        """A phone number that is not in the request."""
        found = any(_OTHERS[0].encode() in part for part in (self.head, self.body))
        return _OTHERS[found]

    @property
    def escaped(self) -> str:
        """`target`, percent-encoded once more, to stand within a query."""
        return quote(self.target, safe="")

    @property
    def is_last(self) -> bool:
        """Whether the client asks that the connection be closed after the answer."""
        head = self.head.lower()
        return b"\r\nconnection: close" in head or b" http/1.0\r\n" in head

    def value(self, name: str) -> str | None:
        """The first value of that name in query, form or JSON, at any depth; None without one."""
        return next((value for found, value in self._pairs() if found == name), None)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        yield from self._query_pairs
        for name, value in self._form_pairs:
            yield name, value
            yield from _leaves(name, _parse_json(value))
        yield from _leaves("", self.json)

    @property
    def _query_pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def _form_pairs(self) -> list[tuple[str, str]]:
        words = self.body.decode("utf-8", "replace")
        return [] if _parse_json(words) is not None else parse_qsl(words, keep_blank_values=True)

    @property
    def _text(self) -> str:
        return self.head.decode("latin-1")

    @property
    def _line(self) -> tuple[str, str]:
        method, _, rest = self._text.partition("\r\n")[0].partition(" ")
        return method, rest.rpartition(" ")[0]


def _parse_json(words: str) -> Any:
    """The object or list that ``words`` are; None where they are neither."""
    try:
        found = json.loads(words) if words.lstrip()[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None
    return found


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """The texts and numbers in some JSON, each with the name nearest to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(name, inner)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield name, str(value)


def fill(template: bytes, request: Request) -> bytes:
    """``template`` with its marks replaced by what ``request`` says.

    ``{message_id}``, ``{other}``, ``{target}`` and ``{escaped}`` are those of `Request`; any other
    name in braces is the value that the request has under it, and stays where it has none.
    """

    def replace(mark: re.Match[bytes]) -> bytes:
        name = mark[1].decode("ascii", "replace")
        found = getattr(request, name) if name in _OWN_MARKS else request.value(name)
        return mark[0] if found is None else str(found).encode()

    return _MARK.sub(replace, template)
