"""Axe finds nothing to mend: light and dark, wide and on a phone, empty and full."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from texts import fill

from sumotext_backend.simulator import Simulator

ASK = "axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"
SIZES = {"wide": (1280, 800), "phone": (360, 740)}


@pytest.fixture(scope="module")
def axe() -> str:
    """The judge, which is fetched and never kept here."""
    path = Path(os.environ.get("SUMOTEXT_TEST_BROWSER", "nowhere"), "axe.min.js")
    if not path.exists():
        pytest.skip("axe-core is not here: tox run -e browser fetches it, where there is npm")
    return path.read_text("utf-8")


def judge(page: Any, axe: str) -> list[str]:
    """What axe finds, in brief."""
    page.evaluate(axe)
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in page.evaluate(ASK)
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(
    open_page: Any, simulator: Simulator, axe: str, size: str, colours: str
) -> None:
    """The empty inbox, the list, a conversation, the details of a text, and each dialog."""
    width, height = SIZES[size]
    # Chromium's own bridge to axe is a script that the page's policy would not let in.
    page = open_page(width=width, height=height, color_scheme=colours, bypass_csp=True)
    page.locator("#empty .line").first.wait_for()
    found = {"empty": judge(page, axe)}
    fill(simulator)
    row = page.locator("#list li").filter(has_text="+1 501 555 0142")
    row.wait_for()
    found["list"] = judge(page, axe)
    for button in ("open-requests", "open-faults", "open-connect", "delete-all"):
        page.locator(f"#{button}").click()
        found[button] = judge(page, axe)
        page.keyboard.press("Escape")
    row.click()
    page.locator(".bubble").first.wait_for()
    found["conversation"] = judge(page, axe)
    page.locator(".bubble .meta").first.click()
    page.get_by_text("Costs 1 segment").wait_for()
    found["details"] = judge(page, axe)

    assert {} == {name: each for name, each in found.items() if each}, json.dumps(found, indent=1)


def test_axe_finds_what_is_wrong(open_page: Any, axe: str) -> None:
    """The control: a picture without words, and words that cannot be read."""
    page = open_page(bypass_csp=True)
    page.evaluate("document.querySelector('h1 img').removeAttribute('alt')")
    page.evaluate("document.querySelector('#count').style.color = '#eee'")

    assert {"image-alt", "color-contrast"} <= {each.partition(":")[0] for each in judge(page, axe)}
