"""The subcommands: ours, each imported when it is run, and those that other packages offer.

Others offer theirs by entry points of the group ``sumotext_backend.commands``: a name and a click
command, such as ``apprise = "sumotext_apprise.command:apprise"``. One is imported only when it is
asked for, or when help lists it.
"""

from __future__ import annotations

import importlib
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, NamedTuple

import click

from sumotext_backend.cli.click_types import Group

GROUP: Final = "sumotext_backend.commands"


class Own(NamedTuple):
    """A command of ours: the module that has it under its name, and its line in the help."""

    module: str
    help: str


class Pluggable(Group):
    """A group whose own commands come first; a command offered elsewhere takes no name of them."""

    def __init__(self, *args: Any, own: dict[str, Own], **kwargs: Any) -> None:
        """``own`` are the commands of ours, by name."""
        super().__init__(*args, **kwargs)
        self.own = own

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of its own commands and of those offered."""
        return list(dict.fromkeys([*sorted(self.own), *sorted(_offers())]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; one that is broken says so when it is run."""
        if cmd_name in self.own:
            command: click.Command = getattr(_import(self.own[cmd_name].module), cmd_name)
            return command
        entry = _offers().get(cmd_name)
        return _command(entry) if entry else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, as click does, but import none of ours."""
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._help(ctx, name, room)) for name in names])

    def _help(self, ctx: click.Context, name: str, room: int) -> str:
        if name in self.own:
            return self.own[name].help
        command = self.get_command(ctx, name)
        return command.get_short_help_str(room) if command else ""


def _import(module: str) -> Any:
    return importlib.import_module(f"sumotext_backend.cli.commands.{module}")


def _offers() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _command(entry: EntryPoint) -> click.Command:
    try:
        command = entry.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's module may do anything
        from sumotext_backend.entrypoints import described

        return _stand_in(entry, described(error))
    if isinstance(command, click.Command):
        return command
    return _stand_in(entry, "it is not a click command")


def _stand_in(entry: EntryPoint, why: str) -> click.Command:
    def fail() -> None:
        from sumotext_backend.exceptions import ConfigurationError

        raise ConfigurationError(
            f"the command {entry.name!r} of {_owner(entry)} ({entry.value}) is broken: {why}"
        )

    lenient = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(entry.name, callback=fail, short_help="(broken)", context_settings=lenient)


def _owner(entry: EntryPoint) -> str:
    """The distribution that offers ``entry``, and its version."""
    from sumotext_backend.entrypoints import offers

    return next(str(offer) for offer in offers(GROUP) if offer.entry == entry)
