"""Lost answers: one request of ours, and as many of the official clients' as the page says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Last, so that what is measured is the installed package and not the tree.
sys.path.append(str(ROOT))

from benchmarks import lost  # noqa: E402 - needs the path above
from benchmarks.clients import PROVIDERS, Provider  # noqa: E402

pytestmark = pytest.mark.once

PAGE = ROOT / "docs/explanation/at-most-once.md"


def squeeze(table: str) -> list[str]:
    """The rows of a table, however wide its columns are."""
    return [" ".join(row.split()) for row in table.splitlines()]


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_a_lost_answer_is_one_request(provider: Provider) -> None:
    """Whatever the official client does, which stands beside it on the page."""
    found = lost.measure(provider)
    row = squeeze(lost.report({provider: found}))[-1]

    assert {1} == {*found.ours.values()}
    assert row in squeeze(PAGE.read_text("utf-8")), f"paste into {PAGE.name}:\n{row}"
