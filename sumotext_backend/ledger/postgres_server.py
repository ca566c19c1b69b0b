"""What a PostgreSQL server must be for a ledger to be kept in it, asked of each connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sumotext_backend.ledger.database import LedgerError
from sumotext_backend.ledger.pool import STATEMENT_TIMEOUT

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

MIN_VERSION: Final = 130000

_PIN: Final = (
    "SELECT set_config(name, setting, false), pg_is_in_recovery() FROM pg_settings "
    "WHERE name = 'synchronous_commit'"
)


def prepare_connection(connection: Connection) -> None:
    """Refuse a server that is too old, behind another, or says "committed" before it is.

    Bounds the time of its statements. Raises `LedgerError`, `psycopg.Error`.
    """
    if connection.info.server_version < MIN_VERSION:
        raise LedgerError("the ledger needs PostgreSQL 13 or newer")
    # Set for good: who changes the server's own setting changes nothing here.
    [(mode, follows)] = connection.execute(_PIN).fetchall()
    if mode == "off":
        raise LedgerError(
            "the ledger refuses a database with synchronous_commit=off: a crash of the server "
            "would forget what was sent; set it to on for this database or role"
        )
    if follows:
        raise LedgerError(
            "the ledger refuses a standby, which may not know the latest no; add "
            "target_session_attrs=read-write to the URL, or name the primary server"
        )
    connection.execute(f"SET statement_timeout = {int(STATEMENT_TIMEOUT * 1000)}")
