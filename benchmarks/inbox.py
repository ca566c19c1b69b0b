"""The inbox under load: ``python -m benchmarks.inbox``.

So many requests a second for so long, over kept connections, at a simulator in a process of its
own, while viewers follow its events; then, with ``--browser``, its page with as many texts as it
keeps, in Chromium.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import attrs

from benchmarks import inbox_page

SENDERS: Final = 8
STORED: Final = 10_000
"""As many texts as the simulator keeps."""

_ID: Final = re.compile(rb'"id": ?"([^"]+)"')
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@attrs.frozen
class Load:
    """What was measured; times in seconds, sizes in bytes.

    ``resident`` are sizes of the server's memory, at each fifth of the time. ``seen`` is how many
    texts each viewer was told of.
    """

    sent: int
    took: float
    answers: Sequence[float]
    cpu: float
    resident: Sequence[int]
    seen: Sequence[int]


@contextlib.contextmanager
def running() -> Iterator[tuple[int, int]]:
    """A simulator in a process of its own: its process id and its port."""
    command = [sys.executable, "-m", "sumotext_backend.cli", "simulate", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        try:
            yield process.pid, urlsplit(process.stdout.readline().decode().strip()).port or 0
        finally:
            process.terminate()


def measure(pid: int, port: int, rate: int, seconds: int, viewers: int) -> Load:
    """Send ``rate`` texts a second for ``seconds`` while ``viewers`` look."""
    watching = [Viewer(port) for _ in range(viewers)]
    answers: list[float] = []
    before, begun = _read_cpu(pid), time.monotonic()
    times = [(index, begun + index / rate) for index in range(rate * seconds)]
    shares = [times[each::SENDERS] for each in range(SENDERS)]
    senders = [threading.Thread(target=_send, args=(port, each, answers)) for each in shares]
    for sender in senders:
        sender.start()
    resident = [_read_memory(pid, begun + seconds * fifth / 5) for fifth in range(1, 6)]
    for sender in senders:
        sender.join()
    took, cpu = time.monotonic() - begun, _read_cpu(pid) - before
    seen = [viewer.finish(len(answers)) for viewer in watching]
    return Load(len(answers), took, sorted(answers), cpu, resident, seen)


class Viewer(threading.Thread):
    """One who follows the events, as an open page does, and counts the texts that come."""

    def __init__(self, port: int) -> None:
        """Begin to look."""
        super().__init__(daemon=True)
        self._ids = set[bytes]()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/api/events")
        self._socket = connection.sock
        self._stream = connection.getresponse()
        self.start()

    def run(self) -> None:
        """Read until the end."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            while line := self._stream.readline():
                self._ids.update(_ID.findall(line))

    @property
    def seen(self) -> int:
        """How many texts came; one whose state changes is told of again."""
        return len(self._ids)

    def finish(self, expected: int) -> int:
        """How many texts came, once all of them did, or after a while."""
        until = time.monotonic() + 5
        while self.seen < expected and time.monotonic() < until:
            time.sleep(0.05)
        # To close it would wait for the thread that reads.
        self._socket.shutdown(socket.SHUT_RDWR)
        self.join()
        return self.seen


def _send(port: int, times: Sequence[tuple[int, float]], answers: list[float]) -> None:
    """Send one sender's share, each text at its time; a late one is sent at once."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for index, due in times:
        time.sleep(max(0.0, due - time.monotonic()))
        start = time.monotonic()
        connection.request("GET", _target(index))
        response = connection.getresponse()
        response.read()
        answers.append(time.monotonic() - start)
        assert response.status == 200
    connection.close()


def _target(index: int) -> str:
    number = f"501{6_000_000 + index % 5000:07}"
    return (
        f"/secure/sumoSend.aspx?mobile={number}&carrier=ATTUS&shortcode=74700&key=SUMO"
        f"&msg=Order%20{index}%20is%20ready."
    )


def _read_cpu(pid: int) -> float:
    """Seconds of CPU that the process took, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _read_memory(pid: int, at: float) -> int:
    """Its resident bytes at that time."""
    time.sleep(max(0.0, at - time.monotonic()))
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES


def report(load: Load, rate: int, viewers: int) -> str:
    """The figures in Markdown."""
    at = {share: load.answers[int(share * (len(load.answers) - 1))] for share in (0.5, 0.99, 1)}
    sizes = ", ".join(f"{each / 1e6:.0f}" for each in load.resident)
    rows = (
        ("requests a second, wanted and made", f"{rate} / {load.sent / load.took:.0f}"),
        ("answered after, median / 99 % / longest, ms", _join(each * 1e3 for each in at.values())),
        ("CPU of the server, share of one core", f"{load.cpu / load.took:.2f}"),
        ("its memory at each fifth of the time, MB", sizes),
        (f"texts told to {viewers} viewers, fewest of {load.sent}", str(min(load.seen, default=0))),
    )
    return "\n".join(["| | |", "| --- | ---: |", *(f"| {one} | {two} |" for one, two in rows)])


def _join(numbers: Iterator[float]) -> str:
    return " / ".join(f"{each:.1f}" for each in numbers)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser("python -m benchmarks.inbox", description=__doc__)
    parser.add_argument("--rate", type=int, default=300, help="requests a second (300)")
    parser.add_argument("--seconds", type=int, default=60, help="for so long (60)")
    parser.add_argument("--viewers", type=int, default=20, help="who follow the events (20)")
    parser.add_argument("--browser", action="store_true", help="and the page in Chromium")
    options = parser.parse_args(arguments)
    with running() as (pid, port):
        load = measure(pid, port, options.rate, options.seconds, options.viewers)
        print(report(load, options.rate, options.viewers))
        if options.browser:
            _fill(port, STORED - min(load.sent, STORED))
            print(f"\n{inbox_page.report([inbox_page.measure(port) for _ in range(3)])}")
    kept = load.sent / load.took > 0.98 * options.rate and min(load.seen, default=0) == load.sent
    print("\nkept up" if kept else "\ndid not keep up")
    return 0 if kept else 1


def _fill(port: int, count: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for index in range(count):
        connection.request("GET", _target(index))
        connection.getresponse().read()
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
