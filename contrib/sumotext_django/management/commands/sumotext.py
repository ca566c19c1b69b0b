"""``manage.py sumotext send | check | backends``."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Final, NoReturn

from django.core import checks
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sumotext_backend import ConfigurationError
from sumotext_backend.cli import report
from sumotext_backend.cli.exits import TABLE, Exit, exit_code
from sumotext_backend.registry import listing
from sumotext_django.checks import TAG
from sumotext_django.native import send_text

_LONGEST: Final = 1_000_000
"""Bytes that are read of standard input; the longest text has fewer."""


class _Parser(CommandParser):
    """Never shows an argument: it may be a number or a text."""

    def error(self, message: str) -> NoReturn:
        """Refuse with one line."""
        words = f"wrong usage; see {self.prog} --help"
        raise CommandError(words, returncode=Exit.USAGE)


class Command(BaseCommand):
    """Texts from the command line, through the providers of ``SMS_PROVIDERS``."""

    help = "Send one text, check the settings, or list the backends."
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """As Django does, with a parser that keeps arguments to itself."""
        raw = argparse.RawDescriptionHelpFormatter
        parser = super().create_parser(
            prog_name, subcommand, epilog=TABLE, formatter_class=raw, **kwargs
        )
        parser.__class__ = _Parser
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """The three commands."""
        commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
        send = commands.add_parser("send", help="send one text")
        send.add_argument("to", help="the number")
        send.add_argument("text", help="the text; - reads standard input")
        send.add_argument("--using", default="default", metavar="ALIAS", help="the provider")
        send.add_argument("--sender", metavar="CODE", help="short code to send from")
        send.add_argument("--carrier", metavar="CODE", help="SUMOTEXT's carrier code, as ATTUS")
        send.add_argument("--json", action="store_true", dest="as_json", help="print one object")
        commands.add_parser("check", help="check the settings, without any network")
        commands.add_parser("backends", help="list what is installed")

    def handle(self, *, command: str, **given: Any) -> None:
        """Run one of the three."""
        try:
            {"send": self._send, "check": self._check, "backends": self._backends}[command](given)
        except ConfigurationError as error:
            wrong = str(error)
        else:
            return
        raise CommandError(wrong, returncode=Exit.CONFIGURATION)

    def _send(self, given: dict[str, Any]) -> None:
        text = _text(given["text"])
        options: Any = {"sumotext": {"carrier": given["carrier"]}} if given["carrier"] else {}
        result = send_text(given["to"], text, given["using"], sender=given["sender"], **options)
        cuts = report.cut(text)
        if given["as_json"]:
            words = json.dumps(report.as_object(result, cuts, sandbox=False))
        else:
            words = report.summary(result, cuts, f"{result.backend}, as {given['using']!r}")
        self.stdout.write(words)
        code = exit_code(result)
        if code is not Exit.ACCEPTED:
            raise CommandError(code.words, returncode=code)

    def _check(self, _: dict[str, Any]) -> None:
        found = checks.run_checks(tags=[TAG], include_deployment_checks=True)
        for one in found:
            self.stdout.write(f"{one.id}: {one.msg}")
        if any(one.is_serious() for one in found):
            raise CommandError(Exit.CONFIGURATION.words, returncode=Exit.CONFIGURATION)
        self.stderr.write("nothing is wrong" if not found else "warnings only")

    def _backends(self, _: dict[str, Any]) -> None:
        try:
            from sumotext_backend.cli.backends import backend_words
        except ModuleNotFoundError:  # click, of the extra `cli`
            rows = [(one.name, one.error or one.doc) for one in listing()]
            self.stdout.write(report.table("installed backends", rows))
        else:
            self.stdout.write("\n\n".join(map(backend_words, listing())))


def _text(given: str) -> str:
    """``given``, or standard input without one line end at its end."""
    if given != "-":
        return given
    try:
        text = sys.stdin.buffer.read(_LONGEST).decode()
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise CommandError("the text on standard input is not UTF-8", returncode=Exit.USAGE)
    return text.removesuffix("\n").removesuffix("\r")
