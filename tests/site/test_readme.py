"""What a package index shows leads to pages and pictures that the built documentation has."""

from __future__ import annotations

import html.parser
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit

import pytest

BASE = "https://sumotext-backend.readthedocs.io/en/latest/"


class Shown(html.parser.HTMLParser):
    """The links and pictures of a rendered description, and which pictures have no words."""

    def __init__(self, text: str) -> None:
        """Read what was rendered."""
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.mute: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of one tag."""
        given = {name: value or "" for name, value in attrs}
        # Each heading gets one to itself by who renders it.
        if tag == "a" and not given.get("href", "").startswith("#user-content-"):
            self.links.append(given.get("href", ""))
        if tag == "img":
            self.pictures.append(given["src"])
            self.mute += [] if given.get("alt") else [given["src"]]


@pytest.fixture(scope="module")
def rendered() -> str:
    """The description in the metadata, as package indices render and clean it."""
    markdown = pytest.importorskip(
        "readme_renderer.markdown", reason="the group package is not installed"
    )
    metadata = distribution("sumotext-backend").metadata
    text = markdown.render(metadata["Description"] or str(metadata.get_payload()))

    assert text, "it cannot be rendered"
    return str(text)


@pytest.fixture(scope="module")
def shown(rendered: str) -> Shown:
    """What is in it."""
    return Shown(rendered)


def list_dead(links: list[str], site: Path) -> list[str]:
    """Those that lead to no file of the site, to no place in one, or elsewhere."""
    return [link for link in links if not leads(link, site)]


def leads(link: str, site: Path) -> bool:
    """Whether there is such a file, and such a place in it."""
    if not link.startswith(BASE):
        return False
    parts = urlsplit(link.removeprefix(BASE))
    page = site / parts.path
    place = f'id="{parts.fragment}"'
    return page.is_file() and (not parts.fragment or place in page.read_text("utf-8"))


def test_every_link_leads_to_a_page_that_is_built(shown: Shown, site: Path) -> None:
    """So do those in the metadata: one to a page, and one to where the server leads by itself."""
    given = distribution("sumotext-backend").metadata.get_all("Project-URL") or []
    urls = [each.partition(", ")[2] for each in given]

    assert len(shown.links) > 30
    assert [] == list_dead(shown.links, site)
    assert [BASE.removesuffix("en/latest/")] == list_dead(urls, site)


def test_every_picture_is_there_and_has_words(shown: Shown, site: Path) -> None:
    """The chain at work, and the inbox: both are files of the site."""
    assert ["chain.svg", "inbox-light.png"] == [each.rpartition("/")[2] for each in shown.pictures]
    assert [] == list_dead(shown.pictures, site)
    assert [] == shown.mute


def test_a_dead_link_is_noticed(site: Path) -> None:
    """The control: a page that is missing, a place that is, and a file of the repository."""
    dead = [BASE + "reference/none.html", BASE + "changelog.html#none", "docs/index.md"]

    assert dead == list_dead([*dead, BASE + "changelog.html"], site)


def test_nothing_of_it_is_lost(rendered: str) -> None:
    """Cleaning takes no table, no code and no link away."""
    for tag in ("<h1 ", "<table>", "<pre", "<strong>", "<a href=", "<img "):
        assert tag in rendered
