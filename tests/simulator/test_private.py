"""The simulator logs nothing private, and leaves the logs of others alone."""

from __future__ import annotations

import logging
import re
import socket
from urllib.parse import quote

import pytest
from simulator_client import MOBILE, TEXT, call, connect, post, send, until

from sumotext_backend.simulator import MAGIC, Simulator

pytestmark = pytest.mark.once


@pytest.mark.parametrize("level", [logging.DEBUG, 1])
def test_logs_hold_nothing_private(caplog: pytest.LogCaptureFixture, level: int) -> None:
    """Whatever the level, no logger tells a number, a text, a keyword or a query."""
    with caplog.at_level(level), Simulator() as simulator:
        send(simulator)
        post(simulator)
        for magic in MAGIC:
            if magic.digits not in ("0105", "0106"):
                send(simulator, mobile=magic.number)
        with pytest.raises(ConnectionResetError):
            send(simulator, mobile="5015550106")
        with connect(simulator, mobile="5015550105"):
            until(lambda: simulator.requests[-1].name == "no-answer")
        call(simulator.port, "GET", f"/no/such/page?msg={quote(TEXT)}&mobile={MOBILE}")
        with socket.create_connection(("127.0.0.1", simulator.port)) as connection:
            connection.sendall(f"GET {TEXT} {MOBILE} canary\r\n\r\n".encode())
            connection.recv(100)
    form = logging.Formatter()
    logged = "\n".join(f"{form.format(each)} {each.args}" for each in caplog.records)

    # The server does log, so the rest means something.
    assert "uvicorn.error" in {each.name for each in caplog.records}
    assert not re.search("canary|mobile=|msg=|secret|501555", logged, re.IGNORECASE)


def test_the_log_of_another_server_is_left_alone() -> None:
    """A simulator does not silence or configure uvicorn's loggers, which others may use."""
    names = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
    loggers = [logging.getLogger(name) for name in names]
    before = [(each.level, each.propagate, list(each.handlers)) for each in loggers]
    with Simulator() as simulator:
        send(simulator)

    assert before == [(each.level, each.propagate, list(each.handlers)) for each in loggers]
