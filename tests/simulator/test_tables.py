"""The magic numbers as people read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sumotext_backend.models import Reason
from sumotext_backend.simulator import MAGIC, dialect_table, magic_table, magic_text

pytestmark = pytest.mark.once


PAGE = Path(__file__).parents[2] / "docs" / "reference" / "magic-numbers.md"


def test_the_documentation_shows_the_table() -> None:
    """The page on magic numbers holds the table as the code has it."""
    assert f"\n\n{magic_table()}\n\n" in PAGE.read_text()


def test_the_documentation_shows_what_each_provider_says() -> None:
    """The page holds the table of the dialects as the code has it."""
    assert f"\n\n{dialect_table()}\n\n" in PAGE.read_text()


def test_the_plain_table_fits_a_terminal() -> None:
    """One line a number, with its result, of less than 80 characters."""
    lines = magic_text().splitlines()

    assert [magic.number for magic in MAGIC] == [line[:10] for line in lines]
    assert all(len(line) < 80 for line in lines)
    assert all(
        f"{magic.outcome} {magic.reason or ''}".strip() in line
        for magic, line in zip(MAGIC, lines, strict=True)
    )
    assert {magic.reason for magic in MAGIC} > {Reason.NOT_OPTED_IN, Reason.TIMEOUT, None}
