"""When a provider is left alone, and when it is asked again."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import Message, Outcome, Reason, SendResult, SmsBackend
from sumotext_backend.models import Verdict
from sumotext_backend.routing import (
    Circuit,
    Fallback,
    Health,
    MemoryStore,
    Route,
    Rules,
    SqliteStore,
)
from sumotext_backend.routing.circuit import CLOSED, admission, after, begin_probe

MESSAGE = Message("+15015551234", "hello")
RULES = Rules(failures=3, cooldown=30.0, lease=60.0)


def result(reason: Reason | None, retry_after: float | None = None) -> SendResult:
    """A result for that reason."""
    return SendResult.of("b", MESSAGE, Verdict(reason=reason, retry_after=retry_after))


def after_all(*reasons: Reason | None) -> Circuit:
    """A circuit that saw these, a second apart, from second 1000 on."""
    circuit = CLOSED
    for second, reason in enumerate(reasons):
        circuit = after(circuit, result(reason), 1000.0 + second, RULES)
    return circuit


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        """Begin at second 1000."""
        self.now = 1000.0

    def __call__(self) -> float:
        """What `time.time` would say."""
        return self.now


@attrs.define
class Provider(SmsBackend):
    """Ends as told and counts its calls."""

    name: ClassVar[str] = "provider"

    ending: Reason | None = None
    calls: int = 0

    def send(self, message: Message) -> SendResult:
        """End as told."""
        self.calls += 1
        return result(self.ending)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the shared file is."""
    return tmp_path / "state" / "health.sqlite3"


@pytest.fixture(params=["memory", "file"])
def health(request: pytest.FixtureRequest, path: Path) -> Health:
    """Health in each of its stores, with a clock of our own."""
    store = MemoryStore() if request.param == "memory" else SqliteStore(path)
    return Health(store, RULES, Clock())


def move(health: Health, seconds: float) -> None:
    """Let time pass."""
    assert isinstance(health.clock, Clock)
    health.clock.now += seconds


@pytest.mark.parametrize("reason", [Reason.UNREACHABLE, Reason.TIMEOUT, Reason.SERVER_ERROR])
def test_a_circuit_opens_after_failures_in_a_row(reason: Reason) -> None:
    """Two failures and a success do not open it; three in a row do."""
    assert not after_all(reason, reason, None, reason, reason).is_open
    assert after_all(reason, reason, reason).is_open


def test_a_caller_that_is_unknown_opens_at_once() -> None:
    """UNAUTHORIZED will not mend itself within a few sends."""
    circuit = after_all(Reason.UNAUTHORIZED)

    assert circuit.is_open
    assert "UNAUTHORIZED" == circuit.why


def test_a_provider_that_asks_for_a_wait_gets_it() -> None:
    """THROTTLED with a Retry-After opens for that long."""
    circuit = after(CLOSED, result(Reason.THROTTLED, retry_after=7.0), 1000.0, RULES)

    assert 1007.0 == circuit.open_until


def test_a_thousand_refusals_do_not_make_a_provider_unhealthy(health: Health) -> None:
    """NOT_OPTED_IN is about a recipient and shows that the route works."""
    provider = Provider(Reason.NOT_OPTED_IN)
    route = Route(provider="main", of=provider, health=health)
    for _ in range(1000):
        route.send(MESSAGE)

    assert 1000 == provider.calls
    assert "closed" == health.admit("main")


@given(st.lists(st.sampled_from([None, *(r for r in Reason if r.outcome is Outcome.REJECTED)])))
def test_refusals_and_successes_never_open(reasons: list[Reason | None]) -> None:
    """Whatever their order, and whatever number of them."""
    assert not after_all(*reasons).is_open


@given(st.lists(st.sampled_from([None, *Reason])))
def test_a_success_always_closes(reasons: list[Reason | None]) -> None:
    """An accepted text closes any circuit."""
    assert CLOSED == after_all(*reasons, None)


