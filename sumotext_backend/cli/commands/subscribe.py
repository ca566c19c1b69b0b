"""``sumotext subscribe``."""

from __future__ import annotations

from typing import Any, Final

import click

from sumotext_backend.cli.accounts import Where
from sumotext_backend.cli.arguments import source_options
from sumotext_backend.cli.changes import make_change
from sumotext_backend.cli.click_types import Command, show_examples
from sumotext_backend.providers.sumotext.changes import opt_in
from sumotext_backend.providers.sumotext.groups import MAX_FIELDS
from sumotext_backend.render.exits import TABLE, Progress
from sumotext_backend.render.texts import read_numbers

EXAMPLES: Final = show_examples('sumotext subscribe 5015551234 --field "Ann" --field "Lee"')


@click.command(
    cls=Command,
    short_help="Begin an opt-in by SUMOTEXT's web form.",
    epilog=f"{EXAMPLES}\n\n\b\n{TABLE}",
)
@click.argument("number")
@source_options
@click.option(
    "--field",
    "fields",
    metavar="TEXT",
    multiple=True,
    help="A field of the web form, in the form's order; up to 11 times, and '' leaves one empty.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def subscribe(progress: Progress, /, number: str, fields: tuple[str, ...], **options: Any) -> int:
    """Begin an opt-in of NUMBER to the account's keyword, once at most.

    Do so only where the person asked for it. The gateway does not document what it answers, so
    that the best end is UNKNOWN: the text that the person gets tells. NUMBER as - is read from
    standard input.
    """
    numbers = read_numbers([number])
    if len(numbers) > 1 or len(fields) > MAX_FIELDS:
        raise click.UsageError(f"it takes one number and up to {MAX_FIELDS} fields")
    where = Where(**options)
    return make_change(
        progress, where, "opt-in", lambda account: opt_in(account, numbers[0], fields), numbers[0]
    )
