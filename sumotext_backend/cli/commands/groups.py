"""``sumotext groups``: what SUMOTEXT's legacy gateway lets one do to the groups of a keyword."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

import click

from sumotext_backend.cli.accounts import Where
from sumotext_backend.cli.arguments import source_options
from sumotext_backend.cli.changes import make_change
from sumotext_backend.cli.click_types import Command, Group, show_examples
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers.sumotext.changes import change_group
from sumotext_backend.providers.sumotext.groups import Action
from sumotext_backend.render.exits import TABLE, Exit, Progress
from sumotext_backend.render.texts import read_numbers

Function = Callable[..., Any]

_QUESTIONS: Final[dict[Action, str]] = {
    "delete": "Delete the group and its members? It cannot be undone.",
    "clear": "Remove all members of the group? It cannot be undone.",
}


@click.group(
    cls=Group,
    short_help="Change the groups of a keyword at SUMOTEXT.",
    epilog=f"\b\n{TABLE}",
)
def groups() -> None:
    """Change the groups of the account's keyword at SUMOTEXT, each change once at most.

    A group cannot be listed, nor a single member removed: the gateway has no page for it.
    """


def _options(command: Function) -> Function:
    """Add what all of them take."""
    as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    return source_options(as_json(click.pass_obj(command)))


_yes: Final = click.option("--yes", is_flag=True, help="Do not ask first.")


@groups.command(
    cls=Command,
    short_help="Make a group.",
    epilog=show_examples("sumotext groups add vip"),
)
@click.argument("group")
@_options
def add(progress: Progress, /, group: str, **options: Any) -> int:
    """Make the group GROUP."""
    return _change(progress, "add", group, None, **options)


@groups.command(
    cls=Command,
    short_help="Put a number into a group.",
    epilog=show_examples("sumotext groups addmember vip 5015551234"),
)
@click.argument("group")
@click.argument("number")
@_options
def addmember(progress: Progress, /, group: str, number: str, **options: Any) -> int:
    """Put NUMBER into the group GROUP. NUMBER as - is read from standard input."""
    numbers = read_numbers([number])
    if len(numbers) > 1:
        raise click.UsageError("it takes one number")
    return _change(progress, "addmember", group, numbers[0], **options)


@groups.command(
    cls=Command,
    short_help="Remove all members of a group.",
    epilog=show_examples("sumotext groups clear vip --yes"),
)
@click.argument("group")
@_yes
@_options
def clear(progress: Progress, /, group: str, *, yes: bool, **options: Any) -> int:
    """Remove all members of the group GROUP."""
    return _destroy(progress, "clear", group, yes=yes, **options)


@groups.command(
    cls=Command,
    short_help="Delete a group and its members.",
    epilog=show_examples("sumotext groups delete vip"),
)
@click.argument("group")
@_yes
@_options
def delete(progress: Progress, /, group: str, *, yes: bool, **options: Any) -> int:
    """Delete the group GROUP and its members."""
    return _destroy(progress, "delete", group, yes=yes, **options)


def _destroy(progress: Progress, action: Action, group: str, *, yes: bool, **options: Any) -> int:
    if not yes:
        if not (sys.stdin and sys.stdin.isatty()):
            raise click.UsageError(f"{action} cannot be undone; nobody can be asked, so pass --yes")
        click.confirm(_QUESTIONS[action], abort=True, err=True)
    return _change(progress, action, group, None, **options)


def _change(
    progress: Progress, action: Action, group: str, number: Msisdn | None, **options: Any
) -> Exit:
    where = Where(**options)
    return make_change(
        progress,
        where,
        action,
        lambda account: change_group(account, action, group, number),
        number,
    )
