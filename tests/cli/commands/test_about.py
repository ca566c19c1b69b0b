"""``sumotext about``: what a report of a fault needs, and nothing that is private."""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from commandline import spawned, sumotext


def test_it_names_what_takes_part() -> None:
    """This package, the interpreter, the system, each library, and the extras' too."""
    told = json.loads(sumotext("about", "--json").stdout)

    assert version("sumotext-backend") == told["sumotext-backend"]
    assert platform.python_version() in told["Python"]
    assert version("attrs") == told["attrs"]
    assert {"click", "apprise", "botocore", "django-sms", "psycopg"} <= {*told}


def test_what_is_not_installed_is_said(tmp_path: Path) -> None:
    """With words for a person, as null for a program."""
    hide = (
        "import importlib.metadata as m\n"
        "found = m.version\n"
        "def version(name):\n"
        "    if name == 'anyascii':\n"
        "        raise m.PackageNotFoundError(name)\n"
        "    return found(name)\n"
        "m.version = version\n"
    )
    (tmp_path / "sitecustomize.py").write_text(hide)
    words = spawned("about", PYTHONPATH=str(tmp_path)).stdout
    told = json.loads(spawned("about", "--json", PYTHONPATH=str(tmp_path)).stdout)

    assert ["anyascii", "not", "installed"] in [line.split() for line in words.splitlines()]
    assert told["anyascii"] is None


def test_it_shows_nothing_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No path, no host's name, no user, no word of the configuration."""
    (tmp_path / "sumotext.toml").write_text('[providers]\ndefault = "null://"\ncanary = "null://"')
    monkeypatch.chdir(tmp_path)
    words = sumotext("about", SMS_DSN="sumotext://canary").stdout

    private = {sys.prefix, str(tmp_path), os.sep, platform.node(), "canary"}
    assert [] == [each for each in private if each and each in words]
