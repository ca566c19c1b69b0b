"""The receiver as a WSGI application (PEP 3333)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote
from wsgiref.util import application_uri

from sumotext_backend.callbacks import Reply
from sumotext_backend.inbound.arrivals import Arrival
from sumotext_backend.inbound.receiver import Receiver

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], object]
WsgiApp = Callable[[Environ, Start], Iterable[bytes]]

_SAFE: Final = "/:@!$&'()*+,;=~"


def make_wsgi_app(receiver: Receiver) -> WsgiApp:
    """An application that hands every request to ``receiver``; mount it where you like."""

    def app(environ: Environ, start_response: Start) -> Iterable[bytes]:
        reply = receiver.receive(read_environ(environ, receiver.table.max_bytes))
        start_response(write_status(reply), list_headers(reply))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.body]

    return app


def write_status(reply: Reply) -> str:
    """The status line of ``reply``, without the protocol."""
    return f"{reply.status} {HTTPStatus(reply.status).phrase}"


def list_headers(reply: Reply) -> list[tuple[str, str]]:
    """The headers of ``reply``, its length among them; nothing of it is kept by a cache."""
    length = [] if reply.status == HTTPStatus.NO_CONTENT else [len(reply.body)]
    own = {"Cache-Control": "no-store", **reply.headers}
    return [*own.items(), *(("Content-Length", str(each)) for each in length)]


def read_environ(environ: Environ, max_bytes: int) -> Arrival:
    """The request in ``environ``, of whose body no more than ``max_bytes`` are read."""
    query = environ.get("QUERY_STRING", "")
    raw = _find_raw_path(environ)
    origin = application_uri(environ).rstrip("/")
    return Arrival(
        method=environ["REQUEST_METHOD"],
        target=f"{raw}?{query}" if query else raw,
        origin=origin,
        headers=_list_headers(environ),
        body=_read_body(environ, max_bytes),
        peer=environ.get("REMOTE_ADDR", ""),
    )


def _find_raw_path(environ: Environ) -> str:
    # WSGI has the path decoded. A signature covers what was on the wire, which some servers tell.
    script = environ.get("SCRIPT_NAME", "")
    for name in ("RAW_URI", "REQUEST_URI"):
        whole = str(environ.get(name, "")).partition("?")[0]
        path = re.sub(r"^https?://[^/]*", "", whole)
        if path and path.startswith(quote(script, safe=_SAFE)):
            return path[len(quote(script, safe=_SAFE)) :]
    return quote(environ.get("PATH_INFO", "").encode("latin-1"), safe=_SAFE)


def _list_headers(environ: Environ) -> list[tuple[str, str]]:
    found = [
        (name.removeprefix("HTTP_").replace("_", "-"), value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    kinds = [(name, environ.get(name.replace("-", "_"), "")) for name in ("CONTENT-TYPE",)]
    return found + [(name, value) for name, value in kinds if value]


def _read_body(environ: Environ, max_bytes: int) -> bytes | None:
    length = str(environ.get("CONTENT_LENGTH") or "")
    terminated = environ.get("wsgi.input_terminated", False)
    if length and not (length.isascii() and length.isdigit() and int(length) <= max_bytes):
        return None
    if not length and not terminated:
        return b""
    body: bytes = environ["wsgi.input"].read(int(length) if length else max_bytes + 1)
    return body if len(body) <= max_bytes else None
