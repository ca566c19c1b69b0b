"""Sockets that keep a deadline, and how one is connected.

A socket's timeout bounds one operation, so a peer that drips bytes can hold a reader for ever.
These set, before each operation, the time that is left of the whole call. That makes one
deadline hold for head and body, plain and TLS, without a thread that watches.
"""

from __future__ import annotations

import math
import queue
import socket
import ssl
import threading
import time
from typing import Any

from sumotext_backend.exceptions import SmsError
from sumotext_backend.models import Reason

Address = tuple[socket.AddressFamily, tuple[Any, ...]]


class Stopped(SmsError):
    """The exchange ended here; carries a `Reason` and a detail, and nothing private.

    It is no `OSError`, so that urllib3 and requests hand it up as it is.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        """Keep both as arguments."""
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def left(deadline: float) -> float:
    """Seconds until ``deadline`` (of `time.monotonic`). Raises `TimeoutError` once it is past."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class Timed:
    """Mixed into a socket class: each operation gets what is left until ``deadline``."""

    deadline: float = math.inf

    def arm(self) -> None:
        """Give the next operation what is left. Raises `TimeoutError` once that is nothing."""
        super().settimeout(left(self.deadline))  # type: ignore[misc]

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Receive within the deadline."""
        self.arm()
        count: int = super().recv_into(*args, **kwargs)  # type: ignore[misc]
        return count

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        """Send within the deadline."""
        self.arm()
        super().sendall(*args, **kwargs)  # type: ignore[misc]


class TimedSocket(Timed, socket.socket):
    """A TCP socket with a deadline."""


class TimedSSLSocket(Timed, ssl.SSLSocket):
    """A TLS socket with a deadline, to which an end without TLS's own goodbye is an error."""

    @property
    def suppress_ragged_eofs(self) -> bool:
        """Never: a cut would look like the end of a head or a body."""
        return False

    @suppress_ragged_eofs.setter
    def suppress_ragged_eofs(self, _: bool) -> None:
        """Ignore what `ssl` sets by default."""


def resolve(host: str, port: int, deadline: float) -> list[Address]:
    """The addresses of ``host``, asked for in a thread, since a resolver knows no deadline.

    Raises `OSError` where there is none, `TimeoutError` at the deadline; the thread then ends
    when the resolver does.
    """
    answer: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            answer.put(error)
        except Exception as error:  # noqa: BLE001 - a host name can be wrong in many ways
            answer.put(OSError(type(error).__name__))

    threading.Thread(target=ask, name="sumotext-resolve", daemon=True).start()
    try:
        found = answer.get(timeout=left(deadline))
    except queue.Empty:
        found = TimeoutError("resolver")
    if isinstance(found, OSError):
        raise found
    return [(family, address) for family, _, _, _, address in found]


def dial(host: str, port: int, deadline: float) -> TimedSocket:
    """A connected socket. Addresses are tried in turn and share what is left of the time.

    Raises `OSError` (the last address's), `TimeoutError` at the deadline.
    """
    addresses = resolve(host, port, deadline)
    last: OSError = OSError("no address")
    for index, (family, address) in enumerate(addresses):
        share = left(deadline) / (len(addresses) - index)
        try:
            return _connected(family, address, share)
        except OSError as error:
            last = error
    raise last


def _connected(
    family: socket.AddressFamily, address: tuple[Any, ...], seconds: float
) -> TimedSocket:
    sock = TimedSocket(family, socket.SOCK_STREAM)
    try:
        socket.socket.settimeout(sock, seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock
