"""``sumotext send``."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import click

from sumotext_backend.cli import sandbox
from sumotext_backend.cli.arguments import (
    find_configuration,
    in_region,
    load_configuration,
    region_option,
    source_options,
)
from sumotext_backend.cli.click_types import show_examples, within
from sumotext_backend.cli.message_flags import (
    MessageCommand,
    find_lacking,
    option_option,
    set_values,
    take_values,
)
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.config import Configuration, build, load, open_ledger
from sumotext_backend.deadline import within as limited
from sumotext_backend.models import Message, Outcome, Reason, SendResult
from sumotext_backend.render import plans, results, texts
from sumotext_backend.render.dry_run import rehearse
from sumotext_backend.render.exits import TABLE, Exit, Progress, exit_code
from sumotext_backend.routing.tree import children, leaves, unwrap
from sumotext_backend.segments import Segmentation
from sumotext_backend.sender import Sender

SANDBOX_DSN: Final = "sumotext://74700/SUMO?carrier=ATTUS"

EXAMPLES: Final = show_examples(
    'sumotext send --sandbox 5015551234 "hello"',
    'sumotext send --using backup --key order-7-ready 5015551234 "It\'s ready."',
    'echo "It\'s ready." | sumotext send @number -',
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

    using: str | None = attrs.field(repr=False)
    config: str | None
    region: str | None
    sandbox: bool
    timeout: float | None
    as_json: bool
    dry_run: bool
    values: Mapping[str, str] = attrs.field(repr=False)


@click.command(
    cls=MessageCommand,
    epilog=f"{EXAMPLES}\n\n\b\n{TABLE}",
    short_help="Send one text.",
)
@click.argument("to", metavar="NUMBER")
@click.argument("text")
@source_options
@click.option("--sandbox", is_flag=True, help="Send to a simulator inside this process.")
@option_option
@region_option
@click.option("--key", metavar="KEY", help="Idempotency key: under one key one text is sent once.")
@click.option("--sender", metavar="CODE", help="What to send from, if not the provider's sender.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    callback=within(float, 0.001, 86_400),
    help="Deadline of the whole send.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--dry-run", is_flag=True, help="Show segments and request or plan; send nothing.")
@click.pass_obj
def send(
    progress: Progress,
    /,
    to: str,
    text: str,
    pairs: tuple[str, ...],
    **rest: Any,
) -> int:
    """Send TEXT to NUMBER, once at most, and say what became of it.

    TEXT as - is read from standard input, and so is NUMBER; of both the first line is the number.
    NUMBER as @FILE is read from a file. What is an argument, others see in the list of processes.

    Nothing is ever sent again by itself: what may be done next is printed, and is in the exit
    code.
    """
    own = {name: rest.pop(name) for name in ("sender", "key")}
    values = take_values(rest, pairs)
    number, words = texts.read_message(to, text)
    message = Message(number, words, **own)
    return run(message, Options(**rest, values=values), progress)


def run(message: Message, options: Options, progress: Progress) -> Exit:
    """Send or rehearse ``message`` and print the result; returns the exit code.

    ``progress`` is kept up to date. Raises `ConfigurationError`.
    """
    configuration = in_region(_configuration(options), options.region)
    message = attrs.evolve(message, region=configuration.region)
    with _sender(configuration, options) as sender:
        senders = dict(leaves(sender.backend))
        message = set_values(message, senders.values(), options.values)
        if options.dry_run:
            return _rehearse(sender, configuration, message, options)
        progress.code = Exit.UNKNOWN
        result = _send(sender, message, options.timeout)
        progress.code = exit_code(result)
        cuts = results.cut(message.text, senders.get(result.provider))
        record = sender.ledger.settings.record if sender.ledger else "off"
        show(result, cuts, options, find_lacking(senders.values()), record)
        return exit_code(result)


def _configuration(options: Options) -> Configuration:
    """The configuration in force; in the sandbox an account is not needed, nor health touched."""
    if not options.sandbox:
        return load_configuration(options.using, options.config)
    configuration = find_configuration(options.using, options.config) or load(SANDBOX_DSN)
    health = attrs.evolve(configuration.tables["health"], value={"state": "off"})
    return attrs.evolve(configuration, tables={**configuration.tables, "health": health})


@contextlib.contextmanager
def _sender(configuration: Configuration, options: Options) -> Iterator[Sender]:
    backend = build(configuration)
    if options.timeout is not None:
        backend = sandbox.within_seconds(backend, options.timeout)
    with contextlib.ExitStack() as stack:
        if options.sandbox:
            from sumotext_backend.simulator import Simulator

            sandbox.refuse_strangers(backend)
            backend = sandbox.in_sandbox(backend, stack.enter_context(Simulator()).url)
        ledger = sandbox.make_ledger() if options.sandbox else open_ledger(configuration)
        yield stack.enter_context(Sender(backend, ledger=ledger))


def _send(sender: Sender, message: Message, seconds: float | None) -> SendResult:
    if seconds is None:
        return sender.send(message)
    deadline = time.monotonic() + seconds
    return limited(deadline, deadline, lambda: sender.send(message))


def _rehearse(
    sender: Sender, configuration: Configuration, message: Message, options: Options
) -> Exit:
    for note in configuration.notes:
        say(note)
    backend = unwrap(sender.backend)
    cuts = results.cut(message.text, backend)
    if children(backend):
        return _plan(sender, configuration, message, cuts, options)
    seen = rehearse(backend, message)
    if isinstance(seen, SendResult):
        show(seen, cuts, options)
        return exit_code(seen)
    if options.as_json:
        put_json(
            results.dry_run_object(message.to, backend.name, seen, cuts, sandbox=options.sandbox)
        )
    else:
        put(results.dry_run_words(message.to, seen, cuts, _place(backend.name, options)))
    return Exit.ACCEPTED


def _plan(
    sender: Sender,
    configuration: Configuration,
    message: Message,
    cuts: Segmentation | None,
    options: Options,
) -> Exit:
    """The rehearsal of a chain, of which nobody knows how far it would come."""
    from sumotext_backend.config import make_plan

    made = make_plan(configuration, message.to, message.text, ledger=sender.ledger)
    if options.as_json:
        backend = made.rules[0].backend
        seen = results.dry_run_object(message.to, backend, None, cuts, sandbox=options.sandbox)
        put_json({**seen, "plan": plans.plan_object(made)})
    elif not made.refused:
        put(plans.plan_words(made, "DRY RUN: nothing was sent"))
    if made.refused:
        say(made.refused)
    return Exit.USAGE if made.refused else Exit.ACCEPTED


def show(
    result: SendResult,
    cuts: Segmentation | None,
    options: Options,
    lacking: Sequence[str] = (),
    record: str = "needed",
) -> None:
    """Print ``result``: to stdout, but one line to stderr where the input is to be mended.

    Of a chain the trail is printed in any case. ``lacking`` are options that a flag could set,
    and ``record`` is what the ledger is set to.
    """
    to_mend = exit_code(result) in (Exit.USAGE, Exit.CONFIGURATION)
    if options.as_json:
        put_json(results.as_object(result, cuts, sandbox=options.sandbox))
    elif not to_mend or len(result.attempts) > 1:
        place = _place(results.name_provider(result), options)
        words = results.summary(result, cuts, place, kept=not options.sandbox, record=record)
        headline, _, rest = words.partition("\n")
        put(f"{click.style(headline, fg=_COLOURS[result.outcome], bold=True)}\n{rest}")
    if to_mend:
        say(f"{_about(result)}{result.detail}{_hint(result, lacking)}")


def _about(result: SendResult) -> str:
    """What a detail is about that does not name it."""
    named = result.detail.startswith("the number")
    return "" if named or result.reason is not Reason.INVALID_RECIPIENT else "the number: "


def _hint(result: SendResult, lacking: Sequence[str]) -> str:
    """The flag for the one option that ``result`` names and that is set nowhere."""
    if result.reason is not Reason.CONFIGURATION:
        return ""
    named = [name for name in lacking if repr(name) in result.detail]
    return f"; here: --{named[0].replace('_', '-')} VALUE" if named else ""


def _place(backend: str, options: Options) -> str:
    return f"{backend}, in the sandbox" if options.sandbox else backend
