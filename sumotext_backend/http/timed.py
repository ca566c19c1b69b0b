"""Sockets that keep a deadline, for urllib3, which knows none.

A socket's timeout bounds one operation, so a peer that drips bytes can hold a reader for ever.
These set, before each operation, the time that is left of the whole call. That makes one
deadline hold for head and body, plain and TLS, without a thread that watches.
"""

from __future__ import annotations

import math
import socket
import ssl
from typing import Any

from sumotext_backend.http.failures import left


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
