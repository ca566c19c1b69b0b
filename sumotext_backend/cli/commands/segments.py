"""``sumotext segments``."""

from __future__ import annotations

import click

from sumotext_backend.cli.click_types import Command, show_examples
from sumotext_backend.cli.output import put, put_json
from sumotext_backend.render import texts
from sumotext_backend.render.exits import Exit
from sumotext_backend.render.segments import segments_object, segments_table


@click.command(
    cls=Command,
    short_help="Show how a text is encoded and cut.",
    epilog=show_examples(
        'sumotext segments "It\u2019s ready."',
        "sumotext segments - < newsletter.txt",
    ),
)
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def segments(text: str, *, as_json: bool) -> int:
    """Show the encoding of TEXT, its segments, the room left, and what forced UCS-2.

    Where typographic characters alone did so, it shows what a provider's option transliterate
    would write for them, and what that would save.

    TEXT as - is read from standard input. Nothing is sent.
    """
    given = texts.read_text(text)
    try:
        if as_json:
            put_json(segments_object(given))
        else:
            put(segments_table(given))
    except ValueError as error:
        wrong = str(error)
    else:
        return Exit.ACCEPTED
    raise click.UsageError(wrong)
