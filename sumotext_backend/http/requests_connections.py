"""urllib3's connections, made to connect first, then mark "on the wire", then write, once.

Every failure leaves here as `StoppedError`, made outside the ``except`` block, so that nothing of
urllib3's or requests' errors, which hold the whole query, hangs on to it.
"""

from __future__ import annotations

import http.client
import queue
import re
import ssl
import time
from collections import deque
from typing import Any, Final, cast
from urllib.parse import urlsplit

import attrs
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from sumotext_backend.deadline import Limits
from sumotext_backend.http.dial import dial
from sumotext_backend.http.failures import (
    StoppedError,
    explain_unanswered,
    explain_unconnected,
    seconds_left,
)
from sumotext_backend.http.idle_limit import MAX_IDLE_SECONDS, IdleLimit, parse_keep_alive
from sumotext_backend.http.response import NoResponse
from sumotext_backend.http.timed import Timed, TimedSocket
from sumotext_backend.models import Reason


@attrs.define
class Call:
    """One exchange under way: its deadlines, its socket, and the mark.

    ``waited`` are the seconds that the connection was idle before it; 0 for a new one.
    """

    limits: Limits
    started: bool = False
    sock: Any = None
    waited: float = 0.0


class Lane:
    """A pool of one connection, which one exchange has at a time, so that it carries the call.

    A thread's own variable would not do: green threads that were patched in late share it.
    """

    def __init__(
        self, base_url: str, proxy: str | None, context: ssl.SSLContext | None, limit: IdleLimit
    ) -> None:
        """Open nothing yet."""
        self.limit = limit
        self.used, self.max_idle = 0.0, MAX_IDLE_SECONDS
        options: dict[str, Any] = {"maxsize": 1, "ssl_context": context}
        manager = urllib3.PoolManager(**options)
        if proxy:
            login = HTTPAdapter().proxy_headers(proxy)
            manager = urllib3.ProxyManager(proxy, proxy_headers=login, **options)
        manager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
        self.pool = manager.connection_from_url(base_url)
        self.pool.conn_kw["lane"] = self
        self.call: Call | None = None
        parts = urlsplit(base_url)
        # A plain request through a proxy names the whole URL; any other only the path.
        self.prefix = parts.geturl() if proxy and parts.scheme == "http" else parts.path

    def rest(self, keep_alive: str | None) -> None:
        """Let the connection wait from now on, for what the server's header ``Keep-Alive`` says."""
        self.used, self.max_idle = time.monotonic(), parse_keep_alive(keep_alive)


_STATUS_LINE: Final = re.compile(rb"HTTP/1\.[01] [1-5][0-9]{2}[ \r\n]")
_INFORMS: Final = re.compile(rb"HTTP/1\.1 1(?!01)[0-9]{2}[ \r\n]")


class _Lines:
    """The lines of a head, as http.client is to see them."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._is_status = True

    def readline(self, size: int = -1) -> bytes:
        """The next line. Raises `BadStatusLine` for a status that is not three digits."""
        line: bytes = self._file.readline(size)
        was_status, self._is_status = self._is_status, line in (b"\r\n", b"\n")
        if was_status and line and not _STATUS_LINE.match(line):
            raise http.client.BadStatusLine("not a status line")
        # http.client passes over a 100, and takes any other that only informs for the end.
        return b"HTTP/1.1 100 Continue\r\n" if was_status and _INFORMS.match(line) else line


class _Response(http.client.HTTPResponse):
    """http.client's response, strict about its first line."""

    def begin(self) -> None:
        """Read the head."""
        file, self.fp = self.fp, cast("Any", _Lines(self.fp))
        try:
            super().begin()
        finally:
            self.fp = file


