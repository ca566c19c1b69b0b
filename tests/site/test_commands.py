"""Every command and option is in the command reference."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

click = pytest.importorskip("click", reason="the extra cli is not installed")


def list_commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it."""
    from sumotext_backend.cli.app import sumotext

    waiting = [("sumotext", sumotext)]
    for words, command in waiting:
        yield words, command
        if isinstance(command, click.Group):
            ctx = click.Context(command)
            names = command.list_commands(ctx)
            waiting += [(f"{words} {name}", command.get_command(ctx, name)) for name in names]


def list_options() -> Iterator[str]:
    """Every option as objects.inv names it."""
    for words, command in list_commands():
        # As for completion, for which the flags are looked up that backends declare.
        ctx = command.make_context(words, [], resilient_parsing=True)
        for param in command.get_params(ctx):
            if isinstance(param, click.Option) and "--help" not in param.opts:
                for flag in (*param.opts, *param.secondary_opts):
                    yield f"{words.replace(' ', '-')}.{flag}"


def test_every_option_has_an_entry(inventory: set[tuple[str, str]]) -> None:
    """Of each command, those of other packages and those that backends declare too."""
    entries = {name for kind, name in inventory if kind == "std:cmdoption"}
    options = [*list_options()]

    assert [] == [each for each in options if each not in entries]
    assert {"sumotext-send.--carrier", "sumotext-init.--using"} <= {*options}


def test_every_command_is_told_of(site: Path) -> None:
    """By a heading that can be linked to."""
    page = (site / "reference/options.html").read_text("utf-8")
    missing = [w for w, _ in list_commands() if f'id="{w.replace(" ", "-")}"' not in page]

    assert [] == missing


def test_a_heading_has_all_words_of_its_command(site: Path) -> None:
    """In a list of headings ``show`` alone could be any of four."""
    page = (site / "reference/options.html").read_text("utf-8")
    heads = re.findall(r"<h\d>(.*?)<a", page)
    heard = [re.sub(r"<[^>]+>", "", each) for each in heads]

    assert [] == [words for words, _ in list_commands() if words not in heard]


def test_what_can_be_copied_is_as_it_is_typed(site: Path) -> None:
    """The line for completion keeps its quotes."""
    page = html.unescape((site / "reference/options.html").read_text("utf-8"))
    shown = re.sub(r"<[^>]+>", "", page)

    assert 'eval "$(_SUMOTEXT_COMPLETE=bash_source sumotext)"' in shown


def test_every_command_is_in_the_page_for_people() -> None:
    """Under a heading, or in one with others."""
    page = (Path(__file__).parents[2] / "docs/reference/command.md").read_text()
    missing = [words for words, _ in list_commands() if f"`{words.split()[-1]}" not in page]

    assert not [each for each in missing if each.count(" ") == 1]
