"""`Connection`: the gateway's end of one connection; `perform` takes the steps of a fault on it."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
from typing import Final

from sumotext_backend.testing.hostile.request import Request, fill
from sumotext_backend.testing.hostile.script import (
    Await,
    Choose,
    End,
    Pace,
    Raw,
    Repeat,
    Reply,
    Send,
    Step,
)

_CHUNK_BYTES: Final = 65536
_MAX_HEAD_BYTES: Final = 1 << 20
_CLOSE_NOTIFY_BYTES: Final = 24
"""Of the record by which TLS 1.3 closes; a request takes more."""
_ALERT: Final = 0x15
"""Type of the record by which TLS 1.2 does."""
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]+)", re.IGNORECASE)
_RESET: Final = struct.pack("ii", 1, 0)


class Connection:
    """One accepted connection. Only `shutdown` may be called from another thread."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        """Take ``sock`` over; it is the gateway's connection of that ``number``."""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.number = number
        self.served = False
        """Whether a request was answered and the connection kept."""
        self.idle = False
        """Whether the next request is waited for."""
        self._unread = b""

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on; `handshake` comes later, as `shutdown` must see the new socket."""
        self.sock = context.wrap_socket(self.sock, server_side=True, do_handshake_on_connect=False)

    def handshake(self) -> None:
        """Do the TLS handshake, if this is a TLS connection."""
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def wait_for_request(self) -> bool:
        """Whether a request begins, before the client closes; it stays unread."""
        if self._unread or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
            return True
        # An SSLSocket's own recv takes no flags; this looks at the records below it.
        begun = socket.socket.recv(self.sock, _CLOSE_NOTIFY_BYTES + 1, socket.MSG_PEEK)
        if isinstance(self.sock, ssl.SSLSocket):
            return len(begun) > _CLOSE_NOTIFY_BYTES and begun[0] != _ALERT
        return bool(begun)

    def wait_for_bytes(self, seconds: float) -> None:
        """Wait until the client writes or closes, ``seconds`` at most."""
        self.sock.settimeout(seconds)
        with contextlib.suppress(TimeoutError):
            self.wait_for_request()
        self.sock.settimeout(None)

    def read(self, message_id: str) -> Request | None:
        """The next request, given ``message_id``; None if it has no whole head.

        Its body is cut where the client stopped.
        """
        while b"\r\n\r\n" not in self._unread:
            came = self.sock.recv(_CHUNK_BYTES)
            if not came or len(self._unread) > _MAX_HEAD_BYTES:
                return None
            self._unread += came
        head, _, rest = self._unread.partition(b"\r\n\r\n")
        head += b"\r\n\r\n"
        length = _LENGTH.search(head)
        body = self._read_body(rest, int(length[1])) if length else b""
        self._unread = rest[len(body) :]
        return Request(head, body, message_id, self.number)

    def _read_body(self, start: bytes, length: int) -> bytes:
        parts, lacking = [start[:length]], length - len(start)
        with contextlib.suppress(OSError):
            while lacking > 0 and (came := self.sock.recv(min(lacking, _CHUNK_BYTES))):
                parts.append(came)
                lacking -= len(came)
        return b"".join(parts)

    def discard(self) -> None:
        """Read and forget what comes, until the client or the gateway closes."""
        while self.sock.recv(_CHUNK_BYTES):
            pass

    def cork(self) -> None:
        """Hold back what is written until `close`, so that data and FIN come as one."""
        if hasattr(socket, "TCP_CORK"):  # Linux
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)

    def close(self) -> None:
        """Send TLS's close notification, and FIN."""
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.settimeout(0)  # the client's own is not waited for
            with contextlib.suppress(OSError, ValueError):
                self.sock.unwrap()
        self.shutdown(socket.SHUT_WR)
        self.sock.close()

    def reset(self) -> None:
        """Send RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.sock.close()

    def shutdown(self, how: int = socket.SHUT_RDWR) -> None:
        """End every wait on this connection."""
        with contextlib.suppress(OSError):
            # An SSLSocket's own shutdown would take TLS away under the thread that reads.
            socket.socket.shutdown(self.sock, how)


def perform(
    steps: tuple[Step, ...], connection: Connection, request: Request, closing: threading.Event
) -> bool:
    """Take ``steps``, and tell whether the connection lives on."""
    ends = [step for step in steps if isinstance(step, End)]
    paced = any(isinstance(step, Pace) for step in steps)
    if End.CLOSE in ends and not paced:
        connection.cork()
    for step in steps:
        _perform_step(step, connection, request, closing)
    return not ends


def _perform_step(
    step: Step, connection: Connection, request: Request, closing: threading.Event
) -> None:
    match step:
        case Send(data):
            connection.sock.sendall(fill(data, request))
        case Reply() | Choose():
            reply = step.reply(request) if isinstance(step, Choose) else step
            connection.sock.sendall(serialize(reply, request))
        case Raw(data):
            connection.sock.sendall(data(request) if callable(data) else data)
        case Repeat(data, times):
            for _ in range(times):
                connection.sock.sendall(data)
        case Pace(data, seconds):
            while not closing.wait(seconds):
                connection.sock.sendall(data)
        case Await(seconds):
            connection.wait_for_bytes(seconds)
        case End():
            _end(step, connection)


def _end(end: End, connection: Connection) -> None:
    if end is End.HANG:
        connection.discard()
    elif end is End.RST:
        connection.reset()
    else:
        connection.close()


def serialize(reply: Reply, request: Request) -> bytes:
    """``reply`` to ``request`` as bytes."""
    body = fill(reply.body, request)
    if reply.encode:
        body = reply.encode(body)
    lines = [f"HTTP/1.1 {reply.status}".encode()]
    lines += [fill(line, request) for line in reply.headers]
    if reply.missing is not None:
        # Not last: what follows a malformed line is lost on many a client.
        lines.insert(1, b"Content-Length: %d" % (len(body) + reply.missing))
    return b"\r\n".join([*lines, b"", body])
