"""`HostileGateway`: a server on loopback that commits the faults of a script."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Final, Self

from sumotext_backend.testing.hostile.connection import Connection, perform
from sumotext_backend.testing.hostile.faults.sumotext import page
from sumotext_backend.testing.hostile.listener import HOST, Listener
from sumotext_backend.testing.hostile.playlist import Play, Playlist
from sumotext_backend.testing.hostile.request import Request, new_guid
from sumotext_backend.testing.hostile.script import (
    NEW_ONLY,
    Certificate,
    End,
    Fault,
    Reply,
    Stage,
    Step,
)
from sumotext_backend.testing.hostile.tls import authority_file, server_context

_BEFORE_A_REQUEST: Final = frozenset({Stage.HELLO, Stage.CERTIFICATE, Stage.OPEN})
_AT_A_REQUEST: Final = frozenset({Stage.OPEN, Stage.AGAIN, Stage.REQUEST})
_NO_REQUEST: Final = Request()
_JOIN_TIMEOUT: Final = 5.0
"""Seconds that `HostileGateway.close` waits for a thread; none should need any."""


class HostileGateway:
    """A gateway on this machine that does what its script says; where there is none, it accepts.

    Each member of the script is the name of a fault (`FAULTS`), a `Fault`, a `Reply`, a `Raw`
    answer, or a function from the `Request` to a `Reply`. A request, or a connection that fails
    before its request, uses up one; the last repeats.
    A closed port and a black hole last until `play` is called.
    It listens from the start, on 127.0.0.1 alone, until `close` or the end of its ``with``.

    ``accepts`` is how it accepts, SUMOTEXT's way unless told otherwise; ``message_id`` makes the
    id for each request. ``tls`` makes it speak TLS, with a certificate for ``localhost`` and
    127.0.0.1. ``delay`` are seconds to wait before every answer.

    Raises `ValueError` for an unknown fault, and for one of a TLS handshake without ``tls``;
    `ModuleNotFoundError` where ``tls`` is asked for and trustme is not installed.
    """

    def __init__(
        self,
        *script: Play,
        tls: bool = False,
        delay: float = 0.0,
        accepts: Reply | None = None,
        message_id: Callable[[], str] = new_guid,
    ) -> None:
        """Listen, and play ``script``."""
        self._tls = tls
        self._delay = delay
        self._accepts = accepts or page()
        self._message_id = message_id
        self._playlist = Playlist(script, tls=tls)
        self._pem = authority_file() if tls else None
        if tls:
            server_context(Certificate.GOOD)  # made now, not in the first handshake
        self._playlist_lock = threading.RLock()  # and of the listener that follows it
        self._connections_lock = threading.Lock()
        self._running: list[tuple[Connection, threading.Thread]] = []
        self._connections = 0
        self._requests: list[Request] = []
        self._closing = threading.Event()
        self._listener = Listener(self._handle)
        self._prepare_next()

    @property
    def url(self) -> str:
        """Where it listens, without a path; also the address of it as a proxy."""
        return f"https://localhost:{self.port}" if self._tls else f"http://{HOST}:{self.port}"

    @property
    def port(self) -> int:
        """The TCP port, on 127.0.0.1."""
        return self._listener.number

    @property
    def ca_bundle(self) -> str | None:
        """Path of a PEM file with the authority to trust, until `close`; None without TLS."""
        return self._pem.name if self._pem else None

    @property
    def gets(self) -> int:
        """How many requests were read so far, a CONNECT (which holds no text) not counted."""
        return sum(request.method != "CONNECT" for request in self.requests)

    @property
    def requests(self) -> tuple[Request, ...]:
        """All requests that were read so far."""
        return tuple(self._requests)

    @property
    def connections(self) -> int:
        """How many TCP connections were accepted so far."""
        return self._connections

    def play(self, *script: Play) -> None:
        """Follow ``script`` from now on. Raises `ValueError` as the class does.

        Idle connections are closed where its first fault can only meet a new one.
        """
        playlist = Playlist(script, tls=self._tls)
        with self._playlist_lock:
            self._playlist = playlist
            self._prepare_next()

    def close(self) -> None:
        """Stop listening, end every connection and every wait. May be called twice."""
        self._closing.set()
        with self._playlist_lock:
            self._listener.close()
        for connection, _ in self._live():
            connection.shutdown()
        for _, thread in self._live():
            thread.join(_JOIN_TIMEOUT)
        if self._pem:
            self._pem.close()

    def __enter__(self) -> Self:
        """Return the gateway, which listens already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def _prepare_next(self) -> None:
        """Bring listener and idle connections in line with the fault that is next."""
        following = self._playlist.next
        if following.stage in NEW_ONLY:
            for connection, _ in self._live():
                if connection.idle:
                    connection.shutdown()
        if not self._closing.is_set():
            self._listener.set_state(following.port)

    def _take(self, stages: Collection[Stage]) -> Fault | None:
        """Use up the next fault, if it is one of ``stages``."""
        with self._playlist_lock:
            taken = self._playlist.take(stages)
            if taken:
                self._prepare_next()
            return taken

    def _live(self) -> list[tuple[Connection, threading.Thread]]:
        with self._connections_lock:
            self._running = [pair for pair in self._running if not _is_over(pair[1])]
            return self._running.copy()

    def _handle(self, sock: socket.socket) -> None:
        connection = Connection(sock, self._connections + 1)
        thread = threading.Thread(
            target=self._serve, args=(connection,), name="hostile-connection", daemon=True
        )
        live = self._live()
        with self._connections_lock:  # before it can answer, so that `play` right after finds it
            self._connections += 1
            self._running = [*live, (connection, thread)]
        thread.start()

    def _serve(self, connection: Connection) -> None:
        try:
            with contextlib.suppress(OSError):  # the client has gone, or we are closing
                self._serve_requests(connection)
        finally:
            connection.sock.close()

    def _serve_requests(self, connection: Connection) -> None:
        early = self._take(_BEFORE_A_REQUEST)
        if early and early.stage is Stage.HELLO:
            connection.sock.recv(65536)
            perform(early.steps, connection, _NO_REQUEST, self._closing)
            return
        if self._tls:
            connection.start_tls(server_context(early.certificate if early else Certificate.GOOD))
            if self._closing.is_set():
                return
            connection.handshake()
        while self._serve_request(connection, early):
            early = None
            connection.served = True

    def _serve_request(self, connection: Connection, early: Fault | None) -> bool:
        """One request and its answer; whether the connection lives on."""
        if early and early.stage is Stage.OPEN:
            return perform(early.steps, connection, _NO_REQUEST, self._closing)
        if not self._wait_for_request(connection, early):
            return False
        current = early or self._take(_AT_A_REQUEST)
        if current is None:
            return False
        unread = current.stage is Stage.AGAIN and connection.served
        if current.stage is Stage.OPEN or unread:
            return perform(current.steps, connection, _NO_REQUEST, self._closing)
        request = connection.read(self._message_id())
        if request is None:
            return False
        self._requests.append(request)
        return self._answer(connection, current, request)

    def _wait_for_request(self, connection: Connection, early: Fault | None) -> bool:
        """Whether a request begins; none does where the next fault wants a new connection."""
        connection.idle = True  # first: `_prepare_next` closes what is idle once it changed
        if early is None and self._playlist.next.stage in NEW_ONLY:
            return perform((End.CLOSE,), connection, _NO_REQUEST, self._closing)
        begun = connection.wait_for_request()
        connection.idle = False
        return begun

    def _answer(self, connection: Connection, current: Fault, request: Request) -> bool:
        if self._delay:
            self._closing.wait(self._delay)
        accepts = current.stage is Stage.AGAIN or not current.steps
        steps: tuple[Step, ...] = (self._accepts,) if accepts else current.steps
        last = request.is_last or self._playlist.next.stage in NEW_ONLY
        if last and not any(isinstance(step, End) for step in steps):
            steps = (*steps, End.CLOSE)
        return perform(steps, connection, request, self._closing)


def _is_over(thread: threading.Thread) -> bool:
    return thread.ident is not None and not thread.is_alive()
