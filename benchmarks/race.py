"""How many doubts the idle race leaves: a server closes kept connections just as requests go out.

Run ``python -m benchmarks.race``. Both drivers take turns, so that both meet the same machine.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from typing import IO, Any, Final, cast

PATIENCE_SECONDS: Final = 0.001
"""That the server waits for a next request."""
_SPREAD_SECONDS: Final = 0.0004
"""By which a request goes out before that or after it, wherever chance puts it."""
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


def measure(sends: int) -> dict[str, Counter[str]]:
    """The outcomes of ``sends`` sends by each driver, by name."""
    from sumotext_backend import Message
    from sumotext_backend.providers.sumotext import SumotextBackend

    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            url = f"http://127.0.0.1:{int(cast('IO[bytes]', server.stdout).readline())}"
            account: dict[str, Any] = {"shortcode": "74700", "keyword": "SUMO", "base_url": url}
            account |= {"carrier": "ATTUS", "timeout": 2.0}
            drivers = {
                name: SumotextBackend(transport=name, **account) for name in ("sockets", "requests")
            }
            found: dict[str, Counter[str]] = {name: Counter() for name in drivers}
            chance = random.Random(sends)
            for _ in range(sends):
                for name, backend in drivers.items():
                    for kept in (False, True):  # a connection is made, then it races
                        spread = chance.uniform(-_SPREAD_SECONDS, _SPREAD_SECONDS)
                        _wait(kept * (PATIENCE_SECONDS + spread))
                        found[name][str(backend.send(Message("5015551234", "x")).outcome)] += kept
            return found
        finally:
            server.terminate()


def main() -> int:
    """Print the doubts of each driver."""
    parser = argparse.ArgumentParser("python -m benchmarks.race", description=__doc__)
    parser.add_argument("--sends", type=int, default=2000, help="by each driver (2000)")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _listen()
    for name, outcomes in measure(options.sends).items():
        print(f"{name}: {outcomes['UNKNOWN']} doubts of {options.sends} sends")
    return 0


if __name__ == "__main__":
    sys.exit(main())
