"""Subcommands of other packages, offered as entry points of ``sumotext_backend.commands``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MODULE = """
import click

@click.command(short_help="Say hello from afar.")
def hello():
    click.echo("hello from afar")
"""
ENTRIES = """
[sumotext_backend.commands]
hello = afar_sms:hello
send = afar_sms:hello
absent = no_such_module:command
number = afar_sms:click.__version__
"""


@pytest.fixture
def afar(tmp_path: Path) -> Path:
    """An installed distribution that offers commands, some of them broken."""
    info = tmp_path / "afar_sms-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: afar-sms\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRIES)
    (tmp_path / "afar_sms.py").write_text(MODULE)
    return tmp_path


def run(afar: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The ``sumotext`` command where that distribution is installed."""
    return subprocess.run(
        [sys.executable, "-m", "sumotext_backend.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(afar)},
    )


def test_an_offered_command_runs(afar: Path) -> None:
    """A command of another package is a subcommand by its name."""
    ended = run(afar, "hello")

    assert (0, "hello from afar\n", "") == (ended.returncode, ended.stdout, ended.stderr)


def test_help_lists_offered_commands(afar: Path) -> None:
    """Help has the offered ones too, and a broken one stops it not."""
    ended = run(afar, "--help")

    assert 0 == ended.returncode
    assert "Say hello from afar." in ended.stdout
    assert 2 == ended.stdout.count("(broken)")


def test_own_commands_come_first(afar: Path) -> None:
    """Nobody takes the name of a command of ours."""
    assert "Send TEXT to NUMBER" in run(afar, "send", "--help").stdout


@pytest.mark.parametrize(
    ("name", "why"),
    [("absent", "No module named 'no_such_module'"), ("number", "it is not a click command")],
)
def test_a_broken_command_says_whose_it_is(afar: Path, name: str, why: str) -> None:
    """A command that cannot be loaded is one line that names its package and what is wrong."""
    ended = run(afar, name, "--any", "thing")

    assert 78 == ended.returncode
    assert f"the command '{name}' of afar-sms 1.0 " in ended.stderr
    assert why in ended.stderr
    assert 1 == ended.stderr.count("\n")


def test_a_misspelt_command_is_led_to_an_offered_one(afar: Path) -> None:
    """The list of what there is has the offered ones too."""
    ended = run(afar, "helo")

    assert 2 == ended.returncode
    assert "did you mean 'hello'" in ended.stderr
