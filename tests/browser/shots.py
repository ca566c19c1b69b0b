"""Makes the pictures of the inbox for the documentation: ``python tests/browser/shots.py``.

They come from the running page, and beside them is written of which state of the page they are.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

sys.path.append(str(Path(__file__).parent.parent))

from fetch import find_browser
from page_source import PICTURES, SEAL, hash_page
from playwright.sync_api import sync_playwright
from texts import fill

from sumotext_backend.simulator import Simulator

WIDE: Final = {"width": 1120, "height": 640}
PHONE: Final = {"width": 360, "height": 640}


def main() -> None:
    """Light, dark, and a phone."""
    PICTURES.mkdir(exist_ok=True)
    with Simulator(8080) as simulator, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        take_empty(browser, simulator)
        fill(simulator)
        for colours in ("light", "dark"):
            page = open_page(browser, simulator, WIDE, colours)
            page.locator(".bubble .meta").nth(1).click()
            page.get_by_text("Costs 1 segment").wait_for()
            keep(page, f"inbox-{colours}")
        page = open_page(browser, simulator, PHONE, "light")
        page.locator("#list li").filter(has_text="+1 501 555 0142").click()
        page.locator(".bubble.mo").wait_for()
        keep(page, "inbox-phone")
        browser.close()
    SEAL.write_text(f"{hash_page()}\n")


def take_empty(browser: Any, simulator: Simulator) -> None:
    """Before any text came."""
    page = open_page(browser, simulator, WIDE, "light")
    page.locator("#empty .line").first.wait_for()
    keep(page, "inbox-empty")


def open_page(browser: Any, simulator: Simulator, size: dict[str, int], colours: str) -> Any:
    """The inbox in a window of that size."""
    page = browser.new_page(viewport=size, color_scheme=colours)
    page.goto(simulator.url)
    return page


def keep(page: Any, name: str) -> None:
    """Write the picture, and close the window."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
    page.close()


if __name__ == "__main__":
    main()
