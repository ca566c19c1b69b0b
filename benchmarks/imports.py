"""How long an import takes, each time in a fresh interpreter."""

from __future__ import annotations

import importlib.util
import resource
import subprocess
import sys
import time
from typing import Final

from benchmarks.stats import Sample, beyond

START: Final = "pass"
IMPORTS: Final = {
    "import sumotext_backend": ("sumotext_backend",),
    "from sumotext_backend import connect; connect('sumotext://74700/SUMO')": ("sumotext_backend",),
    "import requests": ("requests",),
    "import apprise": ("apprise",),
    "import django, sms": ("django", "sms"),
    "import twilio.rest": ("twilio",),
}
"""Statement → the modules that must be installed for it."""


def measure(rounds: int) -> dict[str, Sample]:
    """Seconds that each statement adds to the start of an interpreter (medians).

    Statements whose packages are not installed are left out. One run before the first round
    writes the byte code.
    """
    statements = [START, *(code for code, needs in IMPORTS.items() if all(map(_has, needs)))]
    samples: dict[str, list[Sample]] = {code: [] for code in statements}
    for index in range(rounds + 1):
        for code in statements:
            taken = fresh(code)
            if index:
                samples[code].append(taken)
    start = samples.pop(START)
    return {code: beyond(taken, start) for code, taken in samples.items()}


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def fresh(code: str) -> Sample:
    """One run of ``code`` in an interpreter of its own. Raises `CalledProcessError`."""
    before, wall = _children(), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdin=subprocess.DEVNULL)
    return Sample(cpu=_children() - before, wall=time.perf_counter() - wall)


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
