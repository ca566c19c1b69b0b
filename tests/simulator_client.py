"""A client of the simulator that speaks over plain sockets, and is none of ours."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from typing import Any
from urllib.parse import quote, urlencode

from sumotext_backend.simulator import Simulator

MOBILE = "5015551234"
TEXT = "canary & co"
SENT = {"mobile": MOBILE, "carrier": "ATTUS", "shortcode": "74700", "key": "KEYCANARY", "msg": TEXT}
PATIENCE = 20  # seconds; no test takes so long


Answer = tuple[int, dict[str, str], str]


def call(port: int, method: str, target: str, body: bytes | None = None, kind: str = "") -> Answer:
    """Make one request on a connection of its own: status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, target, body, {"Content-Type": kind} if kind else {})
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, response.read().decode()
    finally:
        connection.close()


def target(**changes: str) -> str:
    """The target of a Send MT."""
    return f"/secure/sumoSend.aspx?{urlencode({**SENT, **changes}, quote_via=quote)}"


def send(simulator: Simulator, **changes: str) -> Answer:
    """Send one text by the legacy API."""
    return call(simulator.port, "GET", target(**changes))


def post(simulator: Simulator, **changes: Any) -> Answer:
    """Send one text by the newer API; a field that is None is left out."""
    fields = {"apikey": "secret", **SENT, **changes}
    given = {name: value for name, value in fields.items() if value is not None}
    return post_body(simulator, b"json=" + json.dumps(given).encode())


def post_body(simulator: Simulator, body: bytes, kind: str = "application/json/mt") -> Answer:
    """Post ``body`` to the newer API."""
    return call(simulator.port, "POST", "/api/sumopost/post", body, kind)


def connect(simulator: Simulator, *, mobile: str = MOBILE) -> socket.socket:
    """A connection on which a Send MT was just sent."""
    connection = socket.create_connection(("127.0.0.1", simulator.port), timeout=PATIENCE)
    connection.sendall(f"GET {target(mobile=mobile)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return connection


def until(condition: Any) -> None:
    """Wait until ``condition()`` holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a fresh interpreter, warnings as errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


STATUS = {
    "5015550109": (302, None),
    "5015550112": (500, None),
    "5015550113": (503, "1"),
    "5015550114": (429, "1"),
    "5015550115": (404, None),
}


HALF = (
    b"POST /api/sumopost/post HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/json/mt\r\nContent-Length: 9\r\n\r\nj"
)
