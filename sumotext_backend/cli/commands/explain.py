"""``sumotext explain``."""

from __future__ import annotations

import click

from sumotext_backend.cli.arguments import load_configuration, source_options
from sumotext_backend.cli.click_types import Command
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.render import plans, texts
from sumotext_backend.render.exits import Exit


@click.command(cls=Command, short_help="Show which providers would be asked, and send nothing.")
@click.argument("to")
@click.argument("text")
@source_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explain(to: str, text: str, using: str | None, config: str | None, *, as_json: bool) -> int:
    """Show what sending TEXT to TO would do just now.

    That is: the providers in their order, the segments at each, which of them would be skipped
    and why, and what ends the trying. Nobody is asked. TO and TEXT may be read from elsewhere, as
    by send.
    """
    from sumotext_backend.config.plan import plan

    configuration = load_configuration(using, config)
    made = plan(configuration, *texts.read_message(to, text))
    for line in (*configuration.notes, *(f"warning: {each}" for each in made.warnings)):
        say(line)
    if as_json:
        put_json(plans.plan_object(made))
    elif not made.refused:
        put(plans.plan_words(made, "PLAN: nothing was sent"))
    if made.refused:
        say(made.refused)
    return Exit.USAGE if made.refused else Exit.ACCEPTED