def test_an_open_circuit_sends_nothing_until_its_cooldown_is_over(health: Health) -> None:
    """While it is open the result is FAILED / UNAVAILABLE and the provider is not asked."""
    provider = Provider(Reason.UNREACHABLE)
    route = Route(provider="main", of=provider, health=health)
    for _ in range(5):
        last = route.send(MESSAGE)

    assert 3 == provider.calls
    assert (Outcome.FAILED, Reason.UNAVAILABLE) == (last.outcome, last.reason)
    assert "main" == last.provider


def test_a_chain_returns_to_its_first_provider_when_it_is_well(health: Health) -> None:
    """After the cool-down one text probes the first provider; its success closes the circuit."""
    first, second = Provider(Reason.UNREACHABLE), Provider()
    chain = Fallback(
        chain=[
            Route(provider="first", of=first, health=health),
            Route(provider="second", of=second, health=health),
        ]
    )
    for _ in range(10):
        chain.send(MESSAGE)
    first.ending = None
    move(health, 31.0)
    saved = chain.send(MESSAGE)
    again = chain.send(MESSAGE)

    assert 5 == first.calls
    assert 10 == second.calls
    assert ("first", "first") == (saved.provider, again.provider)


def test_a_probe_that_fails_opens_the_circuit_again(health: Health) -> None:
    """One failure is enough then."""
    for _ in range(3):
        health.record("main", result(Reason.UNREACHABLE))
    move(health, 31.0)

    assert "probe" == health.admit("main")
    health.record("main", result(Reason.UNREACHABLE))
    assert "open" == health.admit("main")


def test_a_probe_that_says_nothing_is_made_again(health: Health) -> None:
    """A text that was held back proves nothing of the provider: the next one probes."""
    for _ in range(3):
        health.record("main", result(Reason.UNREACHABLE))
    move(health, 31.0)

    assert "probe" == health.admit("main")
    health.record("main", result(Reason.HELD))
    assert "probe" == health.admit("main")


def test_a_probe_that_died_is_given_up(health: Health) -> None:
    """Where a prober never reports, another may probe after the lease."""
    for _ in range(3):
        health.record("main", result(Reason.UNREACHABLE))
    move(health, 31.0)

    assert "probe" == health.admit("main")
    assert "open" == health.admit("main")
    move(health, 61.0)
    assert "probe" == health.admit("main")


@given(st.floats(1, 1e6), st.floats(0, 1e6))
def test_a_probe_keeps_others_out(opened: float, later: float) -> None:
    """However the clock stands, a probe under way admits nobody within its lease."""
    circuit = Circuit(failures=3, open_until=opened)
    taken = begin_probe(circuit, later, RULES)

    assert "open" == admission(taken, later)
    assert "open" == admission(taken, later + 59.0)


def test_reset_closes(health: Health) -> None:
    """A person who knows better closes the circuit, and hears whether it was open."""
    health.record("main", result(Reason.UNAUTHORIZED))

    assert health.reset("main")
    assert not health.reset("main")
    assert "closed" == health.admit("main")


def test_half_open_admits_one_probe_among_threads(health: Health) -> None:
    """Sixteen threads at once: one probe."""
    for _ in range(3):
        health.record("main", result(Reason.UNREACHABLE))
    move(health, 31.0)
    start = threading.Barrier(16)

    def admit(_: int) -> str:
        start.wait()
        return health.admit("main")

    with ThreadPoolExecutor(16) as pool:
        admissions = Counter(pool.map(admit, range(16)))

    assert {"probe": 1, "open": 15} == admissions


PROBER = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sumotext_backend.routing import Health, SqliteStore
health = Health(SqliteStore(Path(sys.argv[1])))
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(4) as pool:
    print(*pool.map(lambda _: health.admit("main"), range(4)))
