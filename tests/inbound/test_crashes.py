"""Many deliveries at once, and a receiver that is killed among them."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sumotext_backend.ledger.inbox import list_events, list_open
from tests.inbound.cases import Heard, from_twilio, make_receiver, text_of
from tests.ledger.crashes import open_ledger

ROOT = Path(__file__).parent.parent.parent
IDS, DELIVERIES, THREADS = 100, 1000, 8


def _find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


class Listener:
    """The program, which can be killed and started anew at the same port."""

    def __init__(self, place: str, path: Path) -> None:
        """Start it on a ledger and a file of what is told."""
        self.arguments = [place, str(path), str(_find_port())]
        self.ready = Path(f"{path}.ready")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.ready.unlink(missing_ok=True)
        command = [sys.executable, "-m", "tests.inbound.listener", *self.arguments]
        self.program = subprocess.Popen(command, cwd=ROOT)
        until = time.monotonic() + 60
        while not self.ready.exists() and self.program.poll() is None:
            assert time.monotonic() < until, "it does not start"
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill it in the middle of what it does."""
        self.program.kill()
        self.program.wait()

    def deliver(self, sid: str) -> None:
        """Deliver one text as a provider does: again until it is taken."""
        arrival = from_twilio(text_of("hello", sid))
        for _ in range(600):
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self._post(arrival) == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("it was never taken")

    def _post(self, arrival: Any) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", int(self.arguments[2]), timeout=30)
        try:
            connection.request("POST", arrival.target, arrival.body, dict(arrival.headers))
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()


def test_each_of_many_deliveries_is_told_once_though_the_receiver_is_killed(
    place: str, tmp_path: Path
) -> None:
    """A thousand of a hundred texts, from eight threads: none is lost; what is told twice says so.

    Control: most ids reach the receiver ten times.
    """
    path = tmp_path / "told"
    listener = Listener(place, path)
    done = itertools.count()
    half, killed = threading.Event(), threading.Event()

    def deliver(number: int) -> None:
        if next(done) == DELIVERIES // 3:
            half.set()
        listener.deliver(f"SM{number % IDS}")

    try:
        with ThreadPoolExecutor(THREADS) as pool:
            sent = [pool.submit(deliver, number) for number in range(DELIVERIES)]
            half.wait(120)
            listener.kill()
            killed.set()
            listener.start()
            for each in sent:
                each.result()
    finally:
        listener.kill()
    listener.start()  # tells again what it was killed in
    listener.kill()

    told = [line.split() for line in path.read_text().splitlines()]
    first = Counter(sid for sid, again in told if again == "False")
    assert {f"SM{number}" for number in range(IDS)} == {sid for sid, _ in told}
    assert {1} == set(first.values())
    ledger = open_ledger(place)
    assert IDS == len(list_events(ledger))
    assert [] == list(list_open(ledger))
    ledger.close()


def test_what_was_kept_and_not_told_is_told_after_a_start(place: str, tmp_path: Path) -> None:
    """A receiver that dies between the two loses nothing, and nobody heard of it before."""
    from sumotext_backend.ledger.inbox import keep_events

    ledger, heard = open_ledger(place), Heard()
    receiver = make_receiver(ledger, heard)
    backend, callback = receiver.backends["main"], _callback()
    keep_events(ledger, "main", backend.read_callback(callback), lambda _: True)

    assert (1, 0) == receiver.retry()
    assert [False] == [again for _, again in heard.events]
    ledger.close()


def _callback() -> Any:
    from sumotext_backend.providers import Callback

    arrival = from_twilio(text_of())
    return Callback(
        method="POST",
        url="https://texts.example.com/",
        headers=arrival.headers,
        body=arrival.body or b"",
        alias="main",
    )


pytestmark = pytest.mark.once
