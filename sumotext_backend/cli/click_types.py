"""click's commands, with errors that never show an argument: it may be a number or a text."""

from __future__ import annotations

import math
from collections.abc import Callable

import click

from sumotext_backend.exceptions import did_you_mean


def show_examples(*lines: str) -> str:
    """The end of a command's help: ``lines`` as they are typed."""
    return "\b\n" + "\n".join(["Examples:", *(f"  {line}" for line in lines)])


class _Private(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does; an unknown option is not shown, only the closest known one."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            close = list(error.possibilities or ())[:1]
        meant = f" (did you mean {close[0]}?)" if close else ""
        raise click.UsageError(
            f"no such option{meant}; put -- before a text that begins with -", ctx
        )


class Command(_Private):
    """A command that does not show what it was given too much of."""

    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, but refuse extra arguments without showing them."""
        extra = super().parse_args(ctx, args)
        if extra and not ctx.resilient_parsing:
            raise click.UsageError(
                "there are more arguments than it takes; quote a text of several words", ctx
            )
        return extra


class Group(_Private, click.Group):
    """A group that does not show an unknown command, only the known ones."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command as click does."""
        known = self.list_commands(ctx)
        if args[0] in known or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        meant = did_you_mean(args[0], known).rstrip("?")
        raise click.UsageError(f"no such command{meant}; there are: {', '.join(known)}", ctx)


Callback = Callable[[click.Context, click.Parameter, str | None], float | None]


def within(kind: Callable[[str], float], low: float, high: float) -> Callback:
    """A callback that reads an option as a number from ``low`` to ``high``; None stays None.

    It raises `click.BadParameter`, which says so and does not show what was given.
    """

    def read(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
        if value is None:
            return None
        try:
            number = kind(value)
        except ValueError:
            number = math.nan
        if low <= number <= high:
            return number
        raise click.BadParameter(f"it wants a number from {low} to {high}", ctx, param)

    return read
