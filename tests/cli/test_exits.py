"""Exit codes: each outcome has its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_cases import result

from sumotext_backend.cli.exits import Exit, exit_code
from sumotext_backend.models import Outcome, Reason

pytestmark = pytest.mark.once


@pytest.mark.parametrize("code", Exit)
def test_the_exit_codes_are_in_the_documentation(code: Exit) -> None:
    """The page of the command has the same number with the same meaning."""
    page = Path(__file__).parents[2] / "docs" / "reference" / "command.md"

    assert f"| {code.value} | {code.words}" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_an_exit_code_that_fits_its_outcome(reason: Reason) -> None:
    """UNKNOWN is always 5, REJECTED never "safe to retry", FAILED never 0, 1 or 5."""
    allowed = {
        Outcome.REJECTED: {Exit.REJECTED, Exit.USAGE},
        Outcome.FAILED: {Exit.NOT_SENT, Exit.USAGE, Exit.CONFIGURATION},
        Outcome.UNKNOWN: {Exit.UNKNOWN},
    }

    assert exit_code(result(reason)) in allowed[reason.outcome]


def test_accepted_is_the_only_exit_code_0() -> None:
    """Exit 0 says that the provider took the text."""
    assert exit_code(result(message_id="an id")) == 0
    assert all(exit_code(result(reason)) != 0 for reason in Reason)
