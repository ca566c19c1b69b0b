"""A server that speaks TLS over memory: a test decides which bytes of a record leave, and when."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import trustme

TIMEOUT = 10.0
"""Seconds after which the server gives up."""


def answer(body: bytes) -> bytes:
    """A whole response that keeps the connection."""
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


class Peer:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext) -> None:
        """Shake no hands yet."""
        self.sock = sock
        self.sock.settimeout(TIMEOUT)
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._in, self._out, server_side=True)

    def handshake(self, send: Callable[[bytes], Any] | None = None) -> None:
        """Shake hands; ``send`` is for what goes out. Raises `OSError`."""
        send = send or self.sock.sendall
        while True:
            try:
                self.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                send(self._out.read())
                self._take()
            except ssl.SSLError:
                send(self._out.read())  # it says why
                raise
        send(self._out.read())

    def _take(self) -> None:
        came = self.sock.recv(65536)
        if not came:
            raise ConnectionResetError("the client has gone")
        self._in.write(came)

    def read(self) -> bytes:
        """What comes next. Raises `OSError`."""
        while True:
            try:
                return self.tls.read(65536)
            except ssl.SSLWantReadError:
                self._take()

    def request(self, length: int = 0) -> bytes:
        """A request with a body of ``length`` bytes. Raises `OSError`."""
        got = bytearray()
        while len(got.partition(b"\r\n\r\n")[2]) < length or b"\r\n\r\n" not in got:
            got += self.read()
        return bytes(got)

    def encrypt(self, data: bytes) -> bytes:
        """``data`` in records of its own."""
        for start in range(0, len(data), 16_384):
            self.tls.write(data[start : start + 16_384])
        return self._out.read()

    def goodbye(self) -> bytes:
        """TLS's own end."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.unwrap()
        return self._out.read()

    def send(self, data: bytes) -> None:
        """Send bytes of TLS."""
        self.sock.sendall(data)


Play = Callable[[Peer, int], None]
"""What the server does on its connection of that number, from 1, once hands are shaken."""


@attrs.define
class Server:
    """Where it listens, whom to trust, and what it has seen."""

    url: str
    ca_bundle: str
    connections: int = 0
    problems: list[Exception] = attrs.field(factory=list)


def make_context(authority: trustme.CA) -> ssl.SSLContext:
    """A server's context, with Python's own settings."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@contextlib.contextmanager
def serving(
    play: Play,
    folder: Path,
    *,
    change: Callable[[ssl.SSLContext], None] = lambda _: None,
    shake: Callable[[Peer], None] = Peer.handshake,
) -> Iterator[Server]:
    """A server of which each connection plays ``play``, one after the other.

    ``change`` sets up its context. A client that goes away is no problem.
    """
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = make_context(authority)
    change(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://localhost:{listener.getsockname()[1]}"
        server = Server(url, str(folder / "ca.pem"))
        thread = threading.Thread(target=_serve, args=(listener, server, context, shake, play))
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # wakes `accept`
            thread.join(TIMEOUT)
    assert not server.problems


def _serve(
    listener: socket.socket,
    server: Server,
    context: ssl.SSLContext,
    shake: Callable[[Peer], None],
    play: Play,
) -> None:
    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        server.connections += 1
        with sock, contextlib.suppress(OSError):
            peer = Peer(sock, context)
            try:
                shake(peer)
                play(peer, server.connections)
            except OSError:
                raise
            except Exception as error:  # noqa: BLE001 - it is for the test to see
                server.problems.append(error)
