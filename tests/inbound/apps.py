"""The receiver behind real servers: WSGI, ASGI, and Django's views."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import attrs

from sumotext_backend.inbound import Receiver, make_asgi_app, make_wsgi_app


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@attrs.frozen
class Running:
    """A server at a port of loopback."""

    port: int

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the response to one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, target, body or None, dict(headers))
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return response.status, found, response.read()
        finally:
            connection.close()


@contextlib.contextmanager
def serve_wsgi(app: Any) -> Iterator[Running]:
    """Any WSGI application."""
    with make_server("127.0.0.1", 0, app, _Server, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield Running(server.server_port)
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def serve_asgi(app: Any) -> Iterator[Running]:
    """Any ASGI application."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield Running(listener.getsockname()[1])
    server.should_exit = True
    thread.join()
    listener.close()


@contextlib.contextmanager
def serve(kind: str, receiver: Receiver) -> Iterator[Running]:
    """``receiver`` behind a server of that kind."""
    starts = {
        "wsgi": lambda: serve_wsgi(make_wsgi_app(receiver)),
        "asgi": lambda: serve_asgi(make_asgi_app(receiver)),
    }
    with starts[kind]() as running:
        yield running
