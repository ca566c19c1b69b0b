"""One statement at PostgreSQL, in whose errors no row and no URL is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sumotext_backend.ledger.database import LedgerError, Row

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]


class Gone(LedgerError):
    """The server went away."""


def execute(connection: Connection, sql: str, values: Mapping[str, object]) -> list[Row]:
    """Run ``sql`` and return all rows. Raises `LedgerError`."""
    import psycopg

    try:
        cursor = connection.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []
    except (psycopg.Error, UnicodeError) as error:
        raised = translate(error)
    # Here and not around the caller's block, where it would keep psycopg's error as its context,
    # whose words may show a whole row.
    raise raised


def execute_all(connection: Connection, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Run ``sql`` for each of ``rows``, without waiting for the answer to each.

    Raises `LedgerError`.
    """
    import psycopg

    try:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)
    except (psycopg.Error, UnicodeError) as error:
        raised = translate(error)
    else:
        return
    raise raised


def translate(error: Exception) -> LedgerError:
    """What ``error`` of psycopg or its pool is to the ledger."""
    import psycopg
    import psycopg_pool

    gone = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    gone = gone and not isinstance(error, psycopg_pool.PoolTimeout)  # that was waited for
    kind = Gone if gone else LedgerError
    return kind(f"the ledger in PostgreSQL cannot be used ({_describe(error)})")


def _describe(error: Exception) -> str:
    # An error's words may hold a value, or the URL; its SQLSTATE and class hold neither.
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__
