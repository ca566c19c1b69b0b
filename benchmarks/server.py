"""The other end, in a process of its own: a fast loopback server of canned answers.

Stands alone on the standard library, so that it starts fast. Prints its two ports, and ends when
its standard input does, so that it never outlives the benchmark.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO, Final, NamedTuple, cast

_TAIL: Final = b"<html><body><form action='sumoSend.aspx'><input></form></body></html>\r\n"
_SID: Final = "SM00000000000000000000000000000001"
_TWILIO: Final = json.dumps(
    {
        "account_sid": "AC00000000000000000000000000000001",
        "api_version": "2010-04-01",
        "body": "hello",
        "date_created": "Thu, 24 Aug 2023 05:01:45 +0000",
        "date_sent": None,
        "date_updated": "Thu, 24 Aug 2023 05:01:45 +0000",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": "+15557122661",
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "sid": _SID,
        "status": "queued",
        "subresource_uris": {"media": f"/2010-04-01/Messages/{_SID}/Media.json"},
        "to": "+15015551234",
        "uri": f"/2010-04-01/Messages/{_SID}.json",
    }
).encode()


def _response(status: bytes, kind: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
    return head % (status, kind, len(body)) + body


_CREATED: Final = _response(b"201 Created", b"application/json", _TWILIO)


def answer(request: bytes) -> bytes:
    """Send MT's answer to a GET, Twilio's to a POST."""
    if request.startswith(b"POST"):
        return _CREATED
    mobile = request.partition(b"mobile=")[2][:10]
    body = mobile + b":ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0\r\n" + _TAIL
    return _response(b"200 OK", b"text/html; charset=utf-8", body)


def whole(request: bytes) -> bool:
    """Whether ``request`` is here up to the end of its body."""
    head, end, body = request.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return bool(end) and len(body) >= int(length or 0)


def _read(client: socket.socket) -> bytes:
    """What came, or nothing where the client has gone."""
    with contextlib.suppress(OSError):
        return client.recv(65536)
    return b""


def serve(listeners: Mapping[socket.socket, ssl.SSLContext | None]) -> None:
    """Answer until standard input ends, over TLS where a listener has a context."""
    waiting: dict[socket.socket, bytes] = {}
    with selectors.DefaultSelector() as ready:
        ready.register(sys.stdin, selectors.EVENT_READ)
        for listener in listeners:
            ready.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj is sys.stdin:
                    return
                sock = cast("socket.socket", key.fileobj)
                if sock in listeners:
                    client = _welcome(sock, listeners[sock])
                    ready.register(client, selectors.EVENT_READ)
                    waiting[client] = b""
                else:
                    _serve_one(sock, ready, waiting)


def _welcome(listener: socket.socket, context: ssl.SSLContext | None) -> socket.socket:
    client, _ = listener.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(client, server_side=True) if context else client


def _serve_one(
    client: socket.socket, ready: selectors.BaseSelector, waiting: dict[socket.socket, bytes]
) -> None:
    came = _read(client)
    if not came:
        ready.unregister(client)
        del waiting[client]
        client.close()
        return
    waiting[client] += came
    if whole(waiting[client]):
        client.sendall(answer(waiting[client]))
        waiting[client] = b""


class Sites(NamedTuple):
    """Where it answers, and whom to trust over TLS: a file in PEM."""

    plain: str
    tls: str
    ca_bundle: str


@contextlib.contextmanager
def running() -> Iterator[Sites]:
    """The server in another process, which ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        authority, pair = f"{folder}/ca.pem", f"{folder}/server.pem"
        _issue(authority, pair)
        process = subprocess.Popen(
            [sys.executable, __file__, pair],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,  # an interrupt is for the benchmark, which then ends this one
        )
        with process:
            try:
                plain, tls = map(int, cast("IO[bytes]", process.stdout).readline().split())
                yield Sites(f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{tls}", authority)
            finally:
                process.communicate(timeout=10)


def _issue(authority: str, pair: str) -> None:
    """Write an authority, and a certificate of its for loopback with its key."""
    import trustme  # the server itself starts without it

    issuer = trustme.CA()
    issuer.cert_pem.write_to_path(authority)
    issued = issuer.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(pair)


def _main() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    with (
        socket.create_server(("127.0.0.1", 0), backlog=128) as plain,
        socket.create_server(("127.0.0.1", 0), backlog=128) as tls,
    ):
        print(plain.getsockname()[1], tls.getsockname()[1], flush=True)
        serve({plain: None, tls: context})


if __name__ == "__main__":
    _main()
