"""``sumotext explain``."""

from __future__ import annotations

from typing import Any

import click

from sumotext_backend.cli.arguments import (
    in_region,
    load_configuration,
    region_option,
    source_options,
)
from sumotext_backend.cli.click_types import Command, show_examples
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.render import plans, texts
from sumotext_backend.render.exits import Exit


@click.command(
    cls=Command,
    short_help="Show which providers would be asked, and send nothing.",
    epilog=show_examples(
        'sumotext explain 5015551234 "Your table is ready."',
        "sumotext explain --using 'main || backup' 5015551234 hello",
    ),
)
@click.argument("to", metavar="NUMBER")
@click.argument("text")
@source_options
@region_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explain(to: str, text: str, *, region: str | None, as_json: bool, **source: Any) -> int:
    """Show what sending TEXT to NUMBER would do just now.

    That is: the providers in their order, the segments at each, which of them would be skipped
    and why, and what ends the trying. Nobody is asked. NUMBER and TEXT may be read from
    elsewhere, as by send.
    """
    from sumotext_backend.config import make_plan

    configuration = in_region(load_configuration(**source), region)
    made = make_plan(configuration, *texts.read_message(to, text))
    for line in (*configuration.notes, *(f"warning: {each}" for each in made.warnings)):
        say(line)
    if as_json:
        put_json(plans.plan_object(made))
    elif not made.refused:
        put(plans.plan_words(made, "PLAN: nothing was sent"))
    if made.refused:
        say(made.refused)
    return Exit.USAGE if made.refused else Exit.ACCEPTED
