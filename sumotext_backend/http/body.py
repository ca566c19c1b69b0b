"""Where the body of a response ends, by the framing that its head announced; pure and strict.

Each takes bytes off the front of a buffer and adds those of the body to what came before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Protocol

from sumotext_backend.http.head import FIELDS, MAX_HEAD_BYTES, BadResponseError, Head

MAX_SIZE_LINE_BYTES: Final = 256
"""Of the line before a chunk, its extensions included."""

_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[\t -~\x80-\xff]*)?")


class Framing(Protocol):
    """Where a body ends."""

    done: bool
    """Whether the end was reached."""

    def take(self, buffer: bytearray, body: bytearray) -> None:
        """Move what is of the body from ``buffer`` to ``body``. Raises `BadResponseError`."""
        ...


def framing_of(head: Head) -> Framing:
    """The framing that ``head`` announced."""
    if head.chunked:
        return Chunks()
    return Unframed() if head.length is None else Length(head.length)


def _move(count: int, buffer: bytearray, body: bytearray) -> int:
    """Move at most ``count`` bytes; how many are still lacking."""
    part = buffer[:count]
    body += part
    del buffer[: len(part)]
    return count - len(part)


class Length:
    """A body of a length that was given, in bytes."""

    def __init__(self, length: int) -> None:
        """Await ``length`` bytes."""
        self._left = length
        self.done = length == 0

    def take(self, buffer: bytearray, body: bytearray) -> None:
        """Take at most what is left."""
        self._left = _move(self._left, buffer, body)
        self.done = self._left == 0


class Unframed:
    """A body that ends with the connection, which proves nothing."""

    done = False

    def take(self, buffer: bytearray, body: bytearray) -> None:
        """Take everything."""
        _move(len(buffer), buffer, body)


class Chunks:
    """A body in chunks. Extensions and trailers are checked for their form, and left out."""

    def __init__(self) -> None:
        """Await the line of the first chunk."""
        self.done = False
        self._left = 0
        self._take_line: Callable[[bytes], None] = self._size
        self._limit = MAX_SIZE_LINE_BYTES

    def take(self, buffer: bytearray, body: bytearray) -> None:
        """Take the chunks that are there, and a part of the next."""
        while buffer and not self.done:
            if self._left:
                self._left = _move(self._left, buffer, body)
            elif not self._next_line(buffer):
                return

    def _next_line(self, buffer: bytearray) -> bool:
        """Take one line of the framing; False where it is not whole yet."""
        end = buffer.find(b"\r\n", 0, self._limit + 2)
        line = bytes(buffer[: end if end >= 0 else self._limit + 2])
        # What no later byte can make right is refused now, so that pieces read as the whole does.
        begun = line if end >= 0 else line.removesuffix(b"\r")
        if len(begun) > self._limit or b"\n" in begun or b"\r" in begun:
            raise BadResponseError("a chunk that is not framed as one")
        if end >= 0:
            del buffer[: end + 2]
            self._take_line(line)
        return end >= 0

    def _size(self, line: bytes) -> None:
        size = _SIZE.fullmatch(line)
        if not size:
            raise BadResponseError("a chunk without a size")
        self._left = int(size[1], 16)
        self._take_line = self._end_of_chunk if self._left else self._trailer
        self._limit = 0 if self._left else MAX_HEAD_BYTES

    def _end_of_chunk(self, _line: bytes) -> None:
        """Nothing stands between a chunk's data and its line end: the limit is 0."""
        self._take_line, self._limit = self._size, MAX_SIZE_LINE_BYTES

    def _trailer(self, line: bytes) -> None:
        if line and not FIELDS.fullmatch(line + b"\r\n"):
            raise BadResponseError("a trailer that is not a header line")
        self._limit = max(0, self._limit - len(line) - 2)
        self.done = not line
