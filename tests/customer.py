"""A customer's server: takes what a provider tells, over a real socket, and keeps it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import attrs

PATIENCE = 20  # seconds; no test takes so long


@attrs.frozen
class Told:
    """One request; ``headers`` with names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        """The query by name."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@attrs.frozen
class Customer:
    """Where it listens, and what it was told, in order."""

    url: str
    _told: queue.Queue[Told]

    def next(self) -> Told:
        """What it was told next, as soon as it was."""
        return self._told.get(timeout=PATIENCE)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing that was told and not looked at."""
        return self._told.empty()


@contextmanager
def open_customer(status: int = 200, location: str = "") -> Iterator[Customer]:
    """A customer who answers with ``status``, perhaps pointing elsewhere."""
    told: queue.Queue[Told] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.put(Told(self.command, self.path, headers, self.rfile.read(length)))
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - the name is the server's

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield Customer(f"http://127.0.0.1:{server.server_address[1]}", told)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
