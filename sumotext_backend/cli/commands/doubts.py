"""``sumotext doubts``: sends of which nobody knows whether the text went."""

from __future__ import annotations

import click

from sumotext_backend.cli import ledgers
from sumotext_backend.cli.arguments import load_file
from sumotext_backend.cli.click_types import Group, show_examples
from sumotext_backend.cli.ledgers import ledger_options, opened
from sumotext_backend.render.exits import Exit


@click.group(cls=Group, short_help="List and settle doubts.")
def doubts() -> None:
    """List sends of which nobody knows whether the text went, and settle them."""


@doubts.command(
    "list",
    short_help="List them, the oldest first.",
    epilog=show_examples("sumotext doubts list --since 7d"),
)
@ledger_options
@ledgers.since_option
@ledgers.numbers_option
def list_(config: str | None, since: str, *, as_json: bool, numbers: bool) -> Exit:
    """List the doubts, the oldest first; a keyed send whose process is gone is one, too."""
    from sumotext_backend.render.sends import list_doubts

    with opened(config) as book:
        return ledgers.show(list_doubts(book, since, numbers=numbers), as_json=as_json)


@doubts.command(
    short_help="Show one.",
    epilog=show_examples("sumotext doubts show 5c0908949b7aa506dce9d77a7b69cda0 --show-text"),
)
@click.argument("reference", metavar="ID")
@ledger_options
@ledgers.numbers_option
@click.option("--show-text", "text", is_flag=True, help="Show the text too, if it is kept.")
def show(reference: str, config: str | None, *, as_json: bool, numbers: bool, text: bool) -> Exit:
    """Show the send ID, a doubt or not: what was tried, and what was done since."""
    from sumotext_backend.render.sends import show_doubt

    with opened(config) as book:
        shown = show_doubt(book, reference, numbers=numbers, text=text)
        return ledgers.show(shown, as_json=as_json)


@doubts.command(
    short_help="Say what became of one.",
    epilog=show_examples(
        'sumotext doubts settle 5c0908949b7aa506dce9d77a7b69cda0 --sent --note "she has it"'
    ),
)
@click.argument("reference", metavar="ID")
@click.option("--sent/--not-sent", "sent", default=None, help="Whether the text went.")
@click.option("--note", required=True, metavar="TEXT", help="Who says so, and why.")
@ledger_options
@click.pass_context
def settle(
    ctx: click.Context,
    /,
    config: str | None,
    *,
    sent: bool | None,
    as_json: bool,
    **given: str,
) -> Exit:
    """Say whether the text of the doubt ID went; if not, its key is free again.

    ID is what doubts list shows.
    """
    from sumotext_backend.render.sends import settle_doubt

    if sent is None:
        raise click.UsageError("give --sent or --not-sent", ctx)
    with opened(config) as book:
        return ledgers.show(
            settle_doubt(book, given["reference"], sent=sent, note=given["note"]), as_json=as_json
        )


@doubts.command(short_help="Ask the providers what became of them.")
@ledger_options
@ledgers.since_option
@ledgers.numbers_option
def resolve(config: str | None, since: str, *, as_json: bool, numbers: bool) -> Exit:
    """Ask the providers that can be asked what became of each doubt.

    A record of the text settles the doubt as sent. No record proves nothing: the doubt stays.
    """
    from sumotext_backend.config import build_providers
    from sumotext_backend.render.sends import resolve_doubts

    providers = build_providers(load_file(config))
    with opened(config) as book:
        shown = resolve_doubts(book, providers, since, numbers=numbers)
        return ledgers.show(shown, as_json=as_json)
