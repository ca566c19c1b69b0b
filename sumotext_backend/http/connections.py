"""Connections that connect first, then mark "on the wire", then write, and never try again.

The class of an exception does not tell whether a request may have gone; the mark does.
Every failure leaves here as `Stopped`, made outside the ``except`` block, so that nothing of
urllib3's or requests' errors, which hold the whole query, hangs on to it.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from typing import Any, Final, cast

import attrs
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from sumotext_backend.http.sockets import Stopped, Timed, TimedSocket, dial, left
from sumotext_backend.models import Reason

IDLE: Final = 30.0
"""Seconds after which an idle connection is not used again: the longer it lies, the likelier the
server closes it just as a request arrives, and that leaves a doubt."""


@attrs.define
class Call:
    """One exchange under way: two deadlines (of `time.monotonic`) and the mark."""

    connect_by: float
    deadline: float
    started: bool = False
    sock: Any = None


class _Current(threading.local):
    call: Call | None = None


current: Final = _Current()
"""The exchange of this thread. urllib3 offers no way to hand a value down to a connection."""


def _call() -> Call:
    if current.call is None:
        raise RuntimeError("a connection of this package was used outside an exchange")
    return current.call


class _Once:
    """Mixed into urllib3's connections."""

    # http.client prints whole requests where this is set for its class.
    debuglevel = 0
    sock: Any
    _used: float = 0.0

    def _new_conn(self) -> TimedSocket:
        sock = dial(self._dns_host, self.port, _call().connect_by)  # type: ignore[attr-defined]
        sock.deadline = _call().connect_by
        sock.arm()  # a TLS handshake takes its timeout over from the plain socket
        return sock

    @property
    def is_connected(self) -> bool:
        fresh = time.monotonic() - self._used < IDLE
        # What TLS has decrypted already shows on no file descriptor.
        left_over = self.sock is not None and getattr(self.sock, "pending", int)()
        return fresh and not left_over and bool(super().is_connected)  # type: ignore[misc]

    def _tunnel(self) -> None:
        super()._tunnel()  # type: ignore[misc]
        self.sock.arm()  # for the TLS handshake that follows

    def connect(self) -> None:
        stop = None
        try:
            super().connect()  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001 - sorted by unconnected()
            stop = unconnected(error)
        if not stop and not isinstance(self.sock, Timed):
            stop = Stopped(
                Reason.TLS, "something replaced Python's TLS, and would keep no deadline"
            )
        if stop:
            cast("HTTPConnection", self).close()
            raise stop

    def request(self, *args: Any, **kwargs: Any) -> None:
        call, stop = _call(), None
        if self.sock is None:
            self.connect()
        try:
            left(call.deadline)
        except TimeoutError:
            stop = Stopped(Reason.UNREACHABLE, "the deadline passed before the request left")
        if stop:
            raise stop
        self._used = time.monotonic()
        call.sock = self.sock
        self.sock.deadline = call.deadline
        call.started = True
        stop = self._written(*args, **kwargs)
        if stop:
            raise stop

    def _written(self, *args: Any, **kwargs: Any) -> Stopped | None:
        # A server may answer before it has read everything and then close: its answer counts.
        try:
            super().request(*args, **kwargs)  # type: ignore[misc]
        except (BrokenPipeError, ConnectionResetError):
            return None
        except Exception as error:  # noqa: BLE001 - sorted by unanswered()
            return unanswered(error)
        return None

    def getresponse(self) -> Any:
        try:
            return super().getresponse()  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001 - sorted by unanswered()
            stop = unanswered(error)
        raise stop


class PlainConnection(_Once, HTTPConnection):
    """One connection over TCP."""


class TlsConnection(_Once, HTTPSConnection):
    """One connection over TLS."""


class PlainPool(HTTPConnectionPool):
    """Connections over TCP to one host."""

    ConnectionCls = PlainConnection


class TlsPool(HTTPSConnectionPool):
    """Connections over TLS to one host."""

    ConnectionCls = TlsConnection


def unconnected(error: Exception) -> Stopped:
    """Why no connection came about: of `FAILED`, always."""
    if isinstance(error, Stopped):
        return error
    if isinstance(error, TimeoutError):
        return Stopped(Reason.UNREACHABLE, "no connection in time")
    if isinstance(error, (ssl.SSLZeroReturnError, ssl.SSLEOFError)):
        return Stopped(Reason.UNREACHABLE, "the connection ended during the TLS handshake")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Stopped(Reason.TLS, f"the certificate is not trusted: {error.verify_message}")
    if isinstance(error, ssl.SSLError):
        return Stopped(Reason.TLS, f"the TLS handshake failed ({error.reason or 'no TLS'})")
    # http.client tells a refused CONNECT by this text alone.
    if "Tunnel connection failed: 407" in str(error):
        return Stopped(Reason.UNAUTHORIZED, "the proxy wants a login (407)")
    if "Tunnel connection failed" in str(error):
        return Stopped(Reason.UNREACHABLE, "the proxy refused to connect")
    if isinstance(error, (OSError, HTTPError, http.client.HTTPException)):
        return Stopped(Reason.UNREACHABLE, f"no connection ({_word(error)})")
    return Stopped(Reason.UNAVAILABLE, f"connecting broke off ({type(error).__name__})")


def unanswered(error: Exception) -> Stopped:
    """Why no answer came to a request that was on the wire: of `UNKNOWN`, always."""
    if isinstance(error, TimeoutError):
        return Stopped(Reason.TIMEOUT, "no answer before the deadline")
    if isinstance(error, (OSError, http.client.RemoteDisconnected)):
        return Stopped(Reason.NO_ANSWER, f"the connection ended with no answer ({_word(error)})")
    if isinstance(error, (HTTPError, http.client.HTTPException, ValueError, AttributeError)):
        return Stopped(Reason.BAD_ANSWER, f"the answer is no proper HTTP ({type(error).__name__})")
    return Stopped(Reason.CRASHED, f"the exchange broke off ({type(error).__name__})")


def _word(error: Exception) -> str:
    # The system's own words ("Connection refused") hold no data; str(error) may.
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
