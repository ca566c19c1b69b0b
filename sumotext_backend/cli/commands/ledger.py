"""``sumotext ledger``: what the ledger is, and how long what is in it stays."""

from __future__ import annotations

import json

import click

from sumotext_backend.cli.click_types import Group, show_examples
from sumotext_backend.cli.ledgers import (
    export_options,
    ledger_options,
    numbers_option,
    opened,
    show,
)
from sumotext_backend.cli.output import put
from sumotext_backend.render.exits import Exit
from sumotext_backend.render.texts import read_number


@click.group(cls=Group, short_help="Look after what is remembered of sends.")
def ledger() -> None:
    """Look after what is remembered: where it is, how much, and how long."""


@ledger.command(short_help="Show where the ledger is, and what is in it.")
@ledger_options
def info(config: str | None, *, as_json: bool) -> Exit:
    """Show where the ledger is, and how many sends, words of consent and look-ups are in it."""
    from sumotext_backend.render.ledger import show_info

    with opened(config) as book:
        return show(show_info(book), as_json=as_json)


@ledger.command(short_help="Bring the schema up to date.")
@ledger_options
def upgrade(config: str | None, *, as_json: bool) -> Exit:
    """Bring the schema up to date; a sender does so by itself when it first needs the ledger."""
    from sumotext_backend.render import ledger as doing

    with opened(config) as book:
        return show(doing.upgrade(book), as_json=as_json)


@ledger.command(short_help="Say whether the database is sound.")
@ledger_options
def check(config: str | None, *, as_json: bool) -> Exit:
    """Say whether the database is sound."""
    from sumotext_backend.render import ledger as doing

    with opened(config) as book:
        return show(doing.check(book), as_json=as_json)


@ledger.command(
    short_help="Remove what need not be kept any more.",
    epilog=show_examples("sumotext ledger purge --dry-run"),
)
@ledger_options
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
def purge(config: str | None, *, as_json: bool, dry_run: bool) -> Exit:
    """Remove what is older than [ledger] keep_texts and keep_rows; doubts and consent stay.

    Look-ups that are out of date go too.
    """
    from sumotext_backend.render import ledger as doing

    with opened(config) as book:
        return show(doing.purge(book, dry_run=dry_run), as_json=as_json)


@ledger.command(
    short_help="Remove a number; its no stays.",
    epilog=show_examples("sumotext ledger forget 5015551234"),
)
@click.argument("number")
@ledger_options
def forget(number: str, config: str | None, *, as_json: bool) -> Exit:
    """Remove NUMBER, its texts and its carrier; its no stays, as a keyed hash.

    NUMBER as - is read from standard input, as @FILE from a file.
    """
    from sumotext_backend.render import ledger as doing

    with opened(config) as book:
        return show(doing.forget(book, read_number(number)), as_json=as_json)


@ledger.command(
    short_help="Print every send that is kept.",
    epilog=show_examples("sumotext ledger export --show-numbers > sends.jsonl"),
)
@export_options
@numbers_option
@click.option("--lookups", is_flag=True, help="Print the look-ups of carriers, not the sends.")
def export(config: str | None, *, numbers: bool, lookups: bool, **_: bool) -> Exit:
    """Print every send that is kept, the oldest first: one JSON object a line."""
    from sumotext_backend.render.ledger import export_lookups
    from sumotext_backend.render.sends import export_sends

    with opened(config) as book:
        for fields in export_lookups(book) if lookups else export_sends(book, numbers=numbers):
            put(json.dumps(fields))
    return Exit.ACCEPTED
