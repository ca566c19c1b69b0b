"""What look-ups cost: many sends over few numbers, from four processes of eight threads each.

    python -m benchmarks.lookups [SENDS] [NUMBERS] [CAP] [URL]

10 000 sends over 500 numbers unless told otherwise. Each number is to be paid for once at most,
and no more than CAP of them in all. URL is that of an empty PostgreSQL database to remember them
in, in place of a file. Nothing else leaves this machine.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sumotext_backend.simulator import Simulator

DEFAULTS = (10_000, 500, 500)
PROCESSES = 4
PROGRAM = Path(__file__).parents[1] / "tests" / "lookup_sends.py"


def main(*given: str) -> int:
    """Send, and print what was paid; 1 where it is more than it may be."""
    amounts = [int(each) for each in given[: len(DEFAULTS)]]
    sends, numbers, cap = (*amounts, *DEFAULTS[len(amounts) :])
    with Simulator() as gateway, tempfile.TemporaryDirectory() as folder:
        place = given[3] if len(given) > len(DEFAULTS) else f"{folder}/ledger.sqlite3"
        begun = time.monotonic()
        failed = _run(gateway.url, place, sends // PROCESSES, numbers, cap)
        took = time.monotonic() - begun
        lookups = gateway.account.lookups
    print(f"{sends} sends over {numbers} numbers from {PROCESSES} processes, {took:.1f} s")
    print(f"look-ups paid: {len(lookups)}, of one number at most {_most(lookups)}; cap {cap}")
    print(f"texts surely not sent: {failed}")
    return 0 if len(lookups) <= min(numbers, cap) and _most(lookups) <= 1 else 1


def _run(url: str, place: str, sends: int, numbers: int, cap: int) -> int:
    """Send from all processes at once; how many sends failed."""
    program = [sys.executable, str(PROGRAM), url, place, str(sends), str(numbers)]
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
    sys.exit(main(*sys.argv[1:]))
