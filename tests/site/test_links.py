"""No link of the site is dead, and every picture can be heard."""

from __future__ import annotations

import html.parser
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

SIMULATOR = "http://127.0.0.1:8080/"
FOREIGN = ("http", "https", "mailto", "data")


class Page(html.parser.HTMLParser):
    """What a page links to, which places in it can be linked to, and its pictures."""

    def __init__(self, path: Path) -> None:
        """Read the file."""
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.places: set[str] = set()
        self.mute: list[str] = []
        self.drawn: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of one tag."""
        given = {name: value or "" for name, value in attrs}
        self.places.add(given.get("id", ""))
        self.links += [given[name] for name in ("href", "src") if given.get(name)]
        if tag == "img" and not given.get("alt"):
            self.mute.append(given.get("src", ""))
        if tag == "svg" and given.get("role") == "img":
            self.drawn += given["aria-labelledby"].split()


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[Path, Page]:
    """Every page of the site."""
    found = (path for path in site.rglob("*.html") if "_static" not in path.parts)
    return {path: Page(path) for path in found}


def list_dead(pages: dict[Path, Page]) -> Iterator[str]:
    """Links whose file or place in it is not there."""
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme in FOREIGN:
                continue
            file = unquote(parts.path)
            target = Path(os.path.normpath(path.parent / file)) if file else path
            places = {"", *pages[target].places} if target in pages else {""}
            if not target.exists() or unquote(parts.fragment) not in places:
                yield f"{path.name}: {link}"


def test_no_link_inside_is_dead(pages: dict[Path, Page]) -> None:
    """Each leads to a file that is there, and to a place in it that is there."""
    assert [] == sorted({*list_dead(pages)})


def test_a_dead_link_is_noticed(tmp_path: Path) -> None:
    """The control: a file that is missing, and a place that is."""
    page = tmp_path / "one.html"
    page.write_text('<a href="two.html">a</a><a href="#there">b</a><a href="#here" id="here">c</a>')

    assert ["one.html: two.html", "one.html: #there"] == [*list_dead({page: Page(page)})]


def test_links_out_of_it_are_safe_and_to_no_machine_of_ours(pages: dict[Path, Page]) -> None:
    """As far as can be told without a network: by https, but for the simulator that one runs."""
    found = {link for page in pages.values() for link in page.links if "://" in link}
    links = found - {SIMULATOR}
    hosts = {link: urlsplit(link).hostname or "" for link in links}

    assert [] == sorted(each for each in links if not each.startswith("https://"))
    assert [] == sorted(each for each, host in hosts.items() if "." not in host)


def test_every_picture_has_words(pages: dict[Path, Page]) -> None:
    """A picture in a file has an alt; one in the page a title and a description."""
    assert {} == {path.name: page.mute for path, page in pages.items() if page.mute}
    for page in pages.values():
        assert {*page.drawn} <= page.places


def test_the_first_page_leads_to_every_part(pages: dict[Path, Page], site: Path) -> None:
    """Of every group in the side bar, something stands on the page itself."""
    words = (site / "index.html").read_text("utf-8").partition('<article role="main"')[2]

    for part in ("tutorial/", "how-to/", "reference/", "reference/providers/", "explanation/"):
        assert f'href="{part}' in words
