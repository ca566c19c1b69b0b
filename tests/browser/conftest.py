"""The inbox in Debian's Chromium; without it, or without playwright, these tests are skipped."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from sumotext_backend.simulator import Simulator

sys.path.append(str(Path(__file__).parent))

from fetch import find_browser

PATIENCE = 20_000  # milliseconds
HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
Open = Callable[..., Any]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One Chromium for all tests, with a home of its own."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: tox run -e browser has it"
    )
    path = find_browser()
    if path is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    playwright.expect.set_options(timeout=PATIENCE)
    with playwright.sync_playwright() as driver:
        # Its sandbox wants rights that a container does not give; it shows our own page only.
        home = {name: str(tmp_path_factory.mktemp("home")) for name in HOMES}
        running = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox"], env={**os.environ, **home}
        )
        yield running
        running.close()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A simulator that has seen nothing."""
    with Simulator() as running:
        yield running


@pytest.fixture
def open_page(browser: Any, simulator: Simulator) -> Iterator[Open]:
    """Opens the inbox, in a window of its own; fails for a console error or a foreign request."""
    faults: list[str] = []
    contexts = []
    host = urlsplit(simulator.url).netloc

    def see(request: Any) -> None:
        if urlsplit(request.url).netloc != host:
            faults.append(f"asked another host: {request.url}")

    def hear(message: Any) -> None:
        if message.type in ("error", "warning"):
            faults.append(f"console: {message.text}")

    def start(
        path: str = "/", width: int = 1280, height: int = 800, script: str = "", **more: object
    ) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.add_init_script(script)
        page.on("request", see)
        page.on("console", hear)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.goto(f"{simulator.url}{path}")
        return page

    yield start
    for context in contexts:
        context.close()

    assert not faults


@pytest.fixture
def inbox(open_page: Open) -> Any:
    """The inbox in a wide window."""
    return open_page()
