"""``manage.py sumotext send | explain | health | ledger | consent | doubts | inbound | …``."""

from __future__ import annotations

import argparse
import os
import re
import sys
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sumotext_backend import ConfigurationError
from sumotext_backend.render import TABLE, Exit
from sumotext_django.arguments import add_json, add_remembering
from sumotext_django.commands import COMMANDS
from sumotext_django.ended import Ended, UsageError

_NAMES_OURS: Final = re.compile(
    r"the following arguments are required: [a-z, ]+|argument --[a-z]+: expected one argument"
)
_CHOICE: Final = re.compile(r"(argument [a-z]+): invalid choice: ")


class _Parser(CommandParser):
    """Never shows an argument: it may be a number or a text."""

    def error(self, message: str) -> NoReturn:
        """Refuse with one line."""
        words = f"wrong usage; see {self.prog} --help ({_clean(message)})"
        if self.called_from_command_line:  # outside of what turns a CommandError into a line
            self.exit(Exit.USAGE, f"CommandError: {words}\n")
        raise CommandError(words, returncode=Exit.USAGE)


def _clean(message: str) -> str:
    """What argparse says, where it is sure to name our own parameters alone."""
    if _NAMES_OURS.fullmatch(message):
        return message
    chosen = _CHOICE.match(message)
    if chosen:
        return f"{chosen[1]}: not one of those that there are"
    return "an argument that is not known; put -- before a text that begins with -"


class Command(BaseCommand):
    """Texts from the command line, through the providers of ``SMS_PROVIDERS``."""

    help = "Send one text, say what would be done with it, and look at providers and settings."
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
        """The commands and their arguments."""
        commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
        send = commands.add_parser("send", help="send one text")
        _add_message(send)
        send.add_argument("--sender", metavar="CODE", help="short code to send from")
        send.add_argument("--key", help="under one key one text is sent once")
        send.add_argument("--carrier", metavar="CODE", help="as --option carrier=CODE")
        send.add_argument(
            "--option",
            action="append",
            default=[],
            dest="options",
            metavar="NAME=VALUE",
            help="an option that a message may set; see 'backends'; may be given again",
        )
        _add_message(commands.add_parser("explain", help="show what a send would do"))
        health = commands.add_parser("health", help="show which providers are left alone")
        health.add_argument("--reset", metavar="ALIAS", help="let texts go to it again")
        health.add_argument(
            "--check", action="store_true", help="end with 1 while a provider is left alone"
        )
        add_json(health)
        _add_config(commands.add_parser("config", help="show or check the settings"))
        commands.add_parser("check", help="check the settings, without any network")
        commands.add_parser("backends", help="list what is installed")
        add_remembering(commands, _Parser)

    def handle(self, *, command: str, **given: Any) -> None:
        """Run one of them."""
        try:
            ended = COMMANDS[command]({"command": command, **given})
        except UsageError as error:
            ended = Ended(code=Exit.USAGE, error=str(error))
        except ConfigurationError as error:
            ended = Ended(code=Exit.CONFIGURATION, error=str(error))
        for note in (*ended.notes, *self._put(ended.words)):
            self.stderr.write(note)
        if ended.code is not Exit.ACCEPTED:
            raise CommandError(ended.error, returncode=ended.code)

    def _put(self, words: str) -> list[str]:
        """Print ``words``; what went wrong with it, which must not change the exit code."""
        try:
            if words:
                self.stdout.write(words)
                self.stdout.flush()
        except OSError as error:
            # Python would fail again, with an exit code of its own, when it flushes at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return [f"the output could not be written ({error.strerror or type(error).__name__})"]
        return []


def _add_message(parser: CommandParser) -> None:
    parser.add_argument("to", help="the number; - reads standard input, @FILE a file")
    parser.add_argument("text", help="the text; - reads standard input")
    parser.add_argument("--using", default="default", metavar="ALIAS", help="the provider")
    add_json(parser)


def _add_config(parser: CommandParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, parser_class=_Parser)
    show = actions.add_parser("show", help="show all values in force; what is private is masked")
    show.add_argument("--origin", action="store_true", help="show where each value was found")
    add_json(show)
    actions.add_parser("check", help="the same as 'manage.py sumotext check'")
