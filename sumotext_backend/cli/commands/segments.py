"""``sumotext segments``."""

from __future__ import annotations

import click

from sumotext_backend.cli.click_types import Command
from sumotext_backend.cli.output import put, put_json
from sumotext_backend.render import results, texts
from sumotext_backend.render.exits import Exit
from sumotext_backend.segments import segment


@click.command(cls=Command, short_help="Show how a text is encoded and cut.")
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def segments(text: str, *, as_json: bool) -> int:
    """Show the encoding of TEXT, its segments, the room left, and what forced UCS-2.

    TEXT as - is read from standard input. Nothing is sent.
    """
    given = texts.read_text(text)
    wrong = ""
    try:
        cuts = segment(given)
    except ValueError as error:
        wrong = str(error)
    if wrong:
        raise click.UsageError(wrong)
    if as_json:
        put_json(results.segments_object(cuts))
    else:
        put(results.segments_table(cuts))
    return Exit.ACCEPTED
