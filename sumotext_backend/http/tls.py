"""The TLS that every driver speaks, and `TlsSocket`, with which ours does."""

from __future__ import annotations

import contextlib
import math
import socket
import ssl
import time
from typing import Final

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from sumotext_backend.http.failures import seconds_left

_RECV_BYTES: Final = 16_384 + 512
"""At least one whole record of TLS."""


def make_context(ca_bundle: str | None) -> ssl.SSLContext:
    """A context that trusts the authorities of ``ca_bundle``, or certifi's.

    Raises `OSError` (`ssl.SSLError` among them) for a bundle that cannot be read.
    """
    # Not ssl.create_default_context, which writes keys to the file that $SSLKEYLOGFILE names.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False  # names stand in subjectAltName since RFC 6125
    context.load_verify_locations(ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    return context


class TlsSocket:
    """A connected socket with TLS over it, as far as a connection of ours needs one.

    `ssl.SSLSocket` asks the system three times as often, and encrypts and writes in one step; here
    a request is encrypted first, so that the socket can be looked at right before the write.
    A time-out bounds a whole operation, however many pieces come. An end without TLS's own goodbye
    is an `ssl.SSLEOFError`: it would look like the end of a response. Where nothing may wait, a
    part of a record is an `ssl.SSLWantReadError`, and a `BlockingIOError` tells that nothing came.
    """

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, host: str) -> None:
        """Take ``sock`` over; `handshake` comes first."""
        self._sock = sock
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=host)
        self._deadline = math.inf

    def settimeout(self, seconds: float) -> None:
        """Bound each operation that follows; 0 makes none wait."""
        self._sock.settimeout(seconds)
        self._deadline = time.monotonic() + seconds if seconds else math.inf

    def handshake(self) -> None:
        """Shake hands. Raises `OSError`, `TimeoutError`."""
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._take_more()
            except ssl.SSLError:
                with contextlib.suppress(OSError):  # it tells the server why
                    self._flush()
                raise
        self._flush()

    def encrypt(self, data: memoryview) -> memoryview:
        """``data`` as `send` takes it. Nothing leaves."""
        while data:
            data = data[self._tls.write(data) :]
        return memoryview(self._out.read())

    def send(self, encrypted: memoryview) -> int:
        """Send what it can of ``encrypted``; how many bytes those are. Raises `OSError`."""
        return self._sock.send(encrypted)

    def recv(self, size: int) -> bytes:
        """What came, at most ``size`` bytes; none after the server's goodbye. Raises `OSError`."""
        if not (self._in.pending or self._tls.pending()):
            self._take()
        while True:
            try:
                return self._tls.read(size)
            except ssl.SSLWantReadError:  # a part of a record, or what TLS has to say itself
                if self._deadline == math.inf:
                    raise
                self._take_more()

    def close(self) -> None:
        """Close it without a goodbye, which could wait."""
        self._sock.close()

    def _take_more(self) -> None:
        self._flush()
        self._sock.settimeout(seconds_left(self._deadline))
        self._take()

    def _take(self) -> None:
        data = self._sock.recv(_RECV_BYTES)
        if data:
            self._in.write(data)
        else:
            self._in.write_eof()

    def _flush(self) -> None:
        if self._out.pending:
            self._sock.settimeout(seconds_left(self._deadline))
            self._sock.sendall(self._out.read())
