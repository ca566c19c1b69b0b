"""Subcommands that other packages offer: entry points of the group ``sumotext_backend.commands``.

Each is a name and a click command, such as ``django = "sumotext_django.command:django"``. It is
imported only when it is asked for, or when help lists it.
"""

from __future__ import annotations

from typing import Final

import click

from sumotext_backend.cli.click_types import Group
from sumotext_backend.entrypoints import Broken, Offer, load, offers
from sumotext_backend.exceptions import ConfigurationError

GROUP: Final = "sumotext_backend.commands"


class Pluggable(Group):
    """A group whose own commands come first; a command offered elsewhere takes no name of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of its own commands and of those offered."""
        offered = [offer.name for offer in offers(GROUP)]
        return list(dict.fromkeys([*super().list_commands(ctx), *offered]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; one that is broken says so when it is run."""
        own = super().get_command(ctx, cmd_name)
        found = [offer for offer in offers(GROUP) if offer.name == cmd_name]
        return own if own or not found else _command(found[0])


def _command(offer: Offer) -> click.Command:
    command = load(offer)
    if isinstance(command, click.Command):
        return command
    why = command.error if isinstance(command, Broken) else "it is no click command"
    return _broken(offer, why)


def _broken(offer: Offer, why: str) -> click.Command:
    def fail() -> None:
        raise ConfigurationError(
            f"the command {offer.name!r} of {offer} ({offer.entry.value}) is broken: {why}"
        )

    lenient = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(offer.name, callback=fail, short_help="(broken)", context_settings=lenient)
