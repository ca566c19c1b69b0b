"""A ledger in each of the databases that one may be kept in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sumotext_backend.ledger import Ledger, Settings
from tests.children import find_tests
from tests.databases import empty_server, server
from tests.ledger.crashes import open_ledger

__all__ = ["empty_server", "find_tests", "server"]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A file or a URL, where several processes can keep one ledger; it is empty."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite3")
    url: str = request.getfixturevalue("empty_server")
    return url


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """An empty ledger, in SQLite and in PostgreSQL."""
    made = open_ledger(place, Settings())
    yield made
    made.close()