class _Once:
    """Mixed into urllib3's connections."""

    # http.client prints whole requests where this is set for its class.
    debuglevel = 0
    response_class: Any = _Response
    sock: Any

    def __init__(self, *args: Any, lane: Lane, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lane = lane

    @property
    def _call(self) -> Call:
        if self._lane.call is None:
            raise RuntimeError("a connection of this package was used outside an exchange")
        return self._lane.call

    def _new_conn(self) -> TimedSocket:
        connect_by = self._call.limits.connect_by
        sock = dial(self._dns_host, self.port, connect_by, TimedSocket)  # type: ignore[attr-defined]
        timed = cast("TimedSocket", sock)
        timed.deadline = connect_by
        timed.arm()  # a TLS handshake takes its timeout over from the plain socket
        return timed

    @property
    def is_connected(self) -> bool:
        lane, now = self._lane, time.monotonic()
        idle = now - lane.used
        if self.sock is None or idle > lane.max_idle:
            return False
        # What TLS has decrypted already shows on no file descriptor.
        left_over = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()
        is_open = not left_over and bool(super().is_connected)  # type: ignore[misc]
        fit = lane.limit.admits(idle, now, is_open=is_open)
        self._call.waited = idle if fit else 0.0
        return fit

    def _tunnel(self) -> None:
        super()._tunnel()  # type: ignore[misc]
        self.sock.arm()  # for the TLS handshake that follows

    def connect(self) -> None:
        why = None
        try:
            super().connect()  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001 - all of them are sorted
            why = explain_unconnected(error, self._call.limits.connect_by)
        if not why and not isinstance(self.sock, Timed):
            why = NoResponse(
                Reason.TLS, "something replaced Python's TLS, and would keep no deadline"
            )
        if why:
            cast("HTTPConnection", self).close()
            raise StoppedError(why)

    def request(self, *args: Any, **kwargs: Any) -> None:
        call, why = self._call, None
        if self.sock is None:
            self.connect()
        try:
            seconds_left(call.limits.deadline)
        except TimeoutError:
            why = NoResponse(Reason.UNREACHABLE, "the deadline passed before the request left")
        if why:
            raise StoppedError(why)
        call.sock = self.sock
        self.sock.deadline = call.limits.deadline
        call.started = True
        why = self._write(*args, **kwargs)
        if why:
            raise StoppedError(why)

    def _write(self, *args: Any, **kwargs: Any) -> NoResponse | None:
        # A server may answer before it has read everything and then close: its answer counts.
        try:
            super().request(*args, **kwargs)  # type: ignore[misc]
        except (BrokenPipeError, ConnectionResetError):
            return None
        except Exception as error:  # noqa: BLE001 - all of them are sorted
            return explain_unanswered(error, self._call.limits.deadline)
        return None

    def getresponse(self) -> Any:
        try:
            return super().getresponse()  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001 - all of them are sorted
            why = explain_unanswered(error, self._call.limits.deadline)
        raise StoppedError(why)


class PlainConnection(_Once, HTTPConnection):
    """One connection over TCP."""


class TlsConnection(_Once, HTTPSConnection):
    """One connection over TLS."""


class _Waiting:
    """What urllib3 takes for a queue: where the connection of a lane waits for its next use.

    A queue of Python's has a lock, which stays held where an alarm raises at the wrong moment, and
    urllib3 would wait for it while that alarm goes up, for ever.
    """

    def __init__(self, _size: int = 0) -> None:
        self._items: deque[Any] = deque()

    def get(self, **_: object) -> Any:
        """The one that was put last; never waits. Raises `queue.Empty`."""
        try:
            return self._items.pop()
        except IndexError:
            raise queue.Empty from None

    def put(self, item: Any, **_: object) -> None:
        """Let ``item`` wait."""
        self._items.append(item)


class PlainPool(HTTPConnectionPool):
    """Connections over TCP to one host."""

    ConnectionCls = PlainConnection
    QueueCls: Any = _Waiting


class TlsPool(HTTPSConnectionPool):
    """Connections over TLS to one host."""

    ConnectionCls = TlsConnection
    QueueCls: Any = _Waiting
