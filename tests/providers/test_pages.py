"""The pages of the providers say what each of their codes becomes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from provider_cases import Answer
from providers.test_kannel import JASMIN, KANNEL

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


@pytest.mark.parametrize(("dialect", "answers"), [("Kannel", KANNEL), ("Jasmin", JASMIN)])
def test_a_page_has_the_words_of_its_answers(dialect: str, answers: list[Answer]) -> None:
    """Words that a page quotes are in an answer that means what it says; `\u2026` is anything."""
    page = (DOCS / "kannel.md").read_text("utf-8")
    row = rf"^\| {dialect}: (`.+) \| `[A-Z]+` / `([A-Z_]+)` \|$"
    rows = re.findall(row, page, re.MULTILINE)
    quoted = [(words, Reason[name]) for cell, name in rows for words in re.findall("`(.+?)`", cell)]

    assert quoted
    for words, reason in quoted:
        longest = max(words.split("\u2026"), key=len)
        meant = {means for _, body, means in answers if longest in body}
        assert {reason} == meant, words
