"""Ledgers for what comes back, in SQLite and PostgreSQL, and receivers on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sumotext_backend.ledger import Ledger
from tests.children import find_tests
from tests.databases import empty_server, server
from tests.inbound.cases import Heard
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
    """An empty ledger."""
    made = open_ledger(place)
    yield made
    made.close()


@pytest.fixture
def heard() -> Heard:
    """What hooks heard."""
    return Heard()
