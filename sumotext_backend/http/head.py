"""The head of a response: bytes to a value; pure and strict.

What is odd is a doubt. Two readings of one head would let a middleman, or a broken server, cut an
answer where it pleases, so whatever can be read in two ways is refused, not guessed at.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

MAX_HEAD_BYTES: Final = 65_536
"""Of all heads before the body together, those of 1xx responses and trailers too."""

_STATUS_LINE: Final = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9]{2})(?: [\t -~\x80-\xff]*)?")
_FIELD: Final = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*"
FIELDS: Final = re.compile(rb"(?:%b\r\n)*" % _FIELD)
"""Any number of well-formed header lines."""

_NEEDED: Final = re.compile(
    rb"^(content-length|transfer-encoding|content-encoding|connection|keep-alive|retry-after)"
    rb"[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r$",
    re.IGNORECASE | re.MULTILINE,
)
_LENGTH: Final = re.compile(rb"[0-9]{1,15}")
_START: Final = b"HTTP/1."


class BadResponseError(ValueError):
    """Not a response that can be understood in one way only. Holds no part of it."""


@attrs.frozen
class Head:
    """What is needed of a head.

    ``length`` is that of the body in bytes, None where none was given; ``chunked`` tells that it
    comes in chunks. ``sound`` is False where a header line was malformed: then nothing that the
    head says of the body proves where it ends. ``encoded`` tells of a content coding. ``lasting``
    tells that the connection may serve again. ``keep_alive`` and ``retry_after`` are headers.
    """

    status: int
    length: int | None = None
    chunked: bool = False
    sound: bool = True
    encoded: bool = False
    lasting: bool = False
    keep_alive: str | None = None
    retry_after: str | None = None

    @property
    def framed(self) -> bool:
        """Whether the end of the body proves that it is whole."""
        return self.sound and (self.chunked or self.length is not None)


def check_start(data: bytearray) -> None:
    """Raise `BadResponseError` where ``data`` cannot be the start of a head that is to come."""
    if not _START.startswith(data[: len(_START)]):
        raise BadResponseError("not HTTP/1")
    if has_bare_line_end(data.removesuffix(b"\r")):  # whose LF may be on its way
        raise BadResponseError("a line end that is not CR LF")


def has_bare_line_end(data: bytes | bytearray) -> bool:
    """Whether a CR or an LF stands alone in ``data``."""
    pairs = data.count(b"\r\n")
    return data.count(b"\n") != pairs or data.count(b"\r") != pairs


def parse_head(data: bytes, *, bodiless: bool = False) -> Head:
    """The head in ``data``, which begins with the status line and ends with a header's line end.

    ``bodiless`` tells that the request was a HEAD. Raises `BadResponseError`.
    """
    line, _, fields = data.partition(b"\r\n")
    started = _STATUS_LINE.fullmatch(line)
    if not started or has_bare_line_end(data):
        raise BadResponseError("not a status line, or a line end that is not CR LF")
    sound = FIELDS.fullmatch(fields) is not None
    found: dict[bytes, list[bytes]] = {}
    for name, value in _NEEDED.findall(fields):
        found.setdefault(name.lower(), []).append(value)
    status = int(started[2])
    chunked = _is_chunked(found, started[1])
    length = _length_of(found)
    if chunked and (length is not None or not sound):
        raise BadResponseError("a body whose end can be read in two ways")
    empty = bodiless or status in (204, 304) or status < 200
    return Head(
        status=status,
        length=0 if empty else length,
        chunked=chunked and not empty,
        sound=sound,
        encoded=_is_encoded(found),
        lasting=started[1] == b"1" and _is_lasting(found),
        keep_alive=_single(found.get(b"keep-alive")),
        retry_after=_single(found.get(b"retry-after")),
    )


def _is_chunked(found: dict[bytes, list[bytes]], version: bytes) -> bool:
    values = found.get(b"transfer-encoding")
    if values is None:
        return False
    if len(values) != 1 or values[0].lower() != b"chunked" or version == b"0":
        raise BadResponseError("a transfer coding that is not plain chunks")
    return True


def _length_of(found: dict[bytes, list[bytes]]) -> int | None:
    values = found.get(b"content-length")
    if values is None:
        return None
    if len(values) != 1 or not _LENGTH.fullmatch(values[0]):
        raise BadResponseError("a length that is not one number")
    return int(values[0])


def _is_encoded(found: dict[bytes, list[bytes]]) -> bool:
    values = found.get(b"content-encoding")
    return values is not None and any(v.lower() not in (b"identity", b"") for v in values)


def _is_lasting(found: dict[bytes, list[bytes]]) -> bool:
    values = found.get(b"connection")
    return values is None or not any(b"close" in value.lower() for value in values)


def _single(values: list[bytes] | None) -> str | None:
    return values[0].decode("latin-1") if values and len(values) == 1 else None
