"""``sumotext send``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs
import click

from sumotext_backend.cli import report, texts
from sumotext_backend.cli.exits import TABLE, Exit, Progress, exit_code
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.cli.private import Command, within
from sumotext_backend.cli.rehearsal import rehearse
from sumotext_backend.config import connect
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.models import Message, Outcome, SendResult
from sumotext_backend.options import options_of
from sumotext_backend.segments import Segmentation
from sumotext_backend.sender import Sender

SANDBOX_DSN: Final = "sumotext://74700/SUMO?carrier=ATTUS"

_NO_PROVIDER: Final = (
    "no provider is configured: give --dsn or set SMS_DSN, such as "
    "sumotext://SHORTCODE/KEYWORD?carrier=ATTUS; or try it without an account: "
    "sumotext send --sandbox TO TEXT"
)
_COLOURS: Final[Mapping[Outcome, str]] = {
    Outcome.ACCEPTED: "green",
    Outcome.REJECTED: "red",
    Outcome.FAILED: "red",
    Outcome.UNKNOWN: "yellow",
}


@attrs.frozen(kw_only=True)
class Options:
    """What the command line asks for, beside the message."""

    dsn: str | None = attrs.field(repr=False)
    sandbox: bool
    timeout: float | None
    as_json: bool
    dry_run: bool


@click.command(
    cls=Command,
    epilog=f"\b\n{TABLE}",
    short_help="Send one text.",
)
@click.argument("to")
@click.argument("text")
@click.option(
    "--dsn",
    metavar="URL",
    envvar="SMS_DSN",
    show_envvar=True,
    help="The provider, such as sumotext://SHORTCODE/KEYWORD?carrier=ATTUS.",
)
@click.option("--sandbox", is_flag=True, help="Send to a simulator inside this process.")
@click.option("--carrier", metavar="CODE", help="Carrier code of the number, such as ATTUS.")
@click.option("--sender", metavar="CODE", help="Short code to send from, if not the DSN's.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    callback=within(float, 0.001, 86_400),
    help="Deadline of the whole send.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--dry-run", is_flag=True, help="Show segments and request; send nothing.")
@click.pass_obj
def send(
    progress: Progress, /, to: str, text: str, carrier: str | None, sender: str | None, **rest: Any
) -> int:
    """Send TEXT to the number TO, once at most, and say what became of it.

    TEXT as - is read from standard input. Nothing is ever sent again by itself: what may be done
    next is printed, and is in the exit code.
    """
    message = Message(
        to,
        texts.given(text),
        sender=sender,
        options={"sumotext": {"carrier": carrier}} if carrier else {},
    )
    return run(message, Options(**rest), progress)


def run(message: Message, options: Options, progress: Progress) -> Exit:
    """Send or rehearse ``message`` and print the result; returns the exit code.

    ``progress`` is kept up to date. Raises `ConfigurationError`.
    """
    cuts = report.cut(message.text)
    with _sender(options) as sender:
        if options.dry_run:
            return _rehearse(sender, message, cuts, options)
        progress.code = Exit.UNKNOWN
        result = sender.send(message)
        progress.code = exit_code(result)
        show(result, cuts, options)
        return exit_code(result)


@contextlib.contextmanager
def _sender(options: Options) -> Iterator[Sender]:
    dsn = options.dsn or (SANDBOX_DSN if options.sandbox else None)
    if dsn is None:
        raise ConfigurationError(_NO_PROVIDER)
    changes = {} if options.timeout is None else {"timeout": options.timeout}
    with contextlib.ExitStack() as stack:
        sender = connect(dsn)
        if options.sandbox:
            sender = changed(sender, "--sandbox", _sandbox(sender, stack))
        yield stack.enter_context(changed(sender, "--timeout", changes))


def _sandbox(sender: Sender, stack: contextlib.ExitStack) -> Mapping[str, object]:
    """Start a simulator; return the options that lead to it and to nowhere else."""
    from sumotext_backend.simulator import Simulator

    if sender.backend.name != "sumotext":
        raise ConfigurationError(
            f"--sandbox speaks SUMOTEXT's protocol; leave out the {sender.backend.name!r} DSN"
        )
    url = stack.enter_context(Simulator()).url
    return {"base_url": url, "proxy": None, "ca_bundle": None}


def changed(sender: Sender, flag: str, options: Mapping[str, object]) -> Sender:
    """``sender`` with its backend's options changed as ``flag`` asks.

    Raises `ConfigurationError` where the backend has no such option.
    """
    for name in options:
        if name not in options_of(type(sender.backend)):
            raise ConfigurationError(f"{flag} is nothing that {sender.backend.name!r} knows")
    backend: Any = sender.backend
    return attrs.evolve(sender, backend=attrs.evolve(backend, **options)) if options else sender


def _rehearse(
    sender: Sender, message: Message, cuts: Segmentation | None, options: Options
) -> Exit:
    seen = rehearse(sender.backend, message)
    backend, to = sender.backend.name, message.to
    if isinstance(seen, SendResult):
        show(seen, cuts, options)
        return exit_code(seen)
    if options.as_json:
        put_json(report.rehearsed_object(to, backend, seen, cuts, sandbox=options.sandbox))
    else:
        put(report.rehearsed(to, seen, cuts, _place(backend, options)))
    return Exit.ACCEPTED


def show(result: SendResult, cuts: Segmentation | None, options: Options) -> None:
    """Print ``result``: to stdout, but one line to stderr where the input is to be mended."""
    to_mend = exit_code(result) in (Exit.USAGE, Exit.CONFIGURATION)
    if options.as_json:
        put_json(report.as_object(result, cuts, sandbox=options.sandbox))
    elif not to_mend:
        words = report.summary(result, cuts, _place(result.backend, options))
        headline, _, rest = words.partition("\n")
        put(f"{click.style(headline, fg=_COLOURS[result.outcome], bold=True)}\n{rest}")
    if to_mend:
        say(result.detail)


def _place(backend: str, options: Options) -> str:
    return f"{backend}, in the sandbox" if options.sandbox else backend
