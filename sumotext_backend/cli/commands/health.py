"""``sumotext health``: which providers are left alone just now, and why."""

from __future__ import annotations

import time
from typing import Final

import click

from sumotext_backend.cli.arguments import config_option, find_configuration
from sumotext_backend.cli.click_types import Command, Group, show_examples
from sumotext_backend.cli.completion import complete_alias
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.config import Configuration, load, read_health_settings
from sumotext_backend.render import circuits
from sumotext_backend.render.exits import Exit

OPEN: Final = 1
"""The exit code of ``health --check`` while a provider is left alone."""


@click.group(
    cls=Group,
    invoke_without_command=True,
    short_help="Show or reset health.",
    epilog=show_examples("sumotext health", "sumotext health --check > /dev/null"),
)
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--check", is_flag=True, help="End with 1 while a provider is left alone.")
@click.pass_context
def health(ctx: click.Context, config: str | None, *, as_json: bool, check: bool) -> int:
    """Show which providers are left alone after failures: why, since when and until when.

    Health is kept of providers in chains only, for all processes of this user.

    With --check the exit code is 1 from the moment a provider is left alone until a text went
    through it again, or nobody has tried it for a day; else it is 0.
    """
    ctx.meta["config"] = config
    if ctx.invoked_subcommand:
        return Exit.ACCEPTED
    rows = _show(config, as_json=as_json)
    return OPEN if check and circuits.is_any_open(rows) else Exit.ACCEPTED


def _show(config: str | None, *, as_json: bool) -> list[circuits.Row]:
    from sumotext_backend.routing import read_circuits

    settings = read_health_settings(_load(config))
    rows = circuits.make_rows(read_circuits(settings), time.time(), settings.rules)
    if as_json:
        put_json(circuits.health_object(settings, rows))
    elif rows:
        put(circuits.health_words(rows))
    else:
        say(circuits.nothing_words(settings.state, "[health] state"))
    return rows


@health.command(
    cls=Command,
    short_help="Let texts go to a provider again.",
    epilog=show_examples("sumotext health reset main"),
)
@click.argument("name", shell_complete=complete_alias)
@config_option
@click.pass_context
def reset(ctx: click.Context, name: str, config: str | None) -> int:
    """Forget the failures of the provider NAME, an alias, so that texts go to it again.

    A key as --json shows it stands for one of several accounts of an alias.
    """
    from sumotext_backend.routing import forget_failures

    configuration = _load(config or ctx.meta["config"])
    settings = read_health_settings(configuration)
    try:
        forgot = forget_failures(settings, name, configuration.providers)
    except LookupError as error:
        raise click.UsageError(str(error), ctx) from None
    put(circuits.reset_words(name, forgot=forgot))
    return Exit.ACCEPTED


def _load(config: str | None) -> Configuration:
    return find_configuration(None, config) or load({"providers": {}})
