"""`Connection`: one connection of ours, and `IdleConnections`, where it waits for its next use."""

from __future__ import annotations

import contextlib
import socket
import time
import weakref
from collections import deque
from typing import Final

from sumotext_backend.http.failures import seconds_left
from sumotext_backend.http.idle_limit import MAX_IDLE_SECONDS
from sumotext_backend.http.reader import REFUSAL_SECONDS, ResponseReader
from sumotext_backend.http.tls import TlsSocket

MAX_IDLE_CONNECTIONS: Final = 64
"""That are kept; more may be in use at once."""

_RECV_BYTES: Final = 16_384
TAIL_SECONDS: Final = 0.0005
"""To wait for the rest of a response, of which enough was read."""
_NOTHING: Final = memoryview(b"")
_GONE: Final = (BrokenPipeError, ConnectionResetError)
"""A server may answer before it has read everything, and then close: its answer counts."""


class Connection:
    """A socket that is connected. One exchange has it at a time.

    Between exchanges it does not wait for anything, so that nothing stands between the look at it
    (`is_silent`) and the `write`: a server may close it just then.
    """

    __slots__ = ("_out", "_sock", "max_idle", "used", "waited")

    def __init__(self, sock: socket.socket | TlsSocket) -> None:
        """Take ``sock`` over."""
        self._sock = sock
        self._sock.settimeout(0)
        self._out = _NOTHING
        self.used = time.monotonic()
        """When it last served."""
        self.max_idle = MAX_IDLE_SECONDS
        """Seconds after which it is not used again."""
        self.waited = 0.0
        """Seconds that it was idle before it was taken; 0 where it is new."""

    @property
    def is_stale(self) -> bool:
        """Whether it has waited for too long."""
        return time.monotonic() - self.used > self.max_idle

    def load(self, data: memoryview) -> None:
        """Make ``data`` ready for `write`. Nothing leaves."""
        self._out = self._sock.encrypt(data) if isinstance(self._sock, TlsSocket) else data

    def is_silent(self) -> bool:
        """Whether it is up and nothing waits on it: what came unasked answers nobody's question.

        To be asked right before the request is written.
        """
        try:
            self._sock.recv(1)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def write(self, deadline: float) -> None:
        """Write what was loaded. Raises `OSError`, `TimeoutError` at the deadline."""
        # Nothing stands before the system call: a with block would double the time since the look.
        try:
            sent = self._sock.send(self._out)
        except BlockingIOError:
            sent = 0
        except _GONE:
            sent = len(self._out)
        left, self._out = self._out[sent:], _NOTHING  # what waits for its next use keeps no text
        if left:
            self._write_rest(left, deadline)

    def _write_rest(self, left: memoryview, deadline: float) -> None:
        with contextlib.suppress(*_GONE):
            while left:
                self._sock.settimeout(seconds_left(deadline))
                left = left[self._sock.send(left) :]

    def read(self, reader: ResponseReader, deadline: float) -> None:
        """Feed ``reader`` until it has enough. Raises `OSError`, `TimeoutError` at the deadline."""
        while not reader.done:
            self._sock.settimeout(seconds_left(deadline))
            reader.feed(self._sock.recv(_RECV_BYTES))
            if reader.refuses:
                deadline = min(deadline, time.monotonic() + REFUSAL_SECONDS)
        if reader.awaits_tail:
            self._clear(reader)
        self._sock.settimeout(0)
        self.used, self.max_idle = time.monotonic(), reader.max_idle

    def _clear(self, reader: ResponseReader) -> None:
        """Read the rest where it is here already, so that the connection can serve again."""
        deadline = time.monotonic() + TAIL_SECONDS
        with contextlib.suppress(OSError):
            more = True
            while more:
                self._sock.settimeout(seconds_left(deadline))
                more = reader.feed_tail(self._sock.recv(_RECV_BYTES))

    def close(self) -> None:
        """Close it, without a goodbye that could wait."""
        with contextlib.suppress(OSError):
            self._sock.close()


class IdleConnections:
    """Connections that wait. No lock: a fork, an alarm or a signal handler could hold it."""

    def __init__(self) -> None:
        """Start with none."""
        self._waiting: deque[Connection] = deque()
        self._closed = False
        weakref.finalize(self, _drop_all, self._waiting)  # where nobody closes the backend

    def pop(self) -> Connection | None:
        """The one that served last; None where none waits."""
        try:
            return self._waiting.pop()
        except IndexError:
            return None

    def put(self, connection: Connection) -> None:
        """Let ``connection`` wait."""
        self._waiting.append(connection)
        while self._closed or len(self._waiting) > MAX_IDLE_CONNECTIONS or self._oldest_is_stale():
            if not _drop_oldest(self._waiting):
                return

    def close(self) -> None:
        """Close all of them, and those that are still put here."""
        self._closed = True
        _drop_all(self._waiting)

    def _oldest_is_stale(self) -> bool:
        try:
            return self._waiting[0].is_stale
        except IndexError:
            return False


def _drop_oldest(waiting: deque[Connection]) -> bool:
    """Close the one that waits longest; False where none does."""
    try:
        connection = waiting.popleft()
    except IndexError:
        return False
    connection.close()
    return True


def _drop_all(waiting: deque[Connection]) -> None:
    while _drop_oldest(waiting):
        pass
