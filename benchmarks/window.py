"""How long a connection has not been looked at when its request is written.

Run ``python -m benchmarks.window``. A server that closes in that time leaves a doubt. It is what a
client can do about the idle race (`benchmarks.race`), without the chance that is in that one.
"""

from __future__ import annotations

import socket
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, Final

import urllib3.connection

from benchmarks import server
from benchmarks.contenders import requests_driver, sender
from sumotext_backend.http.timed import Timed

SENDS: Final = 1000
_PAUSE_SECONDS: Final = 0.001
"""Between two sends: one that comes seldom finds nothing in the processor's caches."""


class Window:
    """From the last look to the write after it, in microseconds, for each send."""

    def __init__(self) -> None:
        """None yet."""
        self.taken: list[float] = []
        self._looked: float | None = None

    def look(self) -> None:
        """The connection was looked at."""
        self._looked = time.perf_counter()

    def write(self) -> None:
        """The request is being written."""
        if self._looked is not None:
            self.taken.append((time.perf_counter() - self._looked) * 1e6)
        self._looked = None


def watch(window: Window) -> None:
    """Tell ``window`` of the looks and the writes of both drivers, in this process for good."""

    class Watched(socket.socket):
        def recv(self, *args: Any) -> bytes:
            try:
                return super().recv(*args)
            except BlockingIOError:
                window.look()
                raise

        def send(self, *args: Any) -> int:
            window.write()
            return super().send(*args)

    connection: Any = urllib3.connection
    connection.wait_for_read = _after(connection.wait_for_read, window.look)
    timed: Any = Timed
    timed.sendall = _before(timed.sendall, window.write)
    module: Any = socket
    module.socket = Watched


def _after(function: Callable[..., Any], tell: Callable[[], None]) -> Callable[..., Any]:
    def told(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        tell()
        return result

    return told


def _before(function: Callable[..., Any], tell: Callable[[], None]) -> Callable[..., Any]:
    def told(*args: Any, **kwargs: Any) -> Any:
        tell()
        return function(*args, **kwargs)

    return told


def main() -> int:
    """Print the median of each driver, plain and over TLS."""
    with server.running() as sites:
        window = Window()
        watch(window)
        for name, setup in (("sockets", sender), ("requests", requests_driver)):
            for given in ((sites.plain,), (sites.tls, sites.ca_bundle)):
                window.taken.clear()
                with setup(*given) as send:
                    for _ in range(SENDS):
                        time.sleep(_PAUSE_SECONDS)
                        send()
                kind = given[0].partition(":")[0]
                print(f"{name}, {kind}: {statistics.median(window.taken):.1f} µs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
