"""The benchmark of lost answers: that it counts, and says when it could not."""

from __future__ import annotations

import sys
from pathlib import Path

import attrs
import pytest
from provider_accounts import ACCOUNTS

pytest.importorskip("trustme", reason="needs the extra 'testing'")
# Last, so that what is measured is the installed package and not the tree.
sys.path.append(str(Path(__file__).parents[2]))

from benchmarks import lost
from benchmarks.clients import PROVIDERS
from benchmarks.timing import NotSentError

pytestmark = pytest.mark.once


def test_one_text_of_ours_is_one_request(capsys: pytest.CaptureFixture[str]) -> None:
    """A provider without an official client has our count alone."""
    code = lost.main(["--only", "46elks"])

    assert 0 == code
    assert "| 46elks   |          — |             — / 1 |" in capsys.readouterr().out


def test_what_is_measured_are_providers() -> None:
    """Ours, by their names; a new one may be added without being measured."""
    assert {one.name for one in PROVIDERS} <= {*ACCOUNTS}


def test_a_client_that_sends_nothing_is_no_zero() -> None:
    """A count of nothing would look like a client that is careful."""
    provider = attrs.evolve(PROVIDERS[0], name="nobody")

    with pytest.raises(NotSentError, match="nobody: nothing was sent by ours"):
        lost.count(provider, "ours", "U04")
