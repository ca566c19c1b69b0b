"""The lock with which a transaction at PostgreSQL begins, without a queue behind who waits long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from sumotext_backend.ledger.database import LedgerError, Lock
from sumotext_backend.ledger.pool import STATEMENT_TIMEOUT

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

TURN: Final = 0.25
"""Seconds for which one waits and others queue behind, and then as long the other way."""

# An advisory lock: where many share a row, each writes it. Its name is one more than that of the
# lock under which a schema is upgraded.
_TAKE: Final = {
    Lock.SHARED: "SELECT pg_advisory_xact_lock_shared(1937075568)",
    Lock.ALONE: "SELECT pg_advisory_xact_lock(1937075568)",
}


def take_lock(connection: Connection, lock: Lock | None) -> None:
    """Take ``lock`` for the transaction that has just begun.

    PostgreSQL lets nobody pass who comes after one that waits: a list that is written down for
    long, and a START that waits for its end, would hold up the end of every send.
    Raises `LedgerError` after `STATEMENT_TIMEOUT`, `psycopg.Error`.
    """
    if lock is Lock.SHARED:
        connection.execute(_TAKE[lock])
    elif lock is Lock.ALONE:
        _take_in_turns(connection, _TAKE[lock])


def _take_in_turns(connection: Connection, take: str) -> None:
    until = time.monotonic() + STATEMENT_TIMEOUT
    while not _take_at_once(connection, take):
        if time.monotonic() > until:
            raise LedgerError("the ledger in PostgreSQL cannot be used (others write for too long)")
        time.sleep(TURN)


def _take_at_once(connection: Connection, take: str) -> bool:
    """Whether it was had within a turn."""
    import psycopg

    try:
        with connection.transaction():
            connection.execute(f"SET LOCAL lock_timeout = {int(TURN * 1000)}")
            connection.execute(take)
            connection.execute("SET LOCAL lock_timeout TO DEFAULT")
    except psycopg.errors.LockNotAvailable:
        return False
    return True
