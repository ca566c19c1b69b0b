"""`HostileGateway`: a server on loopback that commits the faults of a script."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import deque
from collections.abc import Collection
from types import TracebackType
from typing import Final, Self

from sumotext_backend.testing.hostile.connection import Peer, perform
from sumotext_backend.testing.hostile.faults import fault
from sumotext_backend.testing.hostile.listener import HOST, Port
from sumotext_backend.testing.hostile.request import Request
from sumotext_backend.testing.hostile.script import (
    NEW_ONLY,
    Certificate,
    End,
    Fault,
    Raw,
    Reply,
    Stage,
    Step,
)
from sumotext_backend.testing.hostile.tls import authority_file, server_context

_BEFORE_A_REQUEST: Final = frozenset({Stage.HELLO, Stage.CERTIFICATE, Stage.OPEN})
_AT_A_REQUEST: Final = frozenset({Stage.OPEN, Stage.AGAIN, Stage.REQUEST})
_NO_REQUEST: Final = Request()
_PATIENCE: Final = 5.0
"""Seconds that `HostileGateway.close` waits for a thread; none should need any."""

Play = str | Fault | Raw


class HostileGateway:
    """A gateway on this machine that does what its script says; ``S01`` where there is none.

    Each member of the script is the name of a fault (`FAULTS`), a `Fault`, or a `Raw` answer. A
    request, or a connection that fails before its request, uses up one; the last repeats.
    A closed port and a black hole last until `play` is called.
    It listens from the start, on 127.0.0.1 alone, until `close` or the end of its ``with``.

    ``tls`` makes it speak TLS, with a certificate for ``localhost`` and 127.0.0.1. ``delay`` are
    seconds to wait before every answer.

    Raises `ValueError` for an unknown fault, and for one of a TLS handshake without ``tls``;
    `ModuleNotFoundError` where ``tls`` is asked for and trustme is not installed.
    """

    def __init__(self, *script: Play, tls: bool = False, delay: float = 0.0) -> None:
        """Listen, and play ``script``."""
        self._tls = tls
        self._delay = delay
        self._script = self._checked(script)
        self._pem = authority_file() if tls else None
        if tls:
            server_context(Certificate.GOOD)  # made now, not in the first handshake
        self._turn = threading.RLock()  # of the script, and of the port that follows it
        self._gate = threading.Lock()  # of the peers and of the count of connections
        self._peers: list[tuple[Peer, threading.Thread]] = []
        self._connections = 0
        self._requests: list[Request] = []
        self._closing = threading.Event()
        self._port = Port(self._welcome)
        self._settle()

    @property
    def url(self) -> str:
        """Where it listens, without a path; also the address of it as a proxy."""
        return f"https://localhost:{self.port}" if self._tls else f"http://{HOST}:{self.port}"

    @property
    def port(self) -> int:
        """The TCP port, on 127.0.0.1."""
        return self._port.number

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
        checked = self._checked(script)
        with self._turn:
            self._script = checked
            self._settle()

    def close(self) -> None:
        """Stop listening, end every connection and every wait. May be called twice."""
        self._closing.set()
        with self._turn:
            self._port.close()
        for peer, _ in self._alive():
            peer.shut()
        for _, thread in self._alive():
            thread.join(_PATIENCE)
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

    def _checked(self, script: tuple[Play, ...]) -> deque[Fault]:
        faults = deque(_as_fault(one) for one in script or ("S01",))
        for one in faults:
            if one.tls_only and not self._tls:
                raise ValueError(f"fault {one.name!r} is one of TLS: HostileGateway(tls=True)")
        return faults

    def _settle(self) -> None:
        """Bring port and idle connections in line with the fault that is next."""
        following = self._script[0]
        if following.stage in NEW_ONLY:
            for peer, _ in self._alive():
                if peer.idle:
                    peer.shut()
        if not self._closing.is_set():
            self._port.become(following.port)

    def _take(self, stages: Collection[Stage]) -> Fault | None:
        """Use up the next fault, if it is one of ``stages``."""
        with self._turn:
            following = self._script[0]
            if following.stage not in stages:
                return None
            if len(self._script) > 1:
                self._script.popleft()
                self._settle()
            return following

    def _alive(self) -> list[tuple[Peer, threading.Thread]]:
        with self._gate:
            self._peers = [pair for pair in self._peers if not _is_over(pair[1])]
            return self._peers.copy()

    def _welcome(self, sock: socket.socket) -> None:
        peer = Peer(sock)
        thread = threading.Thread(
            target=self._serve, args=(peer,), name="hostile-connection", daemon=True
        )
        alive = self._alive()
        with self._gate:  # known before it can answer, so that `play` right after finds it
            self._connections += 1
            self._peers = [*alive, (peer, thread)]
        thread.start()

    def _serve(self, peer: Peer) -> None:
        try:
            with contextlib.suppress(OSError):  # the client has gone, or we are closing
                self._converse(peer)
        finally:
            peer.sock.close()

    def _converse(self, peer: Peer) -> None:
        early = self._take(_BEFORE_A_REQUEST)
        if early and early.stage is Stage.HELLO:
            peer.sock.recv(65536)
            perform(early.steps, peer, _NO_REQUEST, self._closing)
            return
        if self._tls:
            peer.secure(server_context(early.certificate if early else Certificate.GOOD))
            if self._closing.is_set():
                return
            peer.handshake()
        while self._exchange(peer, early):
            early = None
            peer.served = True

    def _exchange(self, peer: Peer, early: Fault | None) -> bool:
        """One request and its answer; whether the connection lives on."""
        if early and early.stage is Stage.OPEN:
            return perform(early.steps, peer, _NO_REQUEST, self._closing)
        if not self._begins(peer, early):
            return False
        current = early or self._take(_AT_A_REQUEST)
        if current is None:
            return False
        if current.stage is Stage.OPEN or (current.stage is Stage.AGAIN and peer.served):
            return perform(current.steps, peer, _NO_REQUEST, self._closing)
        request = peer.read()
        if request is None:
            return False
        self._requests.append(request)
        return self._answer(peer, current, request)

    def _begins(self, peer: Peer, early: Fault | None) -> bool:
        """Wait for a request, unless the next fault wants a new connection."""
        peer.idle = True  # first, for `_settle` closes what is idle after it changed the script
        if early is None and self._script[0].stage in NEW_ONLY:
            return perform((End.CLOSE,), peer, _NO_REQUEST, self._closing)
        begun = peer.wait()
        peer.idle = False
        return begun

    def _answer(self, peer: Peer, current: Fault, request: Request) -> bool:
        if self._delay:
            self._closing.wait(self._delay)
        steps: tuple[Step, ...] = (Reply(),) if current.stage is Stage.AGAIN else current.steps
        last = request.is_last or self._script[0].stage in NEW_ONLY
        if last and not any(isinstance(step, End) for step in steps):
            steps = (*steps, End.CLOSE)
        return perform(steps, peer, request, self._closing)


def _is_over(thread: threading.Thread) -> bool:
    return thread.ident is not None and not thread.is_alive()


def _as_fault(one: Play) -> Fault:
    if isinstance(one, Fault):
        return one
    if isinstance(one, str):
        return fault(one)
    tail = () if one.end == "keep" else (End(one.end),)
    return Fault("raw", "wire", "Answers with given bytes.", (one, *tail))
