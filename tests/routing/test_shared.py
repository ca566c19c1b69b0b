"""The file that all processes of a user share, and what locks and bad rows may do to it."""

from __future__ import annotations

import logging
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import ClassVar

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sumotext_backend import Message, Outcome, Reason, SendResult, SmsBackend
from sumotext_backend.config.builder import key_of
from sumotext_backend.models import Verdict
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.routing import Circuit, Fallback, Health, Route, Rules, SqliteStore
from sumotext_backend.routing.circuit import CLOSED

MESSAGE = Message("+15015551234", "hello")
RULES = Rules(failures=3)


def result(reason: Reason | None) -> SendResult:
    """A result for that reason."""
    return SendResult.of("b", MESSAGE, Verdict(reason=reason))


@attrs.define
class Provider(SmsBackend):
    """Ends as told, or raises it."""

    name: ClassVar[str] = "provider"

    ending: Reason | BaseException | None = None
    calls: int = 0

    def send(self, message: Message) -> SendResult:
        """End as told."""
        self.calls += 1
        if isinstance(self.ending, BaseException):
            raise self.ending
        return result(self.ending)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the shared file is."""
    return tmp_path / "state" / "health.sqlite3"


def health_of(path: Path, **clock: object) -> Health:
    """Health as one process has it."""
    return Health(SqliteStore(path), RULES, **clock)  # type: ignore[arg-type]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process is writing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield
        database.execute("ROLLBACK")


class Later:
    """The real clock, and some seconds on top."""

    def __init__(self) -> None:
        """Begin now."""
        self.seconds = 0.0

    def __call__(self) -> float:
        """What `time.time` will say."""
        return time.time() + self.seconds


# --- locks --------------------------------------------------------------------------------------


def test_a_slow_lock_is_passed_over_for_a_moment(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The text goes, nothing is warned of, and afterwards the file is used as before."""
    SqliteStore(path).change("other", lambda _: Circuit(failures=1, why="TLS"))
    clock = Later()
    health = health_of(path, clock=clock)
    with locked(path):
        sent = Route(provider="main", of=Provider(Reason.TLS), health=health).send(MESSAGE)
    clock.seconds = 2
    health.record("main", result(Reason.UNAUTHORIZED))

    assert Reason.TLS is sent.reason
    assert ["main"] == [name for name, each in SqliteStore(path).read().items() if each.is_open]
    assert "kept in memory" not in caplog.text


def test_while_it_is_locked_a_process_goes_by_what_it_knows(path: Path) -> None:
    """A circuit that opens then is open for this process."""
    SqliteStore(path).change("other", lambda _: Circuit(failures=1, why="TLS"))
    health = health_of(path)
    with locked(path):
        health.record("main", result(Reason.UNAUTHORIZED))

        assert "open" == health.admit("main")


def test_a_send_to_an_open_circuit_only_reads(path: Path) -> None:
    """A lock that lets others read holds up nobody, and what was read a moment ago is enough."""
    health = health_of(path)
    health.record("main", result(Reason.UNAUTHORIZED))
    reader = health_of(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")

        assert "open" == reader.admit("main")
    path.unlink()

    assert ["open"] * 100 == [reader.admit("main") for _ in range(100)]
    assert not path.exists()


def test_an_outage_divorces_nobody(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Sixteen threads that fail at once, against a file that is locked again and again."""
    SqliteStore(path).change("other", lambda _: Circuit(failures=1, why="TLS"))
    clock = Later()
    health = health_of(path, clock=clock)
    routes = [
        Route(provider=f"p{each}", of=Provider(Reason.UNREACHABLE), health=health)
        for each in range(16)
    ]
    with ThreadPoolExecutor(16) as pool:
        for _ in range(3):
            with locked(path):
                list(pool.map(lambda route: route.send(MESSAGE), routes))
            clock.seconds += 2
    health.record("main", result(Reason.UNAUTHORIZED))

    assert SqliteStore(path).read()["main"].is_open
    assert not [each for each in caplog.records if "kept in memory" in each.getMessage()]


def test_a_file_that_is_mended_is_used_again(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What could not be used is tried again after a minute; it was warned of once."""
    path.parent.write_text("a file where the folder should be")
    clock = Later()
    health = health_of(path, clock=clock)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: health.record("main", result(Reason.TLS)), range(16)))
    path.parent.unlink()
    clock.seconds = 61
    health.record("other", result(Reason.UNAUTHORIZED))

    assert SqliteStore(path).read()["other"].is_open
    assert 1 == caplog.text.count("kept in memory")


# --- rows ---------------------------------------------------------------------------------------

ANYTHING = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.binary(max_size=9),
    st.text(max_size=9).filter(lambda text: "\ud800" > text or text.isascii()),
)


