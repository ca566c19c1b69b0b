"""A server on loopback that takes posts: what the bridges' own transports talk to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

STOPPED: Final = json.dumps(
    {"code": 21610, "message": "unsubscribed recipient", "status": 400}
).encode()
"""What Twilio answers, with HTTP 400, for a number that texted STOP."""

NUMBERS: Final = [f"+150155512{each:02}" for each in range(12)]


class Posts(ThreadingHTTPServer):
    """Answers every post with ``status`` and ``body``; never, where ``silent``."""

    def __init__(self, status: int = 201, body: bytes = b"{}", *, silent: bool = False) -> None:
        """Listen."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.body, self.silent = status, body, silent
        self.over = threading.Event()
        self.seen: list[bytes] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *args: object) -> None:
        """Say nothing of clients that have gone."""


class _Handler(BaseHTTPRequestHandler):
    server: Posts

    def do_POST(self) -> None:
        """Keep the body and answer."""
        server = self.server
        server.seen.append(self.rfile.read(int(self.headers["Content-Length"])))
        if server.silent:
            server.over.wait(30)
            return
        self.send_response(server.status)
        if 300 <= server.status < 400:
            self.send_header("Location", f"{server.url}/again")
        self.send_header("Content-Length", str(len(server.body)))
        self.end_headers()
        self.wfile.write(server.body)

    def do_GET(self) -> None:
        """Keep that there was one: a redirect that was followed after a 302."""
        self.server.seen.append(b"GET")
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def posts(status: int = 201, body: bytes = b"{}", *, silent: bool = False) -> Iterator[Posts]:
    """A server that runs."""
    with Posts(status, body, silent=silent) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
