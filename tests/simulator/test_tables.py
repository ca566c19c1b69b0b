"""The magic numbers as people read them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sumotext_backend.models import Reason
from sumotext_backend.simulator import MAGIC, dialect_table, magic_table, magic_text
from sumotext_backend.simulator.dialects import PROVIDERS

pytestmark = pytest.mark.once


PAGE = Path(__file__).parents[2] / "docs" / "reference" / "magic-numbers.md"


def test_the_documentation_shows_the_table() -> None:
    """The page on magic numbers holds the table as the code has it."""
    assert f"\n\n{magic_table()}\n\n" in PAGE.read_text()


def test_the_documentation_shows_what_each_provider_says() -> None:
    """The page holds the table of the dialects as the code has it."""
    assert f"\n\n{dialect_table()}\n\n" in PAGE.read_text()


def test_the_documentation_shows_what_may_be_asked() -> None:
    """Each path of the table is one that the provider has, and no provider that has one is left."""
    section = PAGE.read_text().partition("## What may be asked")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(.+?)` \|(.+)\|$", section, re.MULTILINE)
    paths = {name: re.findall("`(/(?!delivery_report).+?)`", cells) for name, cells in rows}
    sumotext = paths.pop("sumotext")
    having = {name: dialect.questions for name, dialect in PROVIDERS.items() if dialect.questions}
    known = {
        name: [any(re.fullmatch(each.path, path) for each in having[name]) for path in found]
        for name, found in paths.items()
    }

    assert sumotext == ["/secure/sumoReport.aspx"]
    assert having.keys() == paths.keys()
    assert all(found and all(found) for found in known.values())


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
