"""The pictures in the documentation show the page as it is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from page_source import PAGE, PICTURES, ROOT, SEAL, hash_page

pytestmark = pytest.mark.once

MAX_BYTES = 150_000


def test_the_pictures_are_younger_than_the_page() -> None:
    """They were made of the page's source as it is now."""
    assert hash_page() == SEAL.read_text().strip(), "run: python tests/browser/shots.py"


def test_a_change_of_the_page_is_seen(tmp_path: Path) -> None:
    """The control: one more blank in one file is another page."""
    folder = shutil.copytree(PAGE, tmp_path / "page")
    same = hash_page(folder)
    (folder / "inbox.css").write_text((folder / "inbox.css").read_text() + " ")

    assert (True, False) == (same == hash_page(), hash_page(folder) == hash_page())


def test_every_picture_is_shown_and_small() -> None:
    """None lies about that no page shows."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        name for page in pages for name in re.findall(r"images/([\w-]+\.png)", page.read_text())
    }
    pictures = [*PICTURES.glob("*.png")]

    assert shown == {each.name for each in pictures}
    assert MAX_BYTES > max(each.stat().st_size for each in pictures)
