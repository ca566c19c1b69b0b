"""`Listener`: a TCP port on loopback that is open, closed or a black hole, and can change."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from typing import Final

from sumotext_backend.testing.hostile.script import PortState

HOST: Final = "127.0.0.1"
_MAX_QUEUE: Final = 1024


class Listener:
    """Hands every accepted connection to ``handle``, on a thread of its own.

    A port that is not open stays bound, so that nobody else gets its number.
    """

    def __init__(self, handle: Callable[[socket.socket], None]) -> None:
        """Bind a free port; it is closed until `set_state`."""
        self._handle = handle
        self._socket = _bind(0)
        self.number: int = self._socket.getsockname()[1]
        self.state = PortState.CLOSED
        self._acceptor: threading.Thread | None = None
        self._stop_pair: tuple[socket.socket, socket.socket] | None = None
        self._in_queue: list[socket.socket] = []

    def set_state(self, state: PortState) -> None:
        """Change what the port does; waiting connections are reset."""
        if state is self.state:
            return
        if self.state is not PortState.CLOSED:
            self._stop()
            self._socket = _bind(self.number)
        if state is PortState.OPEN:
            self._open()
        elif state is PortState.FULL:
            self._fill_queue()
        self.state = state

    def close(self) -> None:
        """Give the port up."""
        self._stop()

    def _open(self) -> None:
        self._socket.listen(_MAX_QUEUE)
        self._socket.settimeout(0)
        self._stop_pair = socket.socketpair()
        self._acceptor = threading.Thread(
            target=self._accept, args=(self._stop_pair[1],), name="hostile-accept", daemon=True
        )
        self._acceptor.start()

    def _fill_queue(self) -> None:
        """Fill the queue: Linux then drops every SYN. Elsewhere it may hold a few more."""
        self._socket.listen(0)
        for _ in range(16):
            client = socket.socket()
            self._in_queue.append(client)
            client.settimeout(0.05)
            try:
                client.connect((HOST, self.number))
            except OSError:
                return

    def _accept(self, stop: socket.socket) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(stop, selectors.EVENT_READ)
            ready.register(self._socket, selectors.EVENT_READ)
            while not any(key.fileobj is stop for key, _ in ready.select()):
                try:
                    client, _ = self._socket.accept()
                except OSError:  # reset while it waited
                    continue
                client.settimeout(None)
                self._handle(client)

    def _stop(self) -> None:
        if self._acceptor and self._stop_pair:
            self._stop_pair[0].send(b"!")
            self._acceptor.join()
            self._in_queue += self._stop_pair
        self._acceptor = self._stop_pair = None
        self._socket.close()
        for one in self._in_queue:
            one.close()
        self._in_queue.clear()


def _bind(number: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((HOST, number))
    return bound
