"""What ``--help`` of each command says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from sumotext_backend.cli.app import sumotext

pytestmark = pytest.mark.once


def list_commands(
    command: click.Command = sumotext, words: str = "sumotext"
) -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it."""
    yield words, command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found
            yield from list_commands(found, f"{words} {name}")


def read_help(words: str, command: click.Command) -> str:
    """The help of a command, in a window that cuts nothing."""
    return command.get_help(click.Context(command, info_name=words, max_content_width=200))


def list_examples(text: str) -> list[str]:
    """The lines below ``Examples:``, each without what is said of it at its right."""
    below = text.partition("\n  Examples:\n")[2].partition("\n\n")[0]
    return [re.split(r" {3,}", line.strip())[0] for line in below.splitlines()]


def find_wrong(line: str) -> str:
    """Why ``line`` is no call of a command; empty where it is one."""
    words = shlex.split(re.split(r" [<>] ", line.rpartition(" | ")[2])[0])[1:]
    command, path = sumotext, ["sumotext"]
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        path.append(words.pop(0))
        command = command.get_command(click.Context(command), path[-1])
        if command is None:
            return f"no {' '.join(path)}"
    try:
        command.make_context(" ".join(path), words)
    except click.exceptions.Exit:
        return ""
    except click.UsageError as error:
        return str(error.format_message())
    return ""


def test_every_command_that_wants_something_shows_how() -> None:
    """By a line to copy, where it takes an argument."""
    told = {words: list_examples(read_help(words, each)) for words, each in list_commands()}
    wants = {w for w, each in list_commands() if any(p.required for p in each.params)}

    assert {"sumotext send", "sumotext doubts settle"} <= wants
    assert [] == [words for words in sorted(wants) if not told[words]]


def test_every_example_is_of_its_command_and_can_be_typed() -> None:
    """No option in it is gone, and no argument is missing."""
    shown = [
        (words, line)
        for words, each in list_commands()
        for line in list_examples(read_help(words, each))
    ]

    assert len(shown) > 30
    assert [] == [(w, line) for w, line in shown if w not in line]
    assert [] == [(line, wrong) for _, line in shown if (wrong := find_wrong(line))]


@pytest.mark.parametrize(
    "line",
    ["sumotext snd 1 hello", "sumotext send 5015551234", "sumotext send --sandbx 5015551234 hello"],
)
def test_an_example_that_is_none_is_noticed(line: str) -> None:
    """The control: another command, a missing argument, an option that is not there."""
    assert find_wrong(line)


def list_cut(text: str) -> list[str]:
    """The lines of a list of commands that have not the room to end."""
    below = text.partition("\nCommands:\n")[2].partition("\n\n")[0]
    return [line for line in below.splitlines() if line.endswith("...")]


def test_no_short_help_is_cut() -> None:
    """In a list of commands each line is a sentence."""
    lists = [each.get_help(click.Context(each)) for _, each in list_commands()]

    assert [] == [line for text in lists for line in list_cut(text)]


def test_a_short_help_that_is_cut_is_noticed() -> None:
    """The control: click cuts what is longer than a line."""
    group = click.Group(commands=[click.Command("long", help="word " * 40)])

    assert 1 == len(list_cut(group.get_help(click.Context(group))))
