"""Whether a process that goes on sending goes on growing."""

from __future__ import annotations

import gc
import resource
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import attrs

from benchmarks.contenders import Contender
from benchmarks.server import Sites
from benchmarks.timing import sample
from benchmarks.worker import Send

WARM_UP: Final = 1_000
"""Messages before the first reading: caches fill, free lists settle."""

READINGS: Final = 5


@attrs.frozen
class Growth:
    """Peaks of the resident set in bytes: after the warm-up, and after each part of the sends."""

    messages: int
    peaks: Sequence[int]

    @property
    def total(self) -> int:
        """Bytes by which the peak rose after the warm-up."""
        return self.peaks[-1] - self.peaks[0]

    @property
    def per_message(self) -> float:
        """Bytes for each message."""
        return self.total / self.messages

    @property
    def steps(self) -> list[int]:
        """Bytes by which the peak rose in each part."""
        return [after - before for before, after in pairwise(self.peaks)]


def peak() -> int:
    """The largest resident set that this process has had, in bytes.

    From /proc where there is one: there, `ru_maxrss` of a new process starts at its parent's.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def growth(name: str, send: Send, messages: int) -> Growth:
    """How the peak rises over ``messages`` sends, rounded up to a multiple of `READINGS`."""
    sample(name, send, WARM_UP)
    gc.collect()
    part = -(-messages // READINGS)
    peaks = [peak()]
    for _ in range(READINGS):
        sample(name, send, part)
        peaks.append(peak())
    return Growth(part * READINGS, tuple(peaks))


def measure(contender: Contender, sites: Sites, messages: int) -> Growth:
    """`growth` of one contender."""
    with contender.open(sites) as send:
        return growth(contender.name, send, messages)
