"""``sumotext consent``: who may be texted, and who said so."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import click

from sumotext_backend.cli import ledgers
from sumotext_backend.cli.click_types import Group, show_examples
from sumotext_backend.cli.ledgers import ledger_options, opened
from sumotext_backend.cli.output import put
from sumotext_backend.render.exits import Exit, Progress
from sumotext_backend.render.texts import read_number


@click.group(cls=Group, short_help="Show or change who may be texted.")
def consent() -> None:
    """Show or change who may be texted. NUMBER may be -, standard input, or @FILE."""


@consent.command(
    short_help="Show what holds for a number, and why.",
    epilog=show_examples(
        "sumotext consent show 5015551234", "sumotext consent show --show-numbers @number"
    ),
)
@click.argument("number")
@ledger_options
@ledgers.numbers_option
def show(number: str, config: str | None, *, as_json: bool, numbers: bool) -> Exit:
    """Show what holds for NUMBER, and every word that was written down of it."""
    from sumotext_backend.render.ledger import show_consent

    with opened(config) as book:
        shown = show_consent(book, read_number(number), numbers=numbers)
        return ledgers.show(shown, as_json=as_json)


def _change(word: str, given: dict[str, str], config: str | None, *, as_json: bool) -> Exit:
    from sumotext_backend.render.ledger import change_consent

    number = read_number(given["number"])
    with opened(config) as book:
        shown = change_consent(book, word, number, given["programme"], given["note"])
        return ledgers.show(shown, as_json=as_json)


@consent.command(
    "opt-out",
    short_help="Write down that a person wants no texts.",
    epilog=show_examples(
        'sumotext consent opt-out 5015551234 --note "rang up"',
        "sumotext consent opt-out 5015551234 --programme offers",
    ),
)
@click.argument("number")
@ledger_options
@ledgers.programme_option
@ledgers.note_option
def opt_out(config: str | None, *, as_json: bool, **given: str) -> Exit:
    """Write down that NUMBER wants no texts: from now on no provider is asked."""
    return _change("opt-out", given, config, as_json=as_json)


@consent.command(
    "opt-in",
    short_help="Write down that a person wants texts.",
    epilog=show_examples('sumotext consent opt-in 5015551234 --note "signed the form"'),
)
@click.argument("number")
@ledger_options
@ledgers.programme_option
@ledgers.note_option
def opt_in(config: str | None, *, as_json: bool, **given: str) -> Exit:
    """Write down that NUMBER wants texts: it lifts an opt-out and every refusal."""
    return _change("opt-in", given, config, as_json=as_json)


@consent.command("list", short_help="Show the last word on everybody.")
@ledger_options
@ledgers.numbers_option
def list_(config: str | None, *, as_json: bool, numbers: bool) -> Exit:
    """Show the last word on everybody, the oldest first."""
    from sumotext_backend.render.ledger import list_consent

    with opened(config) as book:
        return ledgers.show(list_consent(book, numbers=numbers), as_json=as_json)


@consent.command(
    short_help="Print every word of consent.",
    epilog=show_examples("sumotext consent export --show-numbers > consent.jsonl"),
)
@ledgers.export_options
@ledgers.numbers_option
def export(config: str | None, *, numbers: bool, **_: bool) -> Exit:
    """Print every word of consent, the oldest first: one JSON object a line."""
    from sumotext_backend.render.ledger import export_consent

    with opened(config) as book:
        for fields in export_consent(book, numbers=numbers):
            put(json.dumps(fields))
    return Exit.ACCEPTED


@consent.command(
    "import",
    short_help="Write down what a list of numbers or an export says.",
    epilog=show_examples(
        'sumotext consent import list.csv --note "from the old provider"',
        "sumotext consent import list.csv --word opt-in --column mobile",
        "sumotext consent import consent.jsonl",
    ),
)
@click.argument("file", type=click.Path(allow_dash=True))
@click.option(
    "--word",
    type=click.Choice(["opt-out", "opt-in"]),
    show_default="opt-out",
    help="What the list says of everybody on it.",
)
@click.option("--column", default="", metavar="NAME", help="The column of numbers, by its name.")
@click.option(
    "--skip-forgotten",
    is_flag=True,
    help="Leave out the words of an export on numbers that were forgotten.",
)
@ledger_options
@ledgers.programme_option
@ledgers.note_option
@click.pass_obj
def import_(
    progress: Progress, /, file: str, config: str | None, *, as_json: bool, **given: Any
) -> Exit:
    """Write down what FILE says: CSV whose first line names the columns, or an export.

    FILE as - is standard input. Columns may end in commas, semicolons, tabs or bars.
    Where a row has no number that can be texted, it is listed by its line, and nothing of the file
    is written down.

    A file whose first line is a JSON object is what 'consent export --show-numbers' prints of
    another ledger: each word is taken as it was said there, but for those that are known.
    """
    from sumotext_backend.render.imports import Import, import_consent
    from sumotext_backend.render.lists import read_lines

    progress.words = "the list was written down whole, or not at all"
    with opened(config) as book:
        shown = import_consent(book, read_lines(file, _show_progress), Import(**given))
        return ledgers.show(shown, as_json=as_json)


def _show_progress(file: BinaryIO, lines: Iterator[str]) -> Iterator[str]:
    """``lines`` of ``file``, with a progress bar on a terminal."""
    if not sys.stderr.isatty():
        yield from lines
        return
    size = os.fstat(file.fileno()).st_size
    with click.progressbar(length=size, label="reading", file=sys.stderr) as bar:
        for line in lines:
            bar.update(file.tell() - bar.pos)
            yield line
