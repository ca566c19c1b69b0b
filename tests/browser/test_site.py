"""The documentation in a browser: what a stranger sees first, and whether what they copy works."""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import threading
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

MADE = ("genindex", "py-modindex", "search")
"""Pages of the theme's."""
SIZES = [(1280, 800), (390, 844)]
ASK = """
(colours) => axe.run("article", {
  resultTypes: ["violations"],
  rules: {"color-contrast": {enabled: colours}},
}).then((found) => found.violations.map(
  (each) => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`))
"""
BROKEN = """
() => {
  const found = [];
  const range = document.createRange();
  const cells = "table.docutils :is(th, td:not(:last-child))";
  for (const cell of document.querySelectorAll(cells)) {
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      for (const word of walk.currentNode.data.matchAll(/["\\w]{2,10}/g)) {
        range.setStart(walk.currentNode, word.index);
        range.setEnd(walk.currentNode, word.index + word[0].length);
        const tops = [...range.getClientRects()].filter((box) => box.width).map((box) => box.top);
        if (new Set(tops.map(Math.round)).size > 1) found.push(word[0]);
      }
    }
  }
  return found;
}
"""
FITS = """
() => ({
  page: document.documentElement.scrollWidth - window.innerWidth,
  tables: [...document.querySelectorAll("table.docutils")]
    .filter((table) => table.scrollWidth > table.parentElement.clientWidth + 1)
    .map((table) => table.innerText.slice(0, 40)),
})
"""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the built documentation, on this machine."""
    folder = os.environ.get("SUMOTEXT_TEST_SITE")
    if not folder:
        pytest.skip("no documentation is built: tox run -e docs does so")
    handler = functools.partial(_Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def list_pages(*others: str) -> list[str]:
    """The pages that are written, and those below ``others``."""
    folder = Path(os.environ["SUMOTEXT_TEST_SITE"])
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html")))
    left = tuple({"_static", "reference/api/", *MADE} - {*others})
    return [name for name in names if not name.startswith(left)]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def visit(browser: Any, site: str) -> Iterator[Any]:
    """Opens a page of the site in a window of a size; may read the clipboard."""
    contexts = []

    def start(path: str, size: tuple[int, int]) -> Any:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site}/{path}")
        return page

    yield start
    for context in contexts:
        context.close()


def is_on_screen(page: Any, selector: str) -> bool:
    """Whether the first such thing begins within the first screen."""
    box = page.locator(selector).first.bounding_box()
    return bool(box and box["y"] < page.viewport_size["height"])


@pytest.mark.parametrize("size", SIZES)
def test_one_screen_says_what_it_is_for_and_shows_it(visit: Any, size: tuple[int, int]) -> None:
    """What it promises, for whom, a line to copy, and a chain at work."""
    page = visit("index.html", size)

    for seen in ("article strong", "article a[href^='how-to/']", "button.copybtn", "svg.picture"):
        assert is_on_screen(page, seen), seen
    assert "never texts twice" in page.locator("article strong").first.inner_text()


@pytest.mark.parametrize("size", SIZES)
def test_no_page_is_wider_than_the_screen(visit: Any, site: str, size: tuple[int, int]) -> None:
    """Nor is any table wider than its place, so that nothing is scrolled sideways to be read."""
    page = visit("index.html", size)
    wrong = {}
    for name in list_pages("reference/api/", *MADE):
        page.goto(f"{site}/{name}")
        found = page.evaluate(FITS)
        if found["page"] > 0 or found["tables"]:
            wrong[name] = found

    assert {} == wrong


def test_what_is_too_wide_is_noticed(visit: Any) -> None:
    """The control: a table that sticks out of its place, and a page out of the screen."""
    page = visit("index.html", SIZES[1])
    wide = "<div style='width:300px'><table class='docutils' style='width:900px'><tr><td>wide"
    page.set_content(wide)
    found = page.evaluate(FITS)

    assert found["page"] > 0
    assert ["wide"] == found["tables"]


def test_no_short_word_of_a_table_is_broken_on_a_wide_screen(visit: Any, site: str) -> None:
    """In a head, and before the last column: no POS-T and no "shared-"."""
    page = visit("index.html", SIZES[0])
    wrong = {}
    for name in list_pages("reference/api/", *MADE):
        page.goto(f"{site}/{name}")
        if found := page.evaluate(BROKEN):
            wrong[name] = found

    assert {} == wrong


def test_a_short_word_that_is_broken_is_noticed(visit: Any) -> None:
    """The control: a column that is narrower than its word, and one that is the last."""
    page = visit("index.html", SIZES[0])
    cell = "<td style='width:1ch;max-width:1ch;overflow-wrap:anywhere'>"
    page.set_content(f"<table class='docutils'><tr>{cell}POST</td>{cell}last</td></tr></table>")

    assert ["POST"] == page.evaluate(BROKEN)


@pytest.mark.parametrize(("size", "shown"), [(SIZES[1], "flex"), (SIZES[0], "table-cell")])
def test_a_row_of_long_words_is_a_list_on_a_phone(
    visit: Any, size: tuple[int, int], shown: str
) -> None:
    """Though its columns are few. Controls: a screen, and a row of short words."""
    page = visit("reference/magic-numbers.html", size)
    ask = "(cell) => getComputedStyle(cell).display"
    cells = [page.locator(f"td:has-text('{each}')").first for each in ("MONTHLY_SPEND", "SNS")]

    assert [shown, "table-cell"] == [cell.evaluate(ask) for cell in cells]


@pytest.fixture(scope="module")
def judge() -> str:
    """axe-core, which is fetched and never kept here."""
    path = Path(os.environ.get("SUMOTEXT_TEST_BROWSER", "nowhere"), "axe.min.js")
    if not path.exists():
        pytest.skip("axe-core is not here: tox run -e docs fetches it, where there is npm")
    return path.read_text("utf-8")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "path", ["index.html", "explanation/chains.html", "reference/routing.html"]
)
def test_axe_finds_nothing_in_what_is_ours(
    visit: Any, judge: str, path: str, size: tuple[int, int], colours: str
) -> None:
    """The words, the pictures and the tables, in both colours; the theme's frame is not ours."""
    page = visit(path, size)
    page.emulate_media(color_scheme=colours)
    page.evaluate(judge)

    assert [] == page.evaluate(ASK, arg=True)


