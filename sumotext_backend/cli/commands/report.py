"""``sumotext report``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import click

from sumotext_backend.asking import NoAnswer, Reporter, poll
from sumotext_backend.backend import SmsBackend
from sumotext_backend.cli.accounts import Where, open_one
from sumotext_backend.cli.arguments import load_configuration, source_options
from sumotext_backend.cli.click_types import Command, show_examples, within
from sumotext_backend.cli.output import put, put_json
from sumotext_backend.config import open_ledger
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.models import Reason
from sumotext_backend.render import reports
from sumotext_backend.reports import report_by_id

if TYPE_CHECKING:
    from sumotext_backend.ledger import Ledger


CODES: Final = """Exit codes:
   0  it arrived; without --wait also: it is on its way
   1  it was given up
   5  nobody knows; with --wait also: it is still on its way
  75  the provider could not be asked
  78  wrong configuration"""
EXAMPLES: Final = show_examples(
    "sumotext report --using main --wait 7A2D2AF7-6851-4D22-BD41-BD8EE94C061E"
)


@click.command(
    cls=Command,
    short_help="Show what became of a text that was accepted.",
    epilog=f"{EXAMPLES}\n\n\b\n{CODES}",
)
@click.argument("message_id", metavar="ID")
@source_options
@click.option("--wait", is_flag=True, help="Ask again until the report is final.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    default="300",
    callback=within(float, 0.001, 86_400),
    show_default=True,
    help="For how long to wait.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def report(message_id: str, timeout: float, *, wait: bool, **options: Any) -> int:
    """Ask the provider what became of the text that it accepted under ID.

    Asking changes nothing, and may be repeated. Where the receiver was told more, that is shown.
    """
    where, what = Where(**options), "provider that can be asked for a report"
    with closing(open_ledger(load_configuration(where.using, where.config))) as ledger:
        try:
            with open_one(where, _is_reporter, what) as (alias, leaf):
                deadline = time.monotonic() + timeout
                answers = poll(lambda: _ask(ledger, leaf, alias, message_id), deadline)
                said = _follow(answers) if wait else next(answers)
        except ConfigurationError:  # nobody can be asked, or several
            said = _recall(ledger, message_id)
            if isinstance(said, NoAnswer):
                raise
    if where.as_json:
        put_json(reports.report_object(said))
    else:
        put(reports.report_words(said))
    return reports.exit_code(said, waited=wait)


def _ask(ledger: Ledger, leaf: SmsBackend, alias: str, message_id: str) -> reports.Said:
    from sumotext_backend.ledger.asked import keep_asked

    return keep_asked(ledger, report_by_id(leaf, alias, message_id), alias, message_id)


def _recall(ledger: Ledger, message_id: str) -> reports.Said:
    """What was pushed of that text."""
    from sumotext_backend.ledger.asked import keep_asked

    return keep_asked(ledger, NoAnswer(Reason.UNSUPPORTED, "nothing is known"), "", message_id)


def _is_reporter(backend: SmsBackend) -> bool:
    return isinstance(backend, Reporter)


def _follow(answers: Iterator[reports.Said]) -> reports.Said:
    """The last of ``answers``; on a terminal, a line that changes with each."""
    begun, live = time.monotonic(), bool(sys.stderr and sys.stderr.isatty())
    said: reports.Said = NoAnswer(Reason.UNAVAILABLE, "nobody was asked")
    for said in answers:
        if live:
            words = reports.live_words(said, time.monotonic() - begun)
            click.echo(f"\r\x1b[K{words}", err=True, nl=False)
    if live:
        click.echo("\r\x1b[K", err=True, nl=False)
    return said
