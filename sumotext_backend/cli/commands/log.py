"""``sumotext log``: what became of which text."""

from __future__ import annotations

import click

from sumotext_backend.cli import ledgers
from sumotext_backend.cli.click_types import Command, show_examples
from sumotext_backend.cli.ledgers import ledger_options, opened
from sumotext_backend.render.exits import Exit
from sumotext_backend.render.texts import read_number


@click.command(
    cls=Command,
    short_help="Show what became of which text.",
    epilog=show_examples(
        "sumotext log --since 12h --outcome rejected", "sumotext log --number 5015551234"
    ),
)
@click.option(
    "--number",
    default="",
    metavar="NUMBER",
    help="Only those to this number; - is standard input, @FILE a file.",
)
@ledgers.since_option
@click.option(
    "--outcome",
    type=click.Choice(["ACCEPTED", "REJECTED", "FAILED", "UNKNOWN"], case_sensitive=False),
    help="Only those that ended so.",
)
@ledger_options
@ledgers.numbers_option
def log(
    outcome: str | None, config: str | None, *, as_json: bool, numbers: bool, **given: str
) -> Exit:
    """Show the sends that are kept, the youngest first: when, to whom, what became of it.

    Kept are keyed ones, refusals and doubts; with [ledger] record = "all", every one.
    """
    from sumotext_backend.render.sends import list_log

    number = given["number"] and read_number(given["number"])
    with opened(config) as book:
        shown = list_log(
            book, number=number, since=given["since"], outcome=outcome or "", numbers=numbers
        )
        return ledgers.show(shown, as_json=as_json)
