"""Tests leave the home of who runs them alone; the guard is the repository's own conftest.py."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent
FOREIGN = {"SMS_DSN": "null://", "SUMOTEXT_CONFIG": "mine.toml", "XDG_CONFIG_HOME": "/nowhere"}
SUSPECTS = """
import os, subprocess, sys
from pathlib import Path

def test_clean(tmp_path):
    (tmp_path / "mine").write_text("")

def test_writes():
    (Path.home() / "left").write_text("")

def test_starts_a_process_that_writes():
    code = "import pathlib; pathlib.Path('~/left').expanduser().write_text('')"
    subprocess.run([sys.executable, "-c", code], check=True)

def test_keeps_state():
    from sumotext_backend import Message, connect
    nobody = "sumotext://74700/SUMO?carrier=ATTUS&base_url=http://127.0.0.1:9"
    with connect(f"{nobody} || null://") as sms:
        sms.send(Message("5015551234", "hello"))

def test_clean_again():
    assert not os.listdir(Path.home())
    assert not {"SMS_DSN", "SUMOTEXT_CONFIG", "XDG_CONFIG_HOME"} & {*os.environ}
"""


def run(folder: Path, home: Path) -> str:
    """What pytest says of the suspects, run by somebody who has that home."""
    (folder / "test_suspects.py").write_text(SUSPECTS)
    (folder / FOREIGN["SUMOTEXT_CONFIG"]).write_text("")
    environ = {name: each for name, each in os.environ.items() if name != "SUMOTEXT_STATE_DIR"}
    options = ["-p", "no:cacheprovider", "-qrA", "--tb=line", "--rootdir", ".", "-c", os.devnull]
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "test_suspects.py"],
        cwd=folder,
        env={**environ, "HOME": str(home), "COLUMNS": "200", **FOREIGN},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ended.stdout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with nothing in it."""
    made = tmp_path / "home"
    made.mkdir()
    return made


def test_a_test_that_writes_into_the_home_fails(tmp_path: Path, home: Path) -> None:
    """Whether it writes itself, by a process, or by our own state; and the home stays as it was."""
    folder = tmp_path / "tests"
    folder.mkdir()
    shutil.copy(ROOT / "conftest.py", folder)
    said = run(folder, home)

    for name in ("writes", "starts_a_process_that_writes", "keeps_state"):
        assert f"ERROR test_suspects.py::test_{name} - AssertionError: left in the home" in said
    assert "5 passed, 3 errors" in said
    assert [] == [*home.iterdir()]


def test_without_the_guard_the_home_is_written_to(tmp_path: Path, home: Path) -> None:
    """The control: the same tests alone leave a file and our state in the home."""
    folder = tmp_path / "tests"
    folder.mkdir()
    run(folder, home)

    assert {"health.sqlite3", "left"} <= {path.name for path in home.rglob("*")}
