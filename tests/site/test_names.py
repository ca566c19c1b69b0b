"""Every public name is in the API reference, and says what it is."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PACKAGES = re.findall(
    r"^\| `(sumotext_backend[\w.]*)` \|", (DOCS / "reference/versions.md").read_text(), re.MULTILINE
)


def list_names(package: str) -> list[str]:
    """The names in the ``__all__`` of a package."""
    names: list[str] = importlib.import_module(package).__all__
    return names


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_has_an_entry(package: str, inventory: set[tuple[str, str]]) -> None:
    """Under the name by which it is imported, so that a link to it can be written."""
    entries = {name for kind, name in inventory if kind.startswith("py:")}

    assert [] == [each for each in list_names(package) if f"{package}.{each}" not in entries]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_package_has_a_page(package: str) -> None:
    """Which describes all of its names, and is listed."""
    page = (DOCS / f"reference/api/{package}.md").read_text()

    assert f".. public-names:: {package}\n" in page
    assert f"\n{package}\n" in (DOCS / "reference/api/index.md").read_text()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_class_and_function_is_documented(package: str) -> None:
    """An entry without a word is none."""
    module = importlib.import_module(package)
    named = {name: getattr(module, name) for name in list_names(package)}

    assert [] == [name for name, each in named.items() if callable(each) and not each.__doc__]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_entry_says_something(package: str, site: Path) -> None:
    """Of a name that is no class and no function too, and not what its type says of itself."""
    page = (site / f"reference/api/{package}.html").read_text("utf-8")
    entries = re.findall(
        r'<dt class="sig[^>]*id="([\w.]+)".*?</dt>\s*<dd>(.*?)</dd>', page, re.DOTALL
    )
    said = {name: re.search(r"<p>\S", words) for name, words in entries}

    assert [] == [name for name in list_names(package) if said.get(f"{package}.{name}", 1) is None]
    assert "str(object=" not in page


def test_no_page_is_about_what_is_not_public() -> None:
    """A package that is taken from the list takes its page with it."""
    pages = {page.stem for page in (DOCS / "reference/api").glob("*.md")} - {"index"}

    assert {*PACKAGES} == pages
