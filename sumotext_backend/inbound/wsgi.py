"""The receiver as a WSGI application (PEP 3333)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final
from wsgiref.util import application_uri

import attrs

from sumotext_backend.callbacks import Reply
from sumotext_backend.inbound.arrivals import Arrival, NotWholeError, strip_mount, write_path
from sumotext_backend.inbound.receiver import Receiver

MAX_DIGITS: Final = 12
"""Of a length."""

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], object]
WsgiApp = Callable[[Environ, Start], Iterable[bytes]]


def make_wsgi_app(receiver: Receiver) -> WsgiApp:
    """An application that hands every request to ``receiver``; mount it where you like."""
    receiver.warn()

    def app(environ: Environ, start_response: Start) -> Iterable[bytes]:
        reply = _answer(receiver, environ)
        start_response(write_status(reply), list_headers(reply))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [reply.body]

    return app


def _answer(receiver: Receiver, environ: Environ) -> Reply:
    arrival = read_environ(environ)
    refused = receiver.refuse(arrival)
    if refused:  # a stranger's body is not waited for
        return refused
    try:
        body = read_body(environ, environ["wsgi.input"].read, receiver.table.max_bytes)
    except NotWholeError as error:
        return Reply(status=error.status)
    return receiver.receive(attrs.evolve(arrival, body=body))


def write_status(reply: Reply) -> str:
    """The status line of ``reply``, without the protocol."""
    return f"{reply.status} {HTTPStatus(reply.status).phrase}"


def list_headers(reply: Reply) -> list[tuple[str, str]]:
    """The headers of ``reply``, its length among them; nothing of it is kept by a cache."""
    length = [] if reply.status == HTTPStatus.NO_CONTENT else [len(reply.body)]
    own = {"Cache-Control": "no-store", **reply.headers}
    return [*own.items(), *(("Content-Length", str(each)) for each in length)]


def read_environ(environ: Environ) -> Arrival:
    """The request in ``environ``, without its body."""
    query = environ.get("QUERY_STRING", "")
    raw = _find_raw_path(environ)
    origin = application_uri(environ).rstrip("/")
    return Arrival(
        method=environ["REQUEST_METHOD"],
        target=f"{raw}?{query}" if query else raw,
        origin=origin,
        headers=_list_headers(environ),
        peer=environ.get("REMOTE_ADDR", ""),
    )


def _find_raw_path(environ: Environ) -> str:
    # WSGI has the path decoded. A signature covers what was on the wire, which some servers tell.
    script, path = (_decode(environ.get(name, "")) for name in ("SCRIPT_NAME", "PATH_INFO"))
    for name in ("RAW_URI", "REQUEST_URI"):
        whole = str(environ.get(name, "")).partition("?")[0]
        below = strip_mount(re.sub(r"^https?://[^/]*", "", whole), script)
        if whole and below is not None:
            return below
    return write_path(path)


def _decode(path: str) -> str:
    # PEP 3333 has each byte as a character.
    return path.encode("latin-1").decode("utf-8", "replace")


def _list_headers(environ: Environ) -> list[tuple[str, str]]:
    found = [
        (name.removeprefix("HTTP_").replace("_", "-"), value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    kinds = [(name, environ.get(name.replace("-", "_"), "")) for name in ("CONTENT-TYPE",)]
    return found + [(name, value) for name, value in kinds if value]


def read_body(environ: Environ, read: Callable[[int], bytes], max_bytes: int) -> bytes | None:
    """The body, of which ``read`` gives some bytes; None where it is longer than ``max_bytes``.

    Raises `NotWholeError` for one that is shorter than announced, or whose end the server does not
    tell: half a text may be a word for stop or start.
    """
    length = str(environ.get("CONTENT_LENGTH") or "")
    terminated = environ.get("wsgi.input_terminated", False)
    if environ.get("HTTP_TRANSFER_ENCODING") and not terminated:
        raise NotWholeError(411)
    if length and not (length.isascii() and length.isdigit()):
        raise NotWholeError
    if length and (len(length) > MAX_DIGITS or int(length) > max_bytes):
        return None
    body = _read(read, int(length or 0) if length or not terminated else max_bytes + 1)
    if length and len(body) != int(length):
        raise NotWholeError
    return body if len(body) <= max_bytes else None


def _read(read: Callable[[int], bytes], wanted: int) -> bytes:
    try:
        return read(wanted) if wanted else b""
    except OSError:  # such as a time-out, or a chunk without an end
        pass
    raise NotWholeError
