"""The ``sumotext`` command: its group, and how every run of it ends."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

import click

from sumotext_backend.cli import EXTRA, INSTALL
from sumotext_backend.cli.click_types import show_examples
from sumotext_backend.cli.extensions import Own, Pluggable
from sumotext_backend.cli.output import forgive_encoding, say
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.render.exits import TABLE, Exit, Progress
from sumotext_backend.render.texts import InputError

_EXAMPLES: Final = show_examples(
    'sumotext send --sandbox 5015551234 "hello"    without an account',
    "sumotext init --using twilio                  a file to send for real by",
    "sumotext send --help                          and so of each command",
)
_COMPLETION: Final = """Shell completion (or zsh_source, fish_source):
  eval "$(_SUMOTEXT_COMPLETE=bash_source sumotext)\""""


_COMMANDS: Final = {
    "about": Own("about", "Print the versions of all that takes part, for a report of a fault."),
    "backends": Own("installed", "List the backends, and the options of each."),
    "config": Own("config", "Show or check the configuration, or print its schema."),
    "consent": Own("consent", "Show or change who may be texted."),
    "doubts": Own("doubts", "List and settle doubts."),
    "explain": Own("explain", "Show which providers would be asked, and send nothing."),
    "groups": Own("groups", "Change the groups of a keyword at SUMOTEXT."),
    "health": Own("health", "Show or reset health."),
    "inbound": Own("inbound", "Show what providers told us, and tell it again."),
    "init": Own("init", "Write a sumotext.toml to begin with."),
    "ledger": Own("ledger", "Look after what is remembered of sends."),
    "listen": Own("listen", "Receive what providers tell, and print it."),
    "log": Own("log", "Show what became of which text."),
    "lookup": Own("lookup", "Look the carriers of numbers up at SUMOTEXT."),
    "plugins": Own("installed", "List the plugins, and what each takes part in."),
    "report": Own("report", "Show what became of a text that was accepted."),
    "segments": Own("segments", "Show how a text is encoded and cut."),
    "send": Own("send", "Send one text."),
    "simulate": Own("simulate", "Run a gateway to try things on, without an account."),
    "subscribe": Own("subscribe", "Begin an opt-in by SUMOTEXT's web form."),
}


@click.group(
    cls=Pluggable,
    own=_COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"{_EXAMPLES}\n\n\b\n{TABLE}\n\n\b\n{_COMPLETION}",
)
@click.version_option(package_name="sumotext-backend")
@click.pass_context
def sumotext(ctx: click.Context) -> None:
    """Send texts from the command line: never twice, and never a doubt hidden.

    Data is printed to stdout, messages to stderr.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(Exit.USAGE)


def run(args: Sequence[str]) -> int:
    """Run the command with ``args``, print one line for what goes wrong, return the exit code."""
    progress = Progress()
    colour = False if os.environ.get("NO_COLOR") else None
    forgive_encoding()
    try:
        code = sumotext.main(
            list(args), prog_name="sumotext", standalone_mode=False, obj=progress, color=colour
        )
    except click.UsageError as error:
        code, words = Exit.USAGE, describe_usage(error)
    except InputError as error:
        code, words = Exit.USAGE, str(error)
    except ConfigurationError as error:
        code, words = Exit.CONFIGURATION, str(error)
    except (click.Abort, KeyboardInterrupt):
        code, words = progress.code, describe_interrupt(progress)
    except ModuleNotFoundError as error:
        early = progress.code is Exit.NOT_SENT
        code, words = Exit.CONFIGURATION if early else progress.code, describe_missing(error)
    except Exception as error:  # noqa: BLE001 - exit code 1 of a traceback would say "rejected"
        code, words = progress.code, f"{describe_crash(error)}; {progress.code.words}"
    else:
        return int(code or 0)
    say(words)
    return code


def describe_usage(error: click.UsageError) -> str:
    """``error`` as one line that says where help is."""
    words = error.format_message().rstrip(".")
    if "\n" in words:  # click gives the whole help of a group that was called alone
        words = f"a command is missing{list_commands(error.ctx)}"
    return f"{words} (see {error.ctx.command_path} --help)" if error.ctx else words


def list_commands(ctx: click.Context | None) -> str:
    """The commands of a group, as the end of a sentence; nothing where it is not known."""
    group = ctx and ctx.command
    known = group.list_commands(ctx) if ctx and isinstance(group, click.Group) else []
    return f"; there are: {', '.join(known)}" if known else ""


def describe_interrupt(progress: Progress) -> str:
    """What Ctrl-C left behind."""
    return f"interrupted: {progress.words or progress.code.words.removeprefix('unknown: ')}"


def describe_missing(error: ModuleNotFoundError) -> str:
    """What to install for a module that is not there."""
    mend = INSTALL if error.name in EXTRA else "install what provides it"
    return f"{error.name} is not installed; {mend}"


def describe_crash(error: Exception) -> str:
    """A fault of the command itself, as one line: its kind and place, not its words."""
    import traceback
    from pathlib import Path

    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"internal error, please report it ({type(error).__name__} at {where})"
