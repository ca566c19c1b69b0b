"""``sumotext init``: a file that says what each option is for, and that is right as it stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from commandline import sumotext

from sumotext_backend.config import Places, load
from sumotext_backend.config.check import check
from sumotext_backend.config.tables import TABLES
from sumotext_backend.options import options_of
from sumotext_backend.providers import list_backends
from sumotext_backend.registry import Listed
from sumotext_backend.render.starter import starter_text

ROWS = [row for row in list_backends() if row.state == "ok"]
COMMENTED = re.compile(r"^# (?=\[?\w+\]?(?: = |$))", re.MULTILINE)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_writes_the_file_that_is_then_found(folder: Path) -> None:
    """Its place goes to stdout, what to do next to stderr; the configuration is that file."""
    ended = sumotext("init")
    shown = sumotext("config", "show", "--origin")

    assert (0, "sumotext.toml\n") == (ended.returncode, ended.stdout)
    assert "sumotext config check" in ended.stderr
    assert 'backend = "sumotext"  # sumotext.toml' in shown.stdout


def test_a_file_that_is_there_is_left_as_it_is(folder: Path) -> None:
    """It is wrong usage, in one line; another place may be named."""
    (folder / "sumotext.toml").write_text("mine")
    ended = sumotext("init")
    other = sumotext("init", "--config", "other.toml")

    assert (2, "", 1) == (ended.returncode, ended.stdout, ended.stderr.count("\n"))
    assert "mine" == (folder / "sumotext.toml").read_text()
    assert (0, "other.toml\n") == (other.returncode, other.stdout)


def test_a_place_that_cannot_be_written_is_one_line(folder: Path) -> None:
    """With the system's reason, and not the whole path."""
    ended = sumotext("init", "--config", str(folder / "no" / "such" / "sumotext.toml"))

    assert 78 == ended.returncode
    assert "sumotext.toml cannot be written (No such file or directory)" in ended.stderr
    assert str(folder) not in ended.stderr


def test_a_backend_that_is_not_there_is_named(folder: Path) -> None:
    """With what may have been meant; no file is made."""
    ended = sumotext("init", "--using", "twlio")

    assert 78 == ended.returncode
    assert "did you mean 'twilio'?" in ended.stderr
    assert [] == [*folder.iterdir()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_option_is_in_it(row: Listed) -> None:
    """Once, with what it is for; what is required is no comment; the rest has its default."""
    text = starter_text(row)
    given = tomllib.loads(text)["providers"]["default"]
    whole = tomllib.loads(COMMENTED.sub("", text))

    assert {"backend", *(each.name for each in row.options if each.required)} == set(given)
    assert {"backend", *(each.name for each in row.options)} == set(whole["providers"]["default"])
    assert all(each.help in text for each in row.options)
    for each in row.options:
        if isinstance(each.default, bool | int | float) and not each.private:
            assert each.default == whole["providers"]["default"][each.name]
    for name, cls in TABLES.items():
        assert {*options_of(cls)} == set(whole[name])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_check_finds_is_what_must_be_filled_in(row: Listed, folder: Path) -> None:
    """The environment variables that the file names; of `redirect`, one of two comments too."""
    table = tomllib.loads(starter_text(row))
    named = re.findall(r"^\w+ = \{ env = \"(\w+)\" \}", starter_text(row), re.MULTILINE)
    problems = check(load(table), Places({}, folder, folder))

    assert len(named) + (row.name == "redirect") == len(problems)
    assert all(any(f"'{name}' is not set" in each for each in problems) for name in named)
