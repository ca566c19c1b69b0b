"""A client of the hostile gateway that knows TCP, TLS and nothing of ours, and what it may see."""

from __future__ import annotations

import re
import socket
import ssl
from typing import Self

import pytest

from sumotext_backend.testing import HostileGateway

MOBILE = "5015551234"
TARGET = f"/secure/sumoSend.aspx?mobile={MOBILE}&msg=hello"
TIMEOUT = 10.0
"""Seconds after which a test gives up."""
MOMENT = 0.05
"""Seconds in which something would have come."""
both = pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])

# What a client sees, as patterns of bytes.
GUID = rb"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}"
ID = b"5015551234:" + GUID
FORM = rb"<!DOCTYPE html>.*</html>\r\n"
HTML = rb"Content-Type: text/html; charset=utf-8\r\n"
HEAD = rb"HTTP/1\.1 200 OK\r\nContent-Length: \d+\r\n" + HTML + rb"\r\n"
S01 = HEAD + ID + rb"\r\n" + FORM
"""The canonical acceptance."""


class Client:
    """A connection to the gateway that sees FIN and RST below TLS, which Python's ssl hides."""

    def __init__(self, gateway: HostileGateway) -> None:
        """Connect, TLS included."""
        self.sock = socket.create_connection(("127.0.0.1", gateway.port), timeout=TIMEOUT)
        self.got = bytearray()
        self._tls: ssl.SSLObject | None = None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        if gateway.ca_bundle:
            context = ssl.create_default_context(cafile=gateway.ca_bundle)
            self._tls = context.wrap_bio(self._in, self._out, server_hostname="localhost")
            try:
                self._handshake(self._tls)
            except OSError:
                self.sock.close()
                raise

    def _handshake(self, tls: ssl.SSLObject) -> None:
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                self._in.write(self.sock.recv(65536))
            else:
                return self._flush()

    def _flush(self) -> None:
        self.sock.sendall(self._out.read())

    def write(self, data: bytes) -> None:
        """Send bytes, which the other end may refuse."""
        try:
            if self._tls:
                self._tls.write(data)
                self._flush()
            else:
                self.sock.sendall(data)
        except OSError:
            pass

    def ask(self, *more: str, target: str = TARGET, body: bytes = b"", method: str = "GET") -> Self:
        """Send a request."""
        head = [f"{method} {target} HTTP/1.1", "Host: localhost", *more]
        head += [f"Content-Length: {len(body)}"] if body else []
        self.write("\r\n".join([*head, "", ""]).encode() + body)
        return self

    def more(self, timeout: float = TIMEOUT) -> str:
        """Read once: ``""`` where something came, or how it ended (fin, rst, silence)."""
        self.sock.settimeout(timeout)
        try:
            came = self.sock.recv(1 << 20)
        except ConnectionResetError:
            return "rst"
        except TimeoutError:
            return "silence"
        if came and self._tls:
            self._in.write(came)
            self._decrypt(self._tls)
        elif came:
            self.got += came
        return "" if came else "fin"

    def _decrypt(self, tls: ssl.SSLObject) -> None:
        try:
            while part := tls.read(1 << 20):
                self.got += part
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            pass

    def whole(self) -> bytes:
        """Read one answer as long as it says, and forget it."""
        while not (length := answer_length(self.got)) or len(self.got) < length:
            assert self.more() == "", "the answer broke off"
        answer = bytes(self.got[:length])
        del self.got[:length]
        return answer

    def rest(self) -> tuple[str, bytes]:
        """Read to the end; that and what came."""
        while not (end := self.more()):
            pass
        return end, bytes(self.got)

    def until(self, pattern: bytes, timeout: float = MOMENT) -> tuple[str, bytes]:
        """Read until the whole of what came looks like that, then see what follows."""
        while not re.fullmatch(pattern, self.got, re.DOTALL):
            assert self.more() == "", "it ended early"
        return self.more(timeout), bytes(self.got)

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.sock.close()


def answer_length(got: bytearray) -> int:
    """How long an answer is, 0 if its head does not tell (yet)."""
    end = got.find(b"\r\n\r\n")
    found = re.search(rb"Content-Length: (\d+)", got[: max(end, 0)])
    return end + 4 + int(found[1]) if found else 0