def test_axe_finds_nothing_on_any_page(visit: Any, judge: str, site: str) -> None:
    """Of those that are written; their colours, dear to judge, are the same on all."""
    page = visit("index.html", SIZES[0])
    wrong = {}
    for name in list_pages():
        page.goto(f"{site}/{name}")
        page.evaluate(judge)
        if found := page.evaluate(ASK, arg=False):
            wrong[name] = found

    assert {} == wrong


def copy_first(page: Any) -> str:
    """What the first copy button of a page puts into the clipboard."""
    page.locator("button.copybtn").first.click()
    page.locator("button.copybtn.success").wait_for()
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_prompt_is_not_copied(visit: Any) -> None:
    """Nor what a command prints."""
    page = visit("tutorial/first-text.html", SIZES[0])
    page.locator(".highlight-console button.copybtn").first.click()
    page.locator("button.copybtn.success").wait_for()

    said = page.evaluate("navigator.clipboard.readText()")
    assert 'sumotext send --sandbox 5015551234 "hello"' == said.strip()


@pytest.mark.parametrize("size", SIZES)
def test_the_line_that_is_copied_works(
    visit: Any, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an empty environment, where the wheel of ``$SUMOTEXT_TEST_DIST`` can be installed from."""
    dist = os.environ.get("SUMOTEXT_TEST_DIST")
    if not dist:
        pytest.skip("there is no wheel to install: tox run -e docs makes one")
    line = copy_first(visit("index.html", size))
    monkeypatch.setenv("HOME", str(tmp_path))
    venv.create(tmp_path / "empty", with_pip=True)
    monkeypatch.setenv("PATH", f"{tmp_path / 'empty' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PIP_FIND_LINKS", dist)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    ended = subprocess.run(
        ["bash", "-c", line],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert 0 == ended.returncode, ended.stderr
    assert "\nACCEPTED\n" in ended.stdout
    assert (tmp_path / "empty" / "bin" / "sumotext").exists()