def put_row(path: Path, *values: object) -> None:
    """Write a row as no version of this package would."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("REPLACE INTO circuit VALUES (?, ?, ?, ?, ?, ?)", values)
        database.commit()


@given(st.tuples(ANYTHING, ANYTHING, ANYTHING, ANYTHING, ANYTHING))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_row_stops_a_text(path: Path, row: tuple[object, ...]) -> None:
    """Whatever stands in it, the provider is asked or left alone, and nothing crashes."""
    SqliteStore(path).change("main", lambda _: CLOSED)
    put_row(path, "main", *row)
    first, second = Provider(Reason.TLS), Provider()
    health = health_of(path)
    chain = Fallback(
        chain=[
            Route(provider="main", of=first, health=health),
            Route(provider="backup", of=second, health=health),
        ]
    )

    assert Outcome.ACCEPTED is chain.send(MESSAGE).outcome
    assert 1 == second.calls


@pytest.mark.parametrize(
    "row",
    [
        (None,) * 5,
        (b"\x00",) * 5,
        ("five", 4e9, 0.0, "TLS", 0.0),
        (5, float("inf"), 0.0, "TLS", 0.0),
        (5, 1e12, 0.0, "TLS", 0.0),
        (5, 1e9, 0.0, "\x1b[31m", 0.0),
        (5, 1e9, 0.0, b"TLS", 0.0),
        (-1, 1e9, 0.0, "TLS", 0.0),
    ],
)
def test_a_row_that_cannot_be_ours_counts_as_closed(path: Path, row: tuple[object, ...]) -> None:
    """And is written over by the next result that counts."""
    store = SqliteStore(path)
    store.change("main", lambda _: CLOSED)
    put_row(path, "main", *row)
    health = health_of(path)

    assert CLOSED == store.read()["main"]
    health.record("main", result(Reason.TLS))
    assert 1 == store.read()["main"].failures


def test_a_name_that_is_not_text_is_passed_over(path: Path) -> None:
    """NULL and blobs among the keys hide no other row."""
    store = SqliteStore(path)
    store.change("main", lambda _: Circuit(failures=1, why="TLS"))
    for name in (None, b"\xff"):
        put_row(path, name, 1, 0.0, 0.0, "TLS", 0.0)

    assert ["main"] == list(store.read())


# --- names --------------------------------------------------------------------------------------


def backend(**options: object) -> SumotextBackend:
    """A provider with the usual options."""
    usual = {"shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS"}
    return SumotextBackend(**{**usual, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options",
    [
        {"keyword": "OTHER"},
        {"shortcode": "74701"},
        {"proxy": "http://user:hunter2@proxy:3128"},
        {"base_url": "https://other.example"},
        {"timeout": 5.0},
    ],
)
def test_each_account_has_a_circuit_of_its_own(path: Path, options: dict[str, object]) -> None:
    """Every value counts, the secret ones too."""
    one, other = key_of("main", backend()), key_of("main", backend(**options))
    health = health_of(path)
    health.record(one, result(Reason.UNAUTHORIZED))

    assert ("open", "closed") == (health.admit(one), health.admit(other))
    assert "open" == health_of(path).admit(key_of("main", backend()))


def test_the_file_gives_no_secret_away(path: Path) -> None:
    """Who reads it cannot tell the options, nor try a list of keywords on it without the key."""
    key = key_of("main", backend(keyword="hunter2"))
    health_of(path).record(key, result(Reason.UNAUTHORIZED))
    (name,) = SqliteStore(path).read()
    (path.parent / "secret.key").unlink()
    health_of(path).record(key, result(Reason.UNAUTHORIZED))
    names = list(SqliteStore(path).read())

    assert name.startswith("main:")
    assert 2 == len(names)
    assert key.partition(":")[2][:8] not in path.read_bytes().decode("latin-1")


def test_a_folder_of_another_user_shares_nothing_and_stops_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A link in the place of the file is one: health fails open."""
    elsewhere = path.parent.parent / "elsewhere"
    path.parent.mkdir()
    path.symlink_to(elsewhere)
    provider = Provider(Reason.UNAUTHORIZED)
    route = Route(provider="main", of=provider, health=health_of(path))
    reasons = [route.send(MESSAGE).reason for _ in range(3)]

    assert ["UNAUTHORIZED", "UNAVAILABLE", "UNAVAILABLE"] == reasons
    assert not elsewhere.exists()
    assert "symbolic link" in caplog.text


# --- what a chain costs -------------------------------------------------------------------------


def count_writes(path: Path) -> int:
    """SQLite's own counter of the transactions that changed the file."""
    return int.from_bytes(path.read_bytes()[24:28], "big") if path.exists() else 0


