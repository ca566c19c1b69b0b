"""What the commands of the ledger share: their options, and how they open it and end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from sumotext_backend.cli.arguments import config_option, find_configuration
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.config import load, open_ledger
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.render.exits import Exit
from sumotext_backend.render.texts import InputError

if TYPE_CHECKING:
    from sumotext_backend.ledger import Ledger
    from sumotext_backend.render.ledger import Shown

Command = TypeVar("Command", bound=Callable[..., Any])

_json_option: Final = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_json_anyway: Final = click.option(
    "--json", "as_json", is_flag=True, help="Changes nothing: it prints JSON anyway."
)
numbers_option: Final = click.option(
    "--show-numbers", "numbers", is_flag=True, help="Show numbers in full."
)
programme_option: Final = click.option(
    "--programme", default="", metavar="NAME", help="One programme; else all of them."
)
note_option: Final = click.option("--note", default="", metavar="TEXT", help="Why, for later.")
since_option: Final = click.option(
    "--since",
    default="",
    metavar="MOMENT",
    help="Only from then on: 2026-11-25, 2026-11-25T08:00, or 30m, 12h or 7d ago.",
)


def ledger_options(command: Command) -> Command:
    """Add ``--config`` and ``--json``."""
    return config_option(_json_option(command))


def export_options(command: Command) -> Command:
    """Add ``--config``, and ``--json``, which an export needs not."""
    return config_option(_json_anyway(command))


@contextlib.contextmanager
def opened(config: str | None) -> Iterator[Ledger]:
    """The ledger of the configuration, closed at the end; what goes wrong with it is one line.

    Raises `InputError` or `ConfigurationError`.
    """
    from sumotext_backend.ledger import LedgerError, NotADoubtError
    from sumotext_backend.msisdn import InvalidNumberError

    wrong: Exception
    ledger = open_ledger(find_configuration(None, config) or load({"providers": {}}))
    try:
        with contextlib.closing(ledger):
            yield ledger
    except InvalidNumberError as error:
        wrong = InputError(f"the number: {error}")
    except (LookupError, NotADoubtError) as error:
        wrong = InputError(error.args[0])
    except LedgerError as error:
        wrong = ConfigurationError(str(error))
    else:
        return
    raise wrong


def show(shown: Shown, *, as_json: bool) -> Exit:
    """Print what a command found or did; returns the exit code."""
    if as_json:
        put_json(shown.fields)
    elif shown.words:
        put(shown.words)
    elif shown.note:
        say(shown.note)
    if shown.wrong:
        say(shown.wrong)
        return Exit.USAGE
    return Exit.ACCEPTED
