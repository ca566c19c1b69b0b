"""The inbox's page in Chromium, full of texts: when it is painted, and how smoothly it scrolls."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Sequence
from typing import Any, Final

import attrs

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")

_PAINTED: Final = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_LISTED: Final = """
() => new Promise((done) => {
  const look = () => document.querySelectorAll('#list li').length
    ? done(performance.now()) : requestAnimationFrame(look);
  look();
})
"""
_SCROLLED: Final = """
() => new Promise((done) => {
  const pane = document.getElementById('list-scroll');
  const frames = [];
  let last = performance.now();
  const step = (now) => {
    frames.push(now - last);
    last = now;
    pane.scrollTop += 400;
    frames.length < 240 ? requestAnimationFrame(step) : done(frames.slice(1));
  };
  requestAnimationFrame(step);
})
"""


@attrs.frozen
class Opening:
    """One opening of the page; all in milliseconds. ``frames`` are those of a long scroll."""

    painted: float
    listed: float
    loaded: float
    frames: Sequence[float]


def measure(port: int) -> Opening:
    """Open the inbox in a fresh Chromium, wait for its texts, and scroll."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page: Any = browser.new_page(viewport={"width": 1280, "height": 800}, bypass_csp=True)
        page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
        listed = page.evaluate(_LISTED)
        page.get_by_text("10000 texts").wait_for()
        loaded = page.evaluate("performance.now()")
        found = Opening(page.evaluate(_PAINTED), listed, loaded, page.evaluate(_SCROLLED))
        browser.close()
    return found


def report(openings: Sequence[Opening]) -> str:
    """The figures in Markdown: medians over the openings, and the worst frame of all."""
    frames = sorted(frame for each in openings for frame in each.frames)
    middle = statistics.median
    rows = (
        ("first paint", middle(each.painted for each in openings)),
        ("the newest texts are listed", middle(each.listed for each in openings)),
        ("all texts are there", middle(each.loaded for each in openings)),
        ("a frame while scrolling, median", middle(frames)),
        ("99 % of the frames are shorter than", frames[int(0.99 * (len(frames) - 1))]),
        ("the longest frame", frames[-1]),
    )
    return "\n".join(
        ["| the page with 10 000 texts | ms |", "| --- | ---: |"]
        + [f"| {name} | {value:.0f} |" for name, value in rows]
    )
