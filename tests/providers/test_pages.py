"""The pages of the providers say what each of their codes becomes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sumotext_backend import Reason
from sumotext_backend.providers import clicksend, infobip, messagebird, sinch

DOCS = Path(__file__).parents[2] / "docs/reference/providers"
TABLES = {
    "clicksend": [clicksend.REASONS],
    "infobip": [infobip.REASONS, infobip.REQUEST_REASONS],
    "messagebird": [messagebird.REASONS],
    "sinch": [sinch.REASONS],
}


@pytest.mark.parametrize("page", TABLES)
def test_a_page_has_each_code_of_its_table(page: str) -> None:
    """A row names the code, and the outcome and reason that it has in the code."""
    lines = (DOCS / f"{page}.md").read_text("utf-8").splitlines()
    said: dict[str, Reason] = {}
    for line in lines:
        if found := re.fullmatch(r"\| (.+) \| `[A-Z]+` / `([A-Z_]+)`.* \|", line):
            said |= dict.fromkeys(re.findall(r"`([^`]+)`", found[1]), Reason[found[2]])

    for table in TABLES[page]:
        for code, reason in table.items():
            assert said.get(code) is reason, code
