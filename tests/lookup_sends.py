"""Sends whose carriers are looked up, in a process of their own: see `test_lookups`."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sumotext_backend import Message
from sumotext_backend.providers.sumotext import SumotextBackend


def account(url: str, folder: Path, **options: object) -> SumotextBackend:
    """An account that looks carriers up, and remembers them in ``folder``."""
    own = {
        "shortcode": "74700",
        "keyword": "SUMO",
        "carrier": "lookup",
        "base_url": url,
        "lookups": folder / "lookups.sqlite3",
    }
    return SumotextBackend(**(own | options))  # type: ignore[arg-type]


def number(index: int) -> str:
    """One of many numbers that all exist in the simulator's world."""
    return f"501{2000000 + index}"


def main(url: str, folder: str, *amounts: str) -> int:
    """Make so many sends over so many numbers; how many were not accepted is printed.

    ``amounts`` are the sends, the numbers, which of these comes first, and the cap.
    """
    sends, numbers, first, limit = map(int, amounts)
    backend = account(url, Path(folder), lookups_per_day=limit)
    wanted = [number((first + index) % numbers) for index in range(sends)]
    with ThreadPoolExecutor(8) as pool:
        results = [*pool.map(lambda to: backend.send(Message(to, "hello")), wanted)]
    print(sum(result.reason is not None for result in results))  # noqa: T201 - to its parent
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
