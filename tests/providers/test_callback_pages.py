"""The pages of the providers say what each word and code of a report becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sumotext_backend import DeliveryStatus
from sumotext_backend.providers import (
    aws_callbacks,
    bandwidth_callbacks,
    clicksend_callbacks,
    elks_callbacks,
    infobip_callbacks,
    kannel_callbacks,
    messagebird_callbacks,
    plivo_callbacks,
    sinch_callbacks,
    telnyx_callbacks,
    twilio_callbacks,
    vonage_callbacks,
)
from sumotext_backend.providers.incoming import Meanings
from sumotext_backend.providers.sumotext import callbacks as sumotext_callbacks

DOCS = Path(__file__).parents[2] / "docs/reference"
PAGES = {
    "providers/46elks": elks_callbacks.MEANINGS,
    "providers/aws": aws_callbacks.MEANINGS,
    "providers/bandwidth": bandwidth_callbacks.MEANINGS,
    "providers/clicksend": clicksend_callbacks.MEANINGS,
    "providers/infobip": infobip_callbacks.MEANINGS,
    "providers/kannel": kannel_callbacks.KANNEL,
    "providers/messagebird": messagebird_callbacks.MEANINGS,
    "providers/plivo": plivo_callbacks.MEANINGS,
    "providers/sinch": sinch_callbacks.MEANINGS,
    "providers/telnyx": telnyx_callbacks.MEANINGS,
    "providers/twilio": twilio_callbacks.MEANINGS,
    "providers/vonage": vonage_callbacks.MEANINGS,
    "sumotext-v2": sumotext_callbacks.MEANINGS,
}


def status_table(meanings: Meanings) -> str:
    """What the words of a report become, as a Markdown table."""
    lines = ["| A report says | and is |", "|---|---|"]
    for status in DeliveryStatus:
        words = [f"`{word}`" for word, each in meanings.statuses.items() if each is status]
        words += [f"code `{code}`" for code, each in meanings.overrides.items() if each is status]
        words += ["any other"] if status is DeliveryStatus.UNKNOWN else []
        if words:
            lines.append(f"| {', '.join(words)} | `{status}` |")
    return "\n".join(lines) + "\n"


def reason_table(meanings: Meanings) -> str:
    """What the codes of a report become, as a Markdown table; empty where none is known."""
    lines = ["| Its code | is the reason |", "|---|---|"]
    for reason in dict.fromkeys(meanings.reasons.values()):
        codes = [f"`{code}`" for code, each in meanings.reasons.items() if each is reason]
        lines.append(f"| {', '.join(codes)} | `{reason}` |")
    return "\n".join(lines) + "\n" if meanings.reasons else ""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_a_report_becomes(page: str) -> None:
    """Each word and each code that the module knows, and no other."""
    text = (DOCS / f"{page}.md").read_text("utf-8")

    for table in (status_table(PAGES[page]), reason_table(PAGES[page])):
        assert table in text, f"paste into {page}.md:\n{table}"


@pytest.mark.parametrize("page", [*PAGES, "sumotext"])
def test_every_page_says_what_comes_back(page: str) -> None:
    """And points at the page of events."""
    text = (DOCS / f"{page}.md").read_text("utf-8").partition("## What comes back")[2]

    assert "events.md" in text
    assert "callback_keys" in text or "topic_arns" in text or "secret path" in text


def test_jasmin_s_words_are_on_kannel_s_page() -> None:
    """Which is the page of both."""
    text = (DOCS / "providers/kannel.md").read_text("utf-8")

    assert status_table(kannel_callbacks.JASMIN) in text
