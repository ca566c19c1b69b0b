"""What pages say of the code, and of the examples."""

from __future__ import annotations

import configparser
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FOLDERS = (ROOT / "sumotext_backend", ROOT / "contrib")
CALL = re.compile(r"\blog\.(debug|info|warning|error|exception|critical)\(")


def read_loggers() -> dict[str, set[str]]:
    """Our loggers by name, with the levels at which they are used."""
    found: dict[str, set[str]] = {}
    for path in (path for folder in FOLDERS for path in folder.rglob("*.py")):
        text = path.read_text("utf-8")
        for name in re.findall(r'getLogger\("(sumotext_\w+\.[\w.]+)"\)', text):
            found.setdefault(name, set()).update(level.upper() for level in CALL.findall(text))
    return found


def list_leaks(site: Path) -> list[str]:
    """Pages that hold the environment, a path or an address, of the machine that built them."""
    pages = (path for path in site.rglob("*.html"))
    told = ("environ({", f"{ROOT}/", " at 0x")
    return sorted(
        path.name for path in pages if any(each in path.read_text("utf-8") for each in told)
    )


def test_nothing_of_the_machine_that_builds_is_on_a_page(site: Path) -> None:
    """The default of a parameter is what the source says, and not what it holds: os.environ."""
    assert [] == list_leaks(site)


def test_a_leak_is_noticed(tmp_path: Path) -> None:
    """The control: an environment, and a path."""
    (tmp_path / "one.html").write_text("environ({'TOKEN': 'secret'})")
    (tmp_path / "two.html").write_text(f"<p>{ROOT}/docs</p>")
    (tmp_path / "three.html").write_text("<p>&lt;object at 0x7f00&gt;</p>")
    (tmp_path / "four.html").write_text("<p>os.environ</p>")

    assert ["one.html", "three.html", "two.html"] == list_leaks(tmp_path)


def test_every_logger_is_on_its_page() -> None:
    """With its levels, and none that is gone."""
    page = (DOCS / "reference/logging.md").read_text()
    rows = re.findall(r"^\| `([\w.]+)` \| ([A-Z, ]+) \|", page, re.MULTILINE)

    assert read_loggers() == {name: {*levels.split(", ")} for name, levels in rows}


def test_every_extra_is_on_the_page_about_installing() -> None:
    """With what it brings, and none that is gone."""
    page = (DOCS / "how-to/install.md").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert {*project["optional-dependencies"]} == {
        *re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)
    }


def test_every_file_of_an_example_can_be_had() -> None:
    """A page links to it, or shows it."""
    pages = "\n".join(page.read_text() for page in DOCS.rglob("*.md") if "_build" not in page.parts)
    files = [path for path in (DOCS / "examples").rglob("*") if path.is_file()]
    kept = [path for path in files if path.stat().st_size and "__pycache__" not in path.parts]

    assert kept
    assert [] == [str(path) for path in kept if f"{path.relative_to(DOCS)}" not in pages]


def test_read_the_docs_builds_what_tox_builds() -> None:
    """The same extras, the same group, the same pins, and no warning passed over."""
    tox = configparser.ConfigParser()
    tox.read(ROOT / "tox.ini")
    wanted = {each.strip() for each in tox["testenv:docs"]["extras"].split(",")}
    said = (ROOT / ".readthedocs.yaml").read_text()
    extras = re.search(r"\.\[([\w,-]+)\]\" --group docs", said)

    assert extras
    assert wanted == {*extras[1].split(",")}
    assert 2 == said.count("-c constraints/pins.txt")
    assert "fail_on_warning: true" in said
