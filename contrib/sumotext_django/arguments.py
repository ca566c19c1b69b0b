"""The arguments of those commands of ``manage.py sumotext`` that the ledger has."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any


def add_json(parser: ArgumentParser) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")


def add_remembering(commands: Any, parser_class: type[ArgumentParser]) -> None:
    """Add ``ledger``, ``consent``, ``doubts``, ``inbound`` and ``log``."""
    for name, words, fill in (
        ("ledger", "look after what is remembered", _add_ledger),
        ("consent", "show or change who may be texted", _add_consent),
        ("doubts", "list and settle doubts", _add_doubts),
        ("inbound", "show what providers told, and tell it again", _add_inbound),
    ):
        parser = commands.add_parser(name, help=words)
        fill(parser.add_subparsers(dest="action", required=True, parser_class=parser_class))
    log = commands.add_parser("log", help="show what became of which text")
    log.add_argument("--number", default="", help="of one number; - or @FILE reads it")
    log.add_argument("--since", default="", metavar="MOMENT", help="2026-11-25, 30m, 12h or 7d")
    log.add_argument("--outcome", default="", help="only those that ended so")
    _add_output(log)


def _add_ledger(actions: Any) -> None:
    for name, words in (
        ("info", "show where it is, and what is in it"),
        ("upgrade", "bring the schema up to date"),
        ("check", "say whether the database is sound"),
    ):
        add_json(actions.add_parser(name, help=words))
    purge = actions.add_parser("purge", help="remove what need not be kept any more")
    purge.add_argument("--dry-run", action="store_true", help="only say what would be removed")
    add_json(purge)
    forget = actions.add_parser("forget", help="remove a number; its no stays")
    forget.add_argument("number", help="- reads standard input, @FILE a file")
    add_json(forget)
    export = actions.add_parser("export", help="print every send that is kept")
    export.add_argument("--lookups", action="store_true", help="look-ups of carriers, not sends")
    _add_output(export)


def _add_consent(actions: Any) -> None:
    show = actions.add_parser("show", help="show what holds for a number, and why")
    show.add_argument("number", help="- reads standard input, @FILE a file")
    _add_output(show)
    for word in ("opt-out", "opt-in"):
        change = actions.add_parser(word, help=f"write down an {word}")
        change.add_argument("number", help="- reads standard input, @FILE a file")
        _add_change(change)
    _add_output(actions.add_parser("list", help="show the last word on everybody"))
    _add_output(actions.add_parser("export", help="print every word"))
    load = actions.add_parser("import", help="write down what a list or an export says")
    load.add_argument(
        "file",
        help="CSV whose first line names the columns, or what 'consent export' printed of another "
        "ledger; - is standard input",
    )
    load.add_argument("--word", choices=("opt-out", "opt-in"), help="opt-out unless told otherwise")
    load.add_argument("--column", default="", help="the column of numbers, by its name")
    load.add_argument(
        "--skip-forgotten", action="store_true", help="leave out words on forgotten numbers"
    )
    _add_change(load)


def _add_doubts(actions: Any) -> None:
    listed = actions.add_parser("list", help="list them, the oldest first")
    listed.add_argument("--since", default="", metavar="MOMENT", help="2026-11-25, 30m, 12h or 7d")
    _add_output(listed)
    show = actions.add_parser("show", help="show one")
    show.add_argument("reference", metavar="ID")
    show.add_argument("--show-text", action="store_true", dest="text", help="show the text too")
    _add_output(show)
    resolve = actions.add_parser("resolve", help="ask the providers what became of them")
    resolve.add_argument("--since", default="", metavar="MOMENT", help="2026-11-25, 30m or 7d")
    _add_output(resolve)
    settle = actions.add_parser("settle", help="say what became of one")
    settle.add_argument("reference", metavar="ID")
    went = settle.add_mutually_exclusive_group(required=True)
    went.add_argument("--sent", action="store_true", dest="sent", help="the text went")
    went.add_argument("--not-sent", action="store_false", dest="sent", help="it did not")
    settle.add_argument("--note", required=True, help="who says so, and why")
    add_json(settle)


def _add_inbound(actions: Any) -> None:
    for name, words in (
        ("list", "show what came back lately"),
        ("retry", "tell again of what not all have heard"),
        ("urls", "print the address that each provider is to call"),
    ):
        add_json(actions.add_parser(name, help=words))


def _add_output(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--show-numbers", action="store_true", dest="numbers", help="show numbers in full"
    )
    add_json(parser)


def _add_change(parser: ArgumentParser) -> None:
    parser.add_argument("--programme", default="", help="one programme; else all of them")
    parser.add_argument("--note", default="", help="why, for later")
    add_json(parser)
