"""The options of one message on the command line, made from what the backends declare.

``--NAME VALUE`` for each option that a message may set, and ``--option NAME=VALUE`` for any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs
import click

from sumotext_backend.backend import SmsBackend
from sumotext_backend.cli.click_types import Command
from sumotext_backend.exceptions import did_you_mean
from sumotext_backend.models import Message
from sumotext_backend.options import Option, shown

_PREFIX: Final = "per_message_"
_ASKED: Final = "sumotext_backend.message_flags"


def find_declared() -> Mapping[str, Option]:
    """The options that a message may set, of all installed backends, each of them imported."""
    from sumotext_backend.registry import listing

    return {
        option.name: option for row in listing() for option in row.options if option.per_message
    }


class MessageCommand(Command):
    """A command with a flag for each option that a message may set.

    The backends are imported only where a flag is given that is not the command's own, and for
    help and completion.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does, with the flags that are needed."""
        own = {name for param in self.params for name in param.opts}
        given = {arg.partition("=")[0] for arg in args if arg.startswith("--") and arg != "--"}
        ctx.meta[_ASKED] = ctx.resilient_parsing or bool(given - own)
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The command's own parameters and, where they are asked for, the declared ones."""
        params = super().get_params(ctx)
        if not ctx.meta.get(_ASKED):
            return params
        taken = {name for param in params for name in param.opts}
        flags = [_flag(option) for option in find_declared().values()]
        free = [flag for flag in flags if not taken.intersection(flag.opts)]
        return [*self.params, *free, *params[len(self.params) :]]


def _flag(option: Option) -> click.Option:
    name = f"--{option.name.replace('_', '-')}"
    words = f"For this message: {option.help}."
    return click.Option([name, _PREFIX + option.name], metavar="VALUE", help=words)


option_option: Final = click.option(
    "--option",
    "pairs",
    metavar="NAME=VALUE",
    multiple=True,
    help="Any option that a message may set; see 'sumotext backends'. May be given again.",
)


def take_values(params: dict[str, Any], pairs: Iterable[str]) -> dict[str, str]:
    """The options of the message by name, taken out of a command's ``params``.

    Raises `click.UsageError` for one of ``pairs`` that is not NAME=VALUE.
    """
    names = [name for name in params if name.startswith(_PREFIX)]
    flags = {name.removeprefix(_PREFIX): params.pop(name) for name in names}
    values = {name: value for name, value in flags.items() if value is not None}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError("--option wants NAME=VALUE")
        values[name] = value
    return values


def set_values(
    message: Message, backends: Iterable[SmsBackend], values: Mapping[str, str]
) -> Message:
    """``message`` with ``values`` for each of ``backends`` that lets a message set them.

    What only another installed backend has is left out, so that a provider can be swapped below
    the same command line. Raises `click.UsageError` for a name that none has.
    """
    from sumotext_backend.overrides import message_options

    options: dict[str, dict[str, object]] = {}
    leaves = list(backends)
    for name, value in values.items():
        found = message_options(leaves, name, value)
        if not found and name not in (known := find_declared()):
            raise click.UsageError(
                f"no backend has an option {shown(name)} for one message{did_you_mean(name, known)}"
            )
        for backend, own in found.items():
            options.setdefault(backend, {}).update(own)
    return attrs.evolve(message, options=options)


def find_lacking(backends: Iterable[SmsBackend]) -> list[str]:
    """The options that a message may set and that one of ``backends`` has no value for."""
    from sumotext_backend.overrides import overridable

    return [
        name
        for backend in backends
        for name in overridable(type(backend))
        if getattr(backend, name) is None
    ]
