"""What several tests of the command share: accounts, results, and a text that needs UCS-2."""

from __future__ import annotations

import socket
from typing import Any

from commandline import KEYWORD, TO

from sumotext_backend.models import Outcome, Reason, SendResult

CURLY = "it\N{RIGHT SINGLE QUOTATION MARK}s"


def dsn(server: socket.socket, carrier: str = "&carrier=ATTUS") -> str:
    """The DSN of an account at ``server``."""
    port = server.getsockname()[1]
    return f"sumotext://74700/{KEYWORD}?base_url=http://127.0.0.1:{port}{carrier}"


def was_called(server: socket.socket) -> bool:
    """Whether anybody connected to ``server``."""
    server.setblocking(False)
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def result(reason: Reason | None = None, **fields: Any) -> SendResult:
    """A result of the outcome that ``reason`` belongs to."""
    outcome = reason.outcome if reason else Outcome.ACCEPTED
    return SendResult(backend="sumotext", to=TO, outcome=outcome, reason=reason, **fields)