def test_a_text_costs_one_commit_however_many_providers_are_dead(path: Path) -> None:
    """Fifty of them, and then none: once they are left alone the file is read only."""
    health = health_of(path)
    dead = [
        Route(provider=f"p{each}", of=Provider(Reason.UNREACHABLE), health=health)
        for each in range(50)
    ]
    pairs = [Fallback(chain=dead[:25]), *dead[25:]]
    chain = Fallback(chain=[*pairs, Route(provider="last", of=Provider(), health=health)])
    chain.send(MESSAGE)
    writes = []
    for _ in range(5):
        before = count_writes(path)
        assert Outcome.ACCEPTED is chain.send(MESSAGE).outcome
        writes.append(count_writes(path) - before)

    assert [1, 1, 0, 0, 0] == writes
    assert 50 == sum(each.is_open for each in SqliteStore(path).read().values())


# --- what is heard of an outage -----------------------------------------------------------------


def test_an_outage_is_heard_once_when_it_begins_and_once_when_it_ends(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One WARNING and one INFO, of alias and reason alone, whatever number of processes."""
    caplog.set_level(logging.DEBUG)
    clock = Later()
    key = key_of("main", backend())
    provider = Provider(Reason.UNREACHABLE)
    routes = [
        Route(provider="main", of=provider, health=health_of(path, clock=clock), key=key)
        for _ in range(4)
    ]
    for _ in range(5):
        for route in routes:
            route.send(MESSAGE)
    clock.seconds = 31
    routes[0].send(MESSAGE)
    clock.seconds, provider.ending = 62, None
    for route in routes:
        route.send(MESSAGE)

    assert [
        ("WARNING", "provider main is left alone for now (UNREACHABLE)"),
        ("INFO", "provider main is used again (it was left alone: UNREACHABLE)"),
    ] == [(each.levelname, each.getMessage()) for each in caplog.records]


# --- the program's own doing --------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), TimeoutError(), ValueError()])
def test_what_breaks_a_send_off_does_not_count(path: Path, error: BaseException) -> None:
    """An alarm, Ctrl-C, a worker's time-out: nobody learned anything of the route."""
    health = health_of(path)
    route = Route(provider="main", of=Provider(error), health=health)
    for _ in range(20):
        with suppress(type(error)):
            route.send(MESSAGE)

    assert "closed" == health.admit("main")


def test_a_probe_that_is_broken_off_is_made_again_by_the_next_text(path: Path) -> None:
    """And not after the two minutes that a lost process would be given."""
    health = health_of(path)
    overdue = Circuit(failures=3, open_until=time.time() - 1, why="TLS", since=1.0)
    SqliteStore(path).change("main", lambda _: overdue)
    with pytest.raises(KeyboardInterrupt):
        Route(provider="main", of=Provider(KeyboardInterrupt()), health=health).send(MESSAGE)

    assert "probe" == health.admit("main")


ALARMED = """
import signal, sys, time
from pathlib import Path
from sumotext_backend import Message
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.routing import Health, Route
from sumotext_backend.testing import HostileGateway

class Alarm(Exception):
    pass

error = {"Alarm": Alarm, "TimeoutError": TimeoutError, "OSError": OSError}[sys.argv[2]]

done = 0

def ring(*_):
    if gateway.gets <= done:  # the request is not there yet, on a machine that is busy
        signal.setitimer(signal.ITIMER_REAL, 0.02)
    else:
        raise error

signal.signal(signal.SIGALRM, ring)
with HostileGateway(sys.argv[1]) as gateway:
    main = SumotextBackend(
        shortcode="74700",
        keyword="SUMO",
        carrier="ATTUS",
        base_url=gateway.url,
        transport=sys.argv[3],
    )
    route = Route(provider="main", of=main, health=Health())
    for _ in range(7):
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        print(route.send(Message("5015551234", "hello")).reason, flush=True)
        done = gateway.gets
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such signals here")
@pytest.mark.parametrize("transport", ["sockets", "requests"])
@pytest.mark.parametrize("error", ["Alarm", "TimeoutError", "OSError"])
def test_the_programs_own_alarm_does_not_count(error: str, transport: str) -> None:
    """It ends a send that waits for a silent server: UNKNOWN, and never UNAVAILABLE after it."""
    command = [sys.executable, "-c", ALARMED, "U06", error, transport]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert ["CRASHED"] * 7 == ended.stdout.split(), ended.stderr


REENTERED = """
import signal, threading
from sumotext_backend.routing import MemoryStore

store, seen = MemoryStore(), []

def ring(*_):
    seen.append(store.change("main", lambda circuit: circuit))

def change(circuit):
    signal.raise_signal(signal.SIGALRM)
    return circuit

signal.signal(signal.SIGALRM, ring)
store.change("main", change)
print(len(seen))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no such signals here")
def test_a_signal_handler_that_texts_waits_for_no_lock_of_its_own_thread() -> None:
    """It may come at any moment, in the middle of a change too."""
    command = [sys.executable, "-c", REENTERED]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert "1" == ended.stdout.strip(), ended.stderr
