"""The pictures are made by a script from what they show."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "pictures"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def make() -> ModuleType:
    """The script that makes them."""
    spec = importlib.util.spec_from_file_location("make_pictures", FOLDER / "make.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_each_is_what_the_script_makes_today(make: ModuleType) -> None:
    """A chain or a circuit that behaves otherwise wants new ones: docs/pictures/make.py."""
    made = dict(make.list_pictures())

    assert {path.stem for path in FOLDER.glob("*.svg")} == {*made}
    for name, svg in made.items():
        assert svg == (FOLDER / f"{name}.svg").read_text("utf-8"), name


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.svg")), ids=lambda path: path.stem)
def test_each_has_words_for_who_does_not_see_it(path: Path) -> None:
    """A title, and a description that has every word of the picture's boxes and moments."""
    root = ET.fromstring(path.read_text("utf-8"))
    told = root.findtext(f"{SVG}desc") or ""
    heads = [each.text or "" for each in root.iter(f"{SVG}text") if "head" in each.get("class", "")]

    assert root.findtext(f"{SVG}title")
    assert "img" == root.get("role")
    assert heads
    assert [] == [head for head in heads if head.partition(":")[0].lower() not in told.lower()]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.svg")), ids=lambda path: path.stem)
def test_no_word_is_cut(path: Path) -> None:
    """Every line ends within the picture, if letters are no wider than 7.4 pixels on average."""
    root = ET.fromstring(path.read_text("utf-8"))
    width = float(root.get("width", "0"))
    lines = [(float(each.get("x", "0")), each.text or "") for each in root.iter(f"{SVG}text")]

    assert [] == [words for x, words in lines if x + 7.4 * len(words) > width]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.svg")), ids=lambda path: path.stem)
def test_each_stands_on_a_page(path: Path) -> None:
    """None is drawn for nobody."""
    pages = (page.read_text("utf-8") for page in DOCS.rglob("*.md") if "_build" not in page.parts)

    assert any(f"```{{picture}} {path.stem}\n" in page for page in pages)
