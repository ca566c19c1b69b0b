"""No version that a check installs is chosen by the day on which it runs."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
CONSTRAINTS = ROOT / "constraints"
FILES = sorted(CONSTRAINTS.glob("*.txt"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
LINE = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; .+)?")


def pins(file: Path) -> list[str]:
    """The lines of a file that pin something."""
    return [line for line in file.read_text().splitlines() if not line.startswith("#")]


def required() -> set[str]:
    """The name of whatever pyproject.toml asks for."""
    optional = PROJECT["project"]["optional-dependencies"].values()
    groups = PROJECT["dependency-groups"].values()
    lists = [PROJECT["build-system"]["requires"], PROJECT["project"]["dependencies"]]
    texts = [each for one in [*lists, *optional, *groups] for each in one if isinstance(each, str)]
    return {Requirement(text).name.lower() for text in texts} - {PROJECT["project"]["name"]}


@pytest.fixture
def check(tmp_path: Path) -> Any:
    """Run check.py on a folder with the given distributions, and the given pins."""

    def run(text: str | None, **installed: str) -> tuple[int, str]:
        for name, version in installed.items():
            info = tmp_path / f"{name}-{version}.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
        file = tmp_path / "pins.txt"
        file.write_text(text or "")
        environ = {**os.environ, "UV_CONSTRAINT": str(file) if text is not None else ""}
        command = [sys.executable, str(CONSTRAINTS / "check.py"), str(tmp_path)]
        ended = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=60, check=False
        )
        return ended.returncode, ended.stdout + ended.stderr

    return run


def test_what_is_pinned_passes(check: Any) -> None:
    """Names are compared as package indexes do, and the project's own needs no pin."""
    code, said = check("zope-interface==8.1\nruff==0.17.6\n", Zope_Interface="8.1", acme_sms="1.0")

    assert (0, "2 distributions, 0 not as pinned\n") == (code, said)


def test_one_of_several_pins_passes(check: Any) -> None:
    """Where the version differs from Python to Python, each is a pin."""
    two = "django==5.2.19 ; python_version < '3.12'\ndjango==6.1.3 ; python_version >= '3.12'\n"

    assert 0 == check(two, Django="6.1.3")[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ruff==0.17.6\n", "ruff: 0.17.7 is installed, 0.17.6"),
        ("ruff-lsp==0.17.7\n", "ruff: 0.17.7 is installed, not pinned"),
        ("# ruff==0.17.7\n", "ruff: 0.17.7 is installed, not pinned"),
        ("ruff==0.17.7.1\n", "ruff: 0.17.7 is installed, 0.17.7.1"),
        (None, "UV_CONSTRAINT names no file"),
    ],
)
def test_what_is_not_pinned_is_found_out(check: Any, text: str | None, words: str) -> None:
    """The controls: another version, a stranger, no pins at all."""
    code, said = check(text, ruff="0.17.7")

    assert 1 == code
    assert words in said


def test_an_empty_folder_proves_nothing(check: Any) -> None:
    """The control: where nothing is found, nothing has been compared."""
    assert 1 == check("ruff==0.17.7\n")[0]


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_lines_are_plain(file: Path) -> None:
    """``name==version`` and perhaps a marker: no registry, no hash, no path, no range."""
    assert pins(file)
    assert [] == [line for line in pins(file) if not LINE.fullmatch(line)]


def test_whatever_is_asked_for_is_pinned() -> None:
    """A dependency that was added is pinned once `bash constraints/refresh` has run."""
    names = {line.partition("==")[0] for line in pins(CONSTRAINTS / "pins.txt")}

    assert set() == required() - names


def test_every_environment_but_one_is_compared() -> None:
    """Only ``latest`` installs what is newest, and it is not among what is run by itself."""
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    unpinned = [name for name in tox.sections() if tox[name].get("commands_post") == ""]

    assert "constraints/check.py" in tox["testenv"]["commands_post"]
    assert ["testenv:latest"] == unpinned
    assert "latest" not in tox["tox"]["env_list"]


def test_the_newest_versions_decide_no_merge() -> None:
    """The weekly job stands beside what is needed to pass."""
    workflow = ROOT / ".github" / "workflows" / "ci.yml"
    if not workflow.exists():
        pytest.skip("not a checkout")
    jobs = dict(re.findall(r"^  (\w+):\n((?:    .*\n|\n)+)", workflow.read_text(), re.MULTILINE))

    assert "bash .ci/run -e latest" in jobs["newest"]
    assert "github.event_name == 'schedule'" in jobs["newest"]
    assert "needs: [tests, checks]" in jobs["passed"]
    assert ["newest"] == [
        name for name, steps in jobs.items() if "latest\n" in steps.replace("ubuntu-latest", "")
    ]


def test_every_workflow_installs_by_the_same_script() -> None:
    """No step of a workflow installs anything by itself."""
    workflows = [*(ROOT / ".github" / "workflows").glob("*.yml")]
    if not workflows:
        pytest.skip("not a checkout")

    assert [] == [file.name for file in workflows if re.search(r"pip|uvx?\b", file.read_text())]
