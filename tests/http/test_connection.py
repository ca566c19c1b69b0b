"""What is done with a connection's socket, and in which order."""

from __future__ import annotations

import socket
import ssl
import sys
from contextlib import closing
from types import FrameType
from typing import Any

import pytest
from plain_backend import backend, exchange

from sumotext_backend.http import Response
from sumotext_backend.testing import HostileGateway

SYSTEM = (socket.socket, ssl.SSLSocket, ssl.MemoryBIO)


class Record:
    """The calls into sockets and TLS, by name, as the interpreter tells of them."""

    def __init__(self) -> None:
        """None yet."""
        self.names: list[str] = []

    def __call__(self, _frame: FrameType, event: str, function: Any) -> None:
        """Take note of one call."""
        if event == "c_call":
            owner = getattr(function, "__self__", None)
            if isinstance(owner, SYSTEM) or type(owner).__module__ in ("_ssl", "_socket", "select"):
                self.names.append(function.__name__)


def calls_of_a_send(tls: bool, transport: str) -> list[str]:
    """What is called, in order, by a send over a connection that has served before."""
    record = Record()
    with HostileGateway("S01", tls=tls) as gateway, closing(backend(gateway, transport)) as sender:
        exchange(sender)
        sys.setprofile(record)
        try:
            ended = exchange(sender)
        finally:
            sys.setprofile(None)
        assert isinstance(ended, Response)
        assert 1 == gateway.connections
    return record.names


def test_a_connection_is_looked_at_right_before_the_write() -> None:
    """Nothing stands between them that could take time: a server may close just then."""
    calls = calls_of_a_send(tls=False, transport="sockets")

    assert ["recv", "send"] == calls[:2]


def test_a_request_is_encrypted_before_the_look() -> None:
    """Over TLS, too, the write comes next."""
    calls = calls_of_a_send(tls=True, transport="sockets")

    assert "write" in calls[: calls.index("recv")]
    assert "send" == calls[calls.index("recv") + 1]


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_control_the_driver_on_requests_does_more_between_them(tls: bool) -> None:
    """It looks, and then sets a time-out, before it writes; over TLS it encrypts as it writes."""
    calls = calls_of_a_send(tls, "requests")
    before = calls[: calls.index("write" if tls else "sendall")]

    assert "poll" in before
    assert "poll" != before[-1]
