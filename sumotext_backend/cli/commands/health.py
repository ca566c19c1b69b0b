"""``sumotext health``: which providers are left alone just now, and why."""

from __future__ import annotations

import time

import click

from sumotext_backend.cli import circuits
from sumotext_backend.cli.arguments import config_option, find_configuration
from sumotext_backend.cli.click_types import Command, Group
from sumotext_backend.cli.exits import Exit
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.config import Configuration, Places, load


@click.group(cls=Group, invoke_without_command=True, short_help="Show or reset health.")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def health(ctx: click.Context, config: str | None, *, as_json: bool) -> int:
    """Show which providers are left alone after failures: why, since when and until when.

    Health is kept of providers in chains only, for all processes of this user.
    """
    ctx.meta["config"] = config
    return Exit.ACCEPTED if ctx.invoked_subcommand else _show(config, as_json=as_json)


def _show(config: str | None, *, as_json: bool) -> Exit:
    from sumotext_backend.config.health import file_of, read_circuits, settings_of

    configuration, places = _configuration(config), Places.here()
    state, path = settings_of(configuration, places).state, file_of(configuration, places)
    kept, now = read_circuits(configuration, places), time.time()
    if as_json:
        put_json(circuits.health_object(state, path, kept, now))
    elif kept:
        put(circuits.health_words(kept, now))
    else:
        say(circuits.nothing_words(state, "[health] state"))
    return Exit.ACCEPTED


@health.command(cls=Command, short_help="Let texts go to a provider again.")
@click.argument("name")
@config_option
@click.pass_context
def reset(ctx: click.Context, name: str, config: str | None) -> int:
    """Forget the failures of the provider NAME, an alias, so that texts go to it again."""
    from sumotext_backend.config.health import forget_failures

    configuration = _configuration(config or ctx.meta["config"])
    try:
        forgot = forget_failures(configuration, Places.here(), name)
    except LookupError as error:
        raise click.UsageError(str(error), ctx) from None
    put(circuits.forgot_words(name, forgot=forgot))
    return Exit.ACCEPTED


def _configuration(config: str | None) -> Configuration:
    return find_configuration(None, config) or load({"providers": {}})
