"""What look-ups cost: many sends over few numbers, from four processes of eight threads each.

    python -m benchmarks.lookups [SENDS] [NUMBERS] [CAP]

10 000 sends over 500 numbers unless told otherwise. Each number is to be paid for once at most,
and no more than CAP of them in all. Nothing leaves this machine.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sumotext_backend.simulator import Simulator

PROCESSES = 4
PROGRAM = Path(__file__).parents[1] / "tests" / "lookup_sends.py"


def main(sends: int = 10_000, numbers: int = 500, cap: int = 500) -> int:
    """Send, and print what was paid; 1 where it is more than it may be."""
    with Simulator() as gateway, tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        failed = _run(gateway.url, folder, sends // PROCESSES, numbers, cap)
        took = time.monotonic() - begun
        lookups = gateway.account.lookups
    print(f"{sends} sends over {numbers} numbers from {PROCESSES} processes, {took:.1f} s")
    print(f"look-ups paid: {len(lookups)}, of one number at most {_most(lookups)}; cap {cap}")
    print(f"texts surely not sent: {failed}")
    return 0 if len(lookups) <= min(numbers, cap) and _most(lookups) <= 1 else 1


def _run(url: str, folder: str, sends: int, numbers: int, cap: int) -> int:
    """Send from all processes at once; how many sends failed."""
    program = [sys.executable, str(PROGRAM), url, folder, str(sends), str(numbers)]
    running = [
        subprocess.Popen(
            [*program, str(index * numbers // PROCESSES), str(cap)], stdout=subprocess.PIPE
        )
        for index in range(PROCESSES)
    ]
    return sum(int(process.communicate()[0]) for process in running)


def _most(lookups: tuple[str, ...]) -> int:
    return max(map(lookups.count, set(lookups)), default=0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