"""


def test_half_open_admits_one_probe_among_processes(path: Path) -> None:
    """Four processes of four threads at once, over the shared file: one probe."""
    overdue = Circuit(failures=3, open_until=time.time() - 1, why="UNREACHABLE")
    SqliteStore(path).change("main", lambda _: overdue)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", PROBER, str(path)]
    probers = [subprocess.Popen(command, **pipes) for _ in range(4)]  # type: ignore[call-overload]
    for each in probers:
        each.stdout.readline()
    admissions = Counter[str]()
    for each in probers:
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in probers:
        admissions.update(each.communicate(timeout=30)[0].split())

    assert {"probe": 1, "open": 15} == admissions


def test_what_one_process_learns_another_knows(path: Path) -> None:
    """Two `Health` of one file stand for two processes."""
    one, other = Health(SqliteStore(path), RULES), Health(SqliteStore(path), RULES)

    one.record("main", result(Reason.UNAUTHORIZED))

    assert "open" == other.admit("main")
    assert "UNAUTHORIZED" == other.circuits()["main"].why


WRITER = """
import sys
from pathlib import Path
from sumotext_backend.routing import Circuit, SqliteStore
store = SqliteStore(Path(sys.argv[1]))
count = 0
while True:
    count += 1
    store.change("main", lambda _: Circuit(failures=count, open_until=1.0, why="TLS"))
    print(count, flush=True)
"""


@pytest.fixture
def writer(path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts processes that write to the file without end."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", WRITER, str(path)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_kill_leaves_the_file_whole(
    writer: Callable[[], subprocess.Popen[str]], path: Path, scale: int
) -> None:
    """Killed at any moment of its writing, a process leaves a file that reads and writes."""
    for trial in range(10 * scale):
        process = writer()
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.003 * (trial % 10))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

        kept = SqliteStore(path).read()["main"]
        database = sqlite3.connect(path)
        healthy = database.execute("PRAGMA integrity_check").fetchone()
        database.close()
        assert kept.failures > 0
        assert ("ok",) == healthy
        assert kept == SqliteStore(path).change("main", lambda circuit: circuit)[0]


@pytest.mark.parametrize("content", [b"", b"this is no database, but a text" * 100])
def test_a_file_that_cannot_be_used_stops_no_text(
    content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Health goes on in memory, says so once, and the text goes."""
    blocked = tmp_path / "file"
    blocked.write_bytes(content or b"x")
    path = blocked if content else blocked / "health.sqlite3"
    route = Route(provider="main", of=Provider(), health=Health(SqliteStore(path)))
    with caplog.at_level(logging.WARNING):
        results = [route.send(MESSAGE) for _ in range(3)]

    assert {Outcome.ACCEPTED} == {each.outcome for each in results}
    assert 1 == len(caplog.records)
    assert "SUMOTEXT_STATE_DIR" in caplog.text


def test_a_healthy_send_touches_no_file(path: Path) -> None:
    """A provider that is well costs no I/O: not even the folder is made."""
    health = Health(SqliteStore(path), RULES, Clock())
    route = Route(provider="main", of=Provider(), health=health)
    for _ in range(100):
        route.send(MESSAGE)

    assert not path.parent.exists()


def test_a_clock_that_was_set_back_lets_a_probe_through(health: Health) -> None:
    """Otherwise a provider would be left alone until the clock catches up."""
    for _ in range(3):
        health.record("main", result(Reason.UNREACHABLE))
    move(health, -86_400.0)

    assert "probe" == health.admit("main")
    assert "open" == health.admit("main")


FORKER = """
import os, threading
from sumotext_backend.routing import MemoryStore
store = MemoryStore()
held, go = threading.Event(), threading.Event()
def hold(circuit):
    held.set()
    go.wait()
    return circuit
threading.Thread(target=store.change, args=("main", hold), daemon=True).start()
held.wait()
child = os.fork()
if not child:
    store.change("main", lambda circuit: circuit)
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_fork_does_not_inherit_a_held_lock() -> None:
    """A child forked while another thread changes a circuit can change circuits."""
    command = [sys.executable, "-W", "ignore", "-c", FORKER]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert "7" == ended.stdout.strip(), ended.stderr
