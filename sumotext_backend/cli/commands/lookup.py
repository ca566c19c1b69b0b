"""``sumotext lookup``."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from sumotext_backend.backend import SmsBackend
from sumotext_backend.cli.accounts import Where, open_one
from sumotext_backend.cli.arguments import load_configuration, source_options
from sumotext_backend.cli.click_types import Command, show_examples
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.config import open_ledger
from sumotext_backend.providers.sumotext.account import Account
from sumotext_backend.providers.sumotext.lookup import look_up, recall
from sumotext_backend.render import lookups
from sumotext_backend.render.texts import read_numbers


@click.command(
    cls=Command,
    short_help="Look the carriers of numbers up at SUMOTEXT.",
    epilog=show_examples(
        "sumotext lookup 5015551234 5015551235", "sumotext lookup --cached-only @numbers"
    ),
)
@click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True)
@source_options
@click.option("--cached-only", is_flag=True, help="Say what is remembered; ask and pay nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def lookup(numbers: tuple[str, ...], *, cached_only: bool, **options: Any) -> int:
    """Look up the carrier of each NUMBER, unless it is remembered. Each look-up costs US$0.005.

    A carrier is remembered in the ledger for 30 days, and for an hour that a number has none.

    NUMBER as - is read from standard input, one a line, and as @FILE from a file.
    """
    from sumotext_backend.ledger import LookupBook

    wanted, where = read_numbers(numbers), Where(**options)
    find = recall if cached_only else look_up
    ledger = open_ledger(load_configuration(where.using, where.config))
    with closing(ledger), open_one(where, _is_account, "SUMOTEXT account") as (_, account):
        book = LookupBook(ledger)
        rows = [lookups.make_row(each.e164, find(account, each, book)) for each in wanted]
    if where.as_json:
        put_json(lookups.lookups_object(rows))
    else:
        put(lookups.lookups_words(rows))
        say(lookups.cost_words(rows))
    return lookups.exit_code(rows)


def _is_account(backend: SmsBackend) -> bool:
    return isinstance(backend, Account)
