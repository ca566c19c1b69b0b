"""A ledger in each of the databases that one may be kept in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sumotext_backend.ledger import Ledger, Settings
from tests.children import find_tests
from tests.databases import empty_server, place, server
from tests.ledger.crashes import open_ledger

__all__ = ["empty_server", "find_tests", "place", "server"]


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """An empty ledger, in SQLite and in PostgreSQL."""
    made = open_ledger(place, Settings())
    yield made
    made.close()
