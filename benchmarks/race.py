"""How many doubts the idle race leaves: a server closes kept connections just as requests go out.

Run ``python -m benchmarks.race``. The drivers and a bare socket take turns, so that all meet
the same machine. What the bare socket leaves no look can avoid: the server had decided to close.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import IO, Any, Final, cast
from urllib.parse import urlencode

PATIENCE_SECONDS: Final = 0.001
"""That the server waits for a next request."""
_SPREAD_SECONDS: Final = 0.0004
"""By which a request goes out before that or after it, wherever chance puts it."""
Racer = Callable[[float], str]
"""From seconds to the outcome of a send that many seconds after the server loses patience."""
_REQUEST: Final = b"GET /secure/sumoSend.aspx?mobile=5015551234&msg=x HTTP/1.1\r\nHost: a\r\n\r\n"
_ACCEPTED: Final = b":ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0\r\n"


def _serve(client: socket.socket) -> None:
    with client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while request := _read(client):
            body = request.partition(b"mobile=")[2][:10] + _ACCEPTED
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            client.settimeout(PATIENCE_SECONDS)


def _read(client: socket.socket) -> bytes:
    """A request, or nothing where none came in time."""
    with contextlib.suppress(OSError):
        return client.recv(65536)
    return b""


def _wait(seconds: float) -> None:
    """Busy: a sleep is not that exact."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


def _listen() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_serve, args=(client,), daemon=True).start()


class BareSocket:
    """A socket that is looked at in the last moment, and nothing else: what looks cannot avoid."""

    def __init__(self, port: int) -> None:
        """Connect at the first send."""
        self._port, self._sock = port, socket.socket()

    def send(self, _message: object) -> Any:
        """Send the same request; the result has an outcome alone."""
        if not self._is_silent():
            self._sock.close()
            self._sock = socket.create_connection(("127.0.0.1", self._port))
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._sock.sendall(_REQUEST)
            self._sock.settimeout(2.0)
            answered = self._sock.recv(65536)
        except OSError:
            answered = b""
        return SimpleNamespace(outcome="ACCEPTED" if answered else "UNKNOWN")

    def _is_silent(self) -> bool:
        try:
            self._sock.settimeout(0)
            self._sock.recv(1)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False


def _connect(port: int, **more: str) -> Any:
    # Not the benchmarks' own function for it: an earlier version has other benchmarks, if any.
    from sumotext_backend import Sender, connect

    base_url = f"http://127.0.0.1:{port}"
    options = {"carrier": "ATTUS", "base_url": base_url, "timeout": "2.0", **more}
    return Sender(connect(f"sumotext://74700/SUMO?{urlencode(options)}").backend)


def _race(backend: Any, spread: float) -> str:
    """The outcome of a send about when the server closes the connection of one before it."""
    from sumotext_backend import Message

    backend.send(Message("5015551234", "x"))
    _wait(PATIENCE_SECONDS + spread)
    return str(backend.send(Message("5015551234", "x")).outcome)


def _race_as_told(port: int) -> None:
    """Race once for each line on standard input, whatever version the package has."""
    backend = _connect(port)
    for line in sys.stdin:
        print(_race(backend, float(line)), flush=True)


@contextlib.contextmanager
def _elsewhere(python: str, port: int) -> Iterator[Racer]:
    """The racer of the version that the interpreter ``python`` has."""
    command = [python, "-P", __file__, "--race", str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1) as process:

        def race(spread: float) -> str:
            print(spread, file=process.stdin, flush=True)
            return cast("IO[str]", process.stdout).readline().strip()

        yield race
        process.communicate(timeout=10)


@contextlib.contextmanager
def _server() -> Iterator[int]:
    """The server in a process of its own; its port."""
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            yield int(cast("IO[bytes]", server.stdout).readline())
        finally:
            server.terminate()


def measure(sends: int, before: str = "") -> dict[str, Counter[str]]:
    """The outcomes of ``sends`` sends by each driver, by name."""
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(_server())
        ours = {name: _connect(port, transport=name) for name in ("sockets", "requests")}
        ours["bare socket"] = BareSocket(port)
        racers: dict[str, Racer]
        racers = {name: functools.partial(_race, backend) for name, backend in ours.items()}
        if before:
            racers["before"] = stack.enter_context(_elsewhere(before, port))
        found: dict[str, Counter[str]] = {name: Counter() for name in racers}
        chance = random.Random(sends)
        for _ in range(sends):
            for name, race in racers.items():
                found[name][race(chance.uniform(-_SPREAD_SECONDS, _SPREAD_SECONDS))] += 1
        return found


def main() -> int:
    """Print the doubts of each driver."""
    parser = argparse.ArgumentParser("python -m benchmarks.race", description=__doc__)
    parser.add_argument("--sends", type=int, default=2000, help="by each driver (2000)")
    parser.add_argument(
        "--before", default="", metavar="PYTHON", help="and the version that this interpreter has"
    )
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--race", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _listen()
    if options.race:
        _race_as_told(options.race)
        return 0
    for name, outcomes in measure(options.sends, options.before).items():
        print(f"{name}: {outcomes['UNKNOWN']} doubts of {options.sends} sends")
    return 0


if __name__ == "__main__":
    sys.exit(main())
