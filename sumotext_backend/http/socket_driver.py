"""`SocketDriver`: one request, once, over our own sockets.

The class of an error does not tell whether a request may have gone. Where it was raised does:
`SocketDriver.send` first gets a connection that is up, which can only fail as `FAILED`, and then
writes, from where everything that goes wrong is `UNKNOWN`. The line between its two calls is the
mark "on the wire". It is not a variable: there is nothing that another thread, a green one too,
could set or clear.
"""

from __future__ import annotations

import socket
import ssl
import time
from urllib.parse import urlsplit

from sumotext_backend.deadline import Limits
from sumotext_backend.http.connection import Connection, IdleConnections
from sumotext_backend.http.dial import dial
from sumotext_backend.http.failures import explain_unconnected, seconds_left
from sumotext_backend.http.idle_limit import IdleLimit
from sumotext_backend.http.reader import ResponseReader
from sumotext_backend.http.request import Request, encode
from sumotext_backend.http.response import NoResponse, Response
from sumotext_backend.http.tls import TlsSocket, make_context


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
        self._context = make_context(ca_bundle) if parts.scheme == "https" else None
        self._idle = IdleConnections()
        self._limit = IdleLimit()

    def send(self, request: Request, limits: Limits) -> Response | NoResponse:
        """Send ``request``, once. Never raises for what a network or a server does."""
        # A view shows no bytes where a tracker of errors shows what a frame held.
        data = memoryview(encode(request, self._prefix, self._named))
        reader = ResponseReader(request)
        connection = self._connect(data, limits)
        # From here to the write it is a microsecond, in which a server may close.
        if isinstance(connection, NoResponse):
            return connection
        return self._converse(connection, reader, limits.deadline)

    def close(self) -> None:
        """Close the connections that wait; those in use are closed after it."""
        self._idle.close()

    def _connect(self, data: memoryview, limits: Limits) -> Connection | NoResponse:
        """A connection that is up, silent and loaded; or why there is none: `FAILED`, always."""
        try:
            return self._take_kept(data, limits.deadline) or self._dial(data, limits)
        except Exception as error:  # noqa: BLE001 - all of them are sorted
            return explain_unconnected(error, limits.connect_by)

    def _converse(
        self, connection: Connection, reader: ResponseReader, deadline: float
    ) -> Response | NoResponse:
        """Write, and read what comes back: what ends here without an answer is `UNKNOWN`."""
        kept = False
        try:
            connection.write(deadline)
            connection.read(reader, deadline)
            kept = reader.reusable  # not where an alarm broke off what follows the answer
        except Exception as error:  # noqa: BLE001 - all of them are sorted
            reader.fail(error, deadline)
        finally:  # also for a SystemExit, say
            if kept:
                self._idle.put(connection)
            else:
                connection.close()
        result = reader.result()
        if isinstance(result, NoResponse):
            self._limit.learn(result, connection.waited, time.monotonic())
        return result

    def _take_kept(self, data: memoryview, deadline: float) -> Connection | None:
        while connection := self._idle.pop():
            try:
                seconds_left(deadline)
                if self._is_fit(connection, data):
                    return connection
            except BaseException:
                connection.close()
                raise
            connection.close()
        return None

    def _is_fit(self, connection: Connection, data: memoryview) -> bool:
        """Whether ``connection`` may serve now, and is loaded; the look at it comes last."""
        now = time.monotonic()
        connection.waited = idle = now - connection.used
        if idle > connection.max_idle:
            return False
        limit = self._limit
        if idle > limit.seconds and not limit.admits(idle, now, is_open=connection.is_silent()):
            return False
        if not _takes(connection, data):
            return False
        return connection.is_silent() or limit.admits(idle, now, is_open=False)

    def _dial(self, data: memoryview, limits: Limits) -> Connection:
        sock = dial(self._host, self._port, limits.connect_by)
        try:
            connection = Connection(
                self._secure(sock, self._context, limits) if self._context else sock
            )
            connection.load(data)
            seconds_left(limits.deadline)
        except BaseException:
            sock.close()
            raise
        return connection

    def _secure(self, sock: socket.socket, context: ssl.SSLContext, limits: Limits) -> TlsSocket:
        secured = TlsSocket(sock, context, self._host)
        secured.settimeout(seconds_left(limits.connect_by))
        secured.handshake()
        return secured


def _takes(connection: Connection, data: memoryview) -> bool:
    """Whether ``data`` is loaded; not while the server wants to shake hands anew."""
    try:
        connection.load(data)
    except ssl.SSLError:
        return False
    return True
