"""`SocketDriver`: one request, once, over our own sockets.

The class of an error does not tell whether a request may have gone. Where it was raised does:
`SocketDriver.send` first gets a connection that is up, which can only fail as `FAILED`, and then
writes, from where everything that goes wrong is `UNKNOWN`. The line between its two calls is the
mark "on the wire". It is no variable: there is nothing that another thread, a green one too,
could set or clear.
"""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

from sumotext_backend.deadline import Limits
from sumotext_backend.http.connection import Connection, IdleConnections
from sumotext_backend.http.dial import dial
from sumotext_backend.http.failures import explain_unconnected, left
from sumotext_backend.http.reader import ResponseReader
from sumotext_backend.http.request import Request, encode
from sumotext_backend.http.response import NoResponse, Response
from sumotext_backend.http.tls import make_context


class SocketDriver:
    """Sends requests to one base URL, over connections of its own that are kept and used again.

    Usable from several threads at once, and within a signal handler.
    """

    def __init__(self, base_url: str, ca_bundle: str | None) -> None:
        """Open nothing yet. Raises `OSError` for a CA bundle that cannot be read."""
        parts = urlsplit(base_url.rstrip("/"))
        self._host = (parts.hostname or "").rstrip(".")
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._named = parts.netloc
        self._prefix = parts.path
        self._ca_bundle = ca_bundle
        self._context = make_context(ca_bundle) if parts.scheme == "https" else None
        self._idle = IdleConnections()

    def send(self, request: Request, limits: Limits) -> Response | NoResponse:
        """Send ``request``, once. Never raises for what a network or a server does."""
        # A view shows no bytes where a tracker of errors shows what a frame held.
        data = memoryview(encode(request, self._prefix, self._named))
        reader = ResponseReader(request)
        connection = self._connect(limits)
        # From here to the write it is a few microseconds, in which a server may close.
        if isinstance(connection, NoResponse):
            return connection
        return self._converse(connection, data, reader, limits.deadline)

    def close(self) -> None:
        """Close the connections that wait; those in use are closed after it."""
        self._idle.close()

    def _connect(self, limits: Limits) -> Connection | NoResponse:
        """A connection that is up and silent; or why there is none: of `FAILED`, always."""
        try:
            return self._take_kept(limits.deadline) or self._dial(limits)
        except Exception as error:  # noqa: BLE001 - all of them are sorted
            return explain_unconnected(error)

    def _converse(
        self, connection: Connection, data: memoryview, reader: ResponseReader, deadline: float
    ) -> Response | NoResponse:
        """Write, and read what comes back: what ends here without an answer is `UNKNOWN`."""
        try:
            connection.write(data, deadline)
            connection.read(reader, deadline)
        except Exception as error:  # noqa: BLE001 - all of them are sorted
            reader.fail(error)
        finally:  # also for a SystemExit, say
            if reader.reusable:
                self._idle.put(connection)
            else:
                connection.close()
        return reader.result()

    def _take_kept(self, deadline: float) -> Connection | None:
        while connection := self._idle.pop():
            try:
                left(deadline)
                if not connection.is_stale and connection.is_silent():
                    return connection
            except BaseException:
                connection.close()
                raise
            connection.close()
        return None

    def _dial(self, limits: Limits) -> Connection:
        sock = dial(self._host, self._port, limits.connect_by)
        try:
            if self._context:
                sock = self._wrap(sock, self._context)
                sock.settimeout(left(limits.connect_by))
                sock.do_handshake()
            left(limits.deadline)
        except BaseException:
            sock.close()
            raise
        return Connection(sock)

    def _wrap(self, sock: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
        if type(context) is not ssl.SSLContext:  # something has replaced it since
            context = self._context = make_context(self._ca_bundle)
        return context.wrap_socket(
            sock,
            server_hostname=self._host,
            do_handshake_on_connect=False,
            # An end without TLS's own goodbye is an error: it would look like the end of an answer.
            suppress_ragged_eofs=False,
        )
