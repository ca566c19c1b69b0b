"""`Peer`: the gateway's end of one connection; `perform` takes the steps of a fault on it."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
from typing import Final

from sumotext_backend.testing.hostile.request import Request, fill
from sumotext_backend.testing.hostile.script import Await, End, Pace, Raw, Repeat, Reply, Send, Step

_CHUNK: Final = 65536
_LONGEST_HEAD: Final = 1 << 20
_GOODBYE: Final = 24
"""Bytes of the record by which TLS 1.3 says goodbye; a request takes more."""
_ALERT: Final = 0x15
"""Type of the record by which TLS 1.2 does."""
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]+)", re.IGNORECASE)
_RESET: Final = struct.pack("ii", 1, 0)


class Peer:
    """One accepted connection. Only `shut` may be called from another thread."""

    def __init__(self, sock: socket.socket) -> None:
        """Take ``sock`` over."""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.served = False
        """Whether a request was answered and the connection kept."""
        self.idle = False
        """Whether the next request is waited for."""
        self._ahead = b""

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on; `handshake` is still to do, for `shut` must see the new socket."""
        self.sock = context.wrap_socket(self.sock, server_side=True, do_handshake_on_connect=False)

    def handshake(self) -> None:
        """Do the TLS handshake, if this is a TLS connection."""
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def wait(self) -> bool:
        """Whether a request begins, before the client closes; it stays unread."""
        if self._ahead or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
            return True
        # An SSLSocket's own recv takes no flags; this looks at the records below it.
        begun = socket.socket.recv(self.sock, _GOODBYE + 1, socket.MSG_PEEK)
        if isinstance(self.sock, ssl.SSLSocket):
            return len(begun) > _GOODBYE and begun[0] != _ALERT
        return bool(begun)

    def await_bytes(self, seconds: float) -> None:
        """Wait until the client writes or closes, ``seconds`` at most."""
        self.sock.settimeout(seconds)
        with contextlib.suppress(TimeoutError):
            self.wait()
        self.sock.settimeout(None)

    def read(self) -> Request | None:
        """The next request, its body cut where the client stopped; None if it has no whole head."""
        while b"\r\n\r\n" not in self._ahead:
            came = self.sock.recv(_CHUNK)
            if not came or len(self._ahead) > _LONGEST_HEAD:
                return None
            self._ahead += came
        head, _, rest = self._ahead.partition(b"\r\n\r\n")
        head += b"\r\n\r\n"
        length = _LENGTH.search(head)
        body = self._body(rest, int(length[1])) if length else b""
        self._ahead = rest[len(body) :]
        return Request(head=head, body=body)

    def _body(self, start: bytes, length: int) -> bytes:
        parts, lacking = [start[:length]], length - len(start)
        with contextlib.suppress(OSError):
            while lacking > 0 and (came := self.sock.recv(min(lacking, _CHUNK))):
                parts.append(came)
                lacking -= len(came)
        return b"".join(parts)

    def hush(self) -> None:
        """Read and forget what comes, until the client or the gateway closes."""
        while self.sock.recv(_CHUNK):
            pass

    def cork(self) -> None:
        """Hold back what is written until `close`, so that data and FIN come as one."""
        if hasattr(socket, "TCP_CORK"):  # Linux
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)

    def close(self) -> None:
        """Say goodbye, as TLS wants it, and send FIN."""
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.settimeout(0)  # the client's own goodbye is not waited for
            with contextlib.suppress(OSError, ValueError):
                self.sock.unwrap()
        self.shut(socket.SHUT_WR)
        self.sock.close()

    def reset(self) -> None:
        """Send RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.sock.close()

    def shut(self, how: int = socket.SHUT_RDWR) -> None:
        """End every wait on this connection."""
        with contextlib.suppress(OSError):
            # An SSLSocket's own shutdown would take TLS away under the thread that reads.
            socket.socket.shutdown(self.sock, how)


def perform(
    steps: tuple[Step, ...], peer: Peer, request: Request, closing: threading.Event
) -> bool:
    """Take ``steps``, and tell whether the connection lives on."""
    ends = [step for step in steps if isinstance(step, End)]
    if End.CLOSE in ends:
        peer.cork()
    for step in steps:
        _take(step, peer, request, closing)
    return not ends


def _take(step: Step, peer: Peer, request: Request, closing: threading.Event) -> None:
    match step:
        case Send(data):
            peer.sock.sendall(fill(data, request))
        case Reply():
            peer.sock.sendall(written(step, request))
        case Raw(data):
            peer.sock.sendall(data(request.mobile) if callable(data) else data)
        case Repeat(data, times):
            for _ in range(times):
                peer.sock.sendall(data)
        case Pace(data, seconds):
            while not closing.wait(seconds):
                peer.sock.sendall(data)
        case Await(seconds):
            peer.await_bytes(seconds)
        case End():
            _end(step, peer)


def _end(end: End, peer: Peer) -> None:
    if end is End.HANG:
        peer.hush()
    elif end is End.RST:
        peer.reset()
    else:
        peer.close()


def written(reply: Reply, request: Request) -> bytes:
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
