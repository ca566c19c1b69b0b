"""``sumotext inbound``: what providers told us, and where they do."""

from __future__ import annotations

import click

from sumotext_backend.cli import ledgers
from sumotext_backend.cli.arguments import load_file
from sumotext_backend.cli.click_types import Group, show_examples
from sumotext_backend.cli.ledgers import ledger_options, opened
from sumotext_backend.config import open_receiver
from sumotext_backend.render.exits import Exit


@click.group(
    cls=Group,
    short_help="Show what providers told us, and tell it again.",
    epilog=show_examples("sumotext inbound urls", "sumotext inbound retry"),
)
def inbound() -> None:
    """Show what providers told us, and tell those again who have not heard of it."""


@inbound.command(short_help="Print the address that each provider is to call.")
@ledger_options
def urls(config: str | None, *, as_json: bool) -> Exit:
    """Print the address that each provider is to call; it is made of [inbound] secrets.

    Whoever knows one may speak for that provider, where it signs nothing: treat it as a password.
    """
    from sumotext_backend.render.inbound import list_urls

    return ledgers.show(list_urls(open_receiver(load_file(config))), as_json=as_json)


@inbound.command("list", short_help="Show what came back lately.")
@ledger_options
def list_(config: str | None, *, as_json: bool) -> Exit:
    """Show the last 1000 events, the youngest first, and which of them not all have heard of."""
    from sumotext_backend.render.inbound import list_inbound

    with opened(config) as book:
        return ledgers.show(list_inbound(book), as_json=as_json)


@inbound.command(short_help="Tell plugins again of what they have not heard.")
@ledger_options
def retry(config: str | None, *, as_json: bool) -> Exit:
    """Tell the installed plugins of every event that waits, as after a plugin raised.

    Exit code 2 while some still wait.
    """
    from sumotext_backend.render import inbound as doing

    with opened(config) as book:
        receiver = open_receiver(load_file(config), ledger=book)
        return ledgers.show(doing.retry(receiver), as_json=as_json)
