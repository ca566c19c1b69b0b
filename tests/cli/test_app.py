"""The command itself: its help, its version, completion, and what it is without its extra."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from commandline import spawned, sumotext

from sumotext_backend.cli.app import describe_usage
from sumotext_backend.cli.app import sumotext as sumotext_command
from sumotext_backend.render.exits import TABLE

pytestmark = pytest.mark.once


def modules_after(*args: str) -> set[str]:
    """The modules that the command has imported once it has run with ``args``."""
    code = (
        "import sys; from sumotext_backend.cli import main; sys.argv = ['sumotext', *sys.argv[1:]];"
        "main(); print(*sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {*ended.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize("args", [["--help"], ["send", "--help"]])
def test_the_exit_codes_are_in_the_help(args: list[str]) -> None:
    """Every exit code and its meaning stands in ``--help``."""
    ended = sumotext(*args)

    assert ended.returncode == 0
    assert all(line.strip() in ended.stdout for line in TABLE.splitlines())


def test_a_group_of_another_package_that_is_called_alone_is_one_line() -> None:
    """The whole help that click raises for it is not an error message."""
    assert (
        describe_usage(click.UsageError("Usage: sumotext apprise\n\nCommands:"))
        == "a command is missing"
    )


def test_a_group_of_ours_that_is_called_alone_tells_its_commands() -> None:
    """What there is to choose from stands in the line."""
    ended = sumotext("ledger")

    assert ended.returncode == 2
    assert "a command is missing; there are: " in ended.stderr
    assert "purge" in ended.stderr


def test_without_a_command_the_help_goes_to_stderr() -> None:
    """``sumotext`` alone is a usage error: exit 2, nothing on stdout."""
    ended = sumotext()

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "Commands:" in ended.stderr


def test_the_version_is_that_of_the_distribution() -> None:
    """``--version`` prints name and version."""
    from importlib.metadata import version

    assert sumotext("--version").stdout == f"sumotext, version {version('sumotext-backend')}\n"


def test_help_does_not_import_what_only_a_send_needs() -> None:
    """``--help`` is quick: of ours it imports the command's frame, and of others click alone."""
    imported = modules_after("--help")
    ours = {name for name in imported if name.startswith("sumotext_backend.")}
    frame = {"app", "click_types", "extensions", "output"}

    assert ours <= {
        "sumotext_backend.cli",
        "sumotext_backend.exceptions",
        "sumotext_backend.lazy",
        "sumotext_backend.render",
        "sumotext_backend.render.exits",
        "sumotext_backend.render.texts",
        *(f"sumotext_backend.cli.{name}" for name in frame),
    }
    assert set() == {"attr", "attrs", "pluggy", "requests", "starlette", "uvicorn"} & imported


def test_a_command_imports_no_other() -> None:
    """What ``segments`` needs is little, and that of ``send`` is not part of it."""
    imported = modules_after("segments", "hello")

    assert "sumotext_backend.cli.commands.segments" in imported
    assert set() == {"sumotext_backend.config", "sumotext_backend.cli.commands.send"} & imported


@pytest.mark.parametrize("name", sumotext_command.own)
def test_the_list_of_commands_says_what_each_says_itself(name: str) -> None:
    """The line of a command in the help, which is not imported for it, is the command's own."""
    command = sumotext_command.get_command(click.Context(sumotext_command), name)

    assert command
    assert (name, sumotext_command.own[name].help) == (command.name, command.short_help)


@pytest.mark.parametrize("module", ["click", "uvicorn"])
def test_a_missing_extra_names_what_to_install(module: str) -> None:
    """Without the extra: exit 78 and the exact pip command, in one line."""
    code = (
        f"import sys; sys.modules[{module!r}] = None; from sumotext_backend.cli import main;"
        "sys.argv = ['sumotext', 'send', '--sandbox', '5015551234', 'a']; sys.exit(main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 78
    assert "pip install 'sumotext-backend[cli]'" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_shells_can_complete_it() -> None:
    """``_SUMOTEXT_COMPLETE`` gives the commands that begin with what was typed."""
    ended = spawned(_SUMOTEXT_COMPLETE="bash_complete", COMP_WORDS="sumotext se", COMP_CWORD="1")

    assert ended.stdout.split() == ["plain,segments", "plain,send"]


def test_shells_can_complete_the_options_of_a_command() -> None:
    """A command that is imported only when it is run is imported to be completed, too."""
    ended = spawned(
        _SUMOTEXT_COMPLETE="bash_complete", COMP_WORDS="sumotext send --sand", COMP_CWORD="2"
    )

    assert ended.stdout.split() == ["plain,--sandbox"]
