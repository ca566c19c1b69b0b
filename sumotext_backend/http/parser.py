"""`ResponseParser`: the bytes of one response in, its head and its body out; pure and strict."""

from __future__ import annotations

from typing import Final

from sumotext_backend.http.body import Framing, framing_of
from sumotext_backend.http.head import (
    MAX_HEAD_BYTES,
    BadResponseError,
    Head,
    check_start,
    parse_head,
)

MAX_BODY_BYTES: Final = 16_384
"""Of a body that are read at most."""


class ResponseParser:
    """One response to one request, however its bytes are cut into pieces.

    After a `BadResponseError`, ``head`` and ``body`` stay what was understood before it.
    """

    def __init__(self, *, bodiless: bool = False) -> None:
        """``bodiless`` tells that the request was a HEAD."""
        self.head: Head | None = None
        """The head of the response, once it is whole; those of 1xx are passed over."""
        self.body = b""
        """The body so far: without its framing, its content coding not undone."""
        self.done = False
        """Whether the body ended where its framing said."""
        self.full = False
        """Whether there is more of a body than is read."""
        self._bodiless = bodiless
        self._buffer = bytearray()
        self._passed = 0
        self._framing: Framing | None = None

    @property
    def reusable(self) -> bool:
        """Whether the connection may serve again: nothing of this response is left on it."""
        head = self.head
        return self.done and head is not None and head.lasting and head.sound and not self._buffer

    def feed(self, data: bytes) -> None:
        """Take what came. Raises `BadResponseError` for what is not one plain response."""
        self._buffer += data
        while self._framing is None and self._take_head():
            pass
        if self._framing is not None and not self.done and not self.full:
            self._take_body(self._framing)

    def _take_head(self) -> bool:
        """Take one head off the buffer; False where it is not whole yet."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if self._buffer:
                check_start(self._buffer)
            self._check_length(len(self._buffer) - 3)  # the last three may be of its end
            return False
        self._check_length(end)
        head = parse_head(bytes(self._buffer[: end + 2]), bodiless=self._bodiless)
        del self._buffer[: end + 4]
        self._passed += end + 4
        if head.status == 101:
            raise BadResponseError("another protocol, which was not asked for")
        if head.status >= 200:
            self.head, self._framing = head, framing_of(head)
            self.done = self._framing.done
        return True

    def _check_length(self, length: int) -> None:
        if self._passed + length > MAX_HEAD_BYTES:
            raise BadResponseError("a head without an end")

    def _take_body(self, framing: Framing) -> None:
        body = bytearray(self.body)
        try:
            framing.take(self._buffer, body)
        except BadResponseError:
            if len(body) <= MAX_BODY_BYTES:
                raise
        finally:
            self.body = bytes(body[:MAX_BODY_BYTES])
        self.full = len(body) > MAX_BODY_BYTES
        self.done = framing.done and not self.full
