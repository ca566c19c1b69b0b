"""An old ledger becomes a new one, once; a newer one is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sumotext_backend import Message, Outcome, Sender
from sumotext_backend.ledger import (
    Ledger,
    LedgerVersionError,
    list_changes,
    list_entries,
    opt_in,
)
from sumotext_backend.ledger.asked import keep_asked
from sumotext_backend.ledger.reports import find_report
from sumotext_backend.ledger.statements import load_schema
from sumotext_backend.local import MemoryBackend
from tests.ledger.crashes import open_ledger

ROOT = Path(__file__).parent.parent.parent
PROGRAM = """
import sys
from tests.ledger.crashes import open_ledger
ledger = open_ledger(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(ledger.database.upgrade(), ledger.hasher.hash_number("x"))
"""
OLD_SEND = """INSERT INTO sumotext_send
    (ref, key, person, content, state, created_at, updated_at, outcome, reason, result)
VALUES ('r1', 'k1', 'p', 'c', 'DONE', 1, 1, 'UNKNOWN', 'TIMEOUT',
    '{"backend": "x", "outcome": "UNKNOWN", "reason": "TIMEOUT"}')"""

OLD_REPORT = """INSERT INTO sumotext_report (alias, id, status, rank, final, reason, updated_at)
VALUES ('main', 'A', 'REJECTED', 7, 1, 'OPTED_OUT', 1)"""


def _execute(ledger: Ledger, *statements: str) -> None:
    with ledger._database._lend() as connection:  # type: ignore[attr-defined]
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def old(place: str) -> str:
    """A ledger of the first version, with one doubt in it."""
    ledger = open_ledger(place)
    _execute(
        ledger,
        "CREATE TABLE sumotext_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "INSERT INTO sumotext_meta VALUES ('version', '1')",
        f"INSERT INTO sumotext_meta VALUES ('secret', '{'ab' * 32}')",
        *load_schema(ledger._database.dialect)[0],
        OLD_SEND,
    )
    ledger.close()
    return place


def test_a_no_in_a_report_of_an_older_ledger_is_known(place: str) -> None:
    """Asked for again, it takes nothing from who came back since."""
    ledger = open_ledger(place)
    _execute(
        ledger,
        "CREATE TABLE sumotext_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "INSERT INTO sumotext_meta VALUES ('version', '6')",
        *(each for step in load_schema(ledger._database.dialect)[:6] for each in step),
        OLD_REPORT,
    )
    opt_in(ledger, "5015551234")
    told = find_report(ledger, "A", "main")
    assert told
    keep_asked(ledger, told, "main", "A", "5015551234")
    words = [change.word for change in list_changes(ledger, "5015551234")]
    ledger.close()

    assert ["OPTED_IN"] == words


def _open_in_processes(place: str, count: int) -> list[Any]:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, place],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    for process in running:
        assert process.stdout is not None
        assert "ready\n" == process.stdout.readline()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=60)[0].split() for process in running]


@pytest.mark.once
def test_eight_processes_upgrade_once(old: str) -> None:
    """Each sees today's version and the same secret; what was in it is still there."""
    answers = _open_in_processes(old, 8)

    assert 8 == len(answers)
    assert 1 == len({tuple(answer) for answer in answers})
    ledger = open_ledger(old)
    assert str(len(load_schema(ledger._database.dialect))) == answers[0][0]
    assert [("r1", "")] == [(entry.reference, entry.settled) for entry in list_entries(ledger)]
    ledger.close()


@pytest.mark.once
def test_eight_processes_make_one_ledger(place: str) -> None:
    """Where there was none, all have the same secret."""
    answers = _open_in_processes(place, 8)

    assert 8 == len(answers)
    assert 1 == len({tuple(answer) for answer in answers})


def test_an_upgrade_that_is_done_twice_fails(old: str) -> None:
    """Control: the step from the first version does not bear to be run again."""
    ledger = open_ledger(old)
    ledger.database.upgrade()

    with pytest.raises(Exception, match="cannot be used"):
        _execute(ledger, *load_schema(ledger._database.dialect)[1])
    ledger.close()


def test_a_newer_ledger_is_refused(ledger: Ledger, place: str) -> None:
    """In one line; nothing is sent."""
    ledger.database.upgrade()
    _execute(ledger, "UPDATE sumotext_meta SET value = '99' WHERE name = 'version'")
    later = open_ledger(place)
    backend = MemoryBackend()

    with pytest.raises(LedgerVersionError, match=r"^.*version 99.*newer.*$"):
        later.database.upgrade()
    result = Sender(backend, ledger=later).send(Message("5015551234", "hello", key="k"))
    later.close()

    assert Outcome.FAILED is result.outcome
    assert "99" in result.detail
    assert 0 == len(backend.outbox)
