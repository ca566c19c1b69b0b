"""What ``manage.py sumotext`` does: one function for each command, from arguments to `Ended`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core import checks

from sumotext_backend import SmsBackend
from sumotext_backend.config import list_settings, make_plan, read_health_settings
from sumotext_backend.providers import did_you_mean, list_backends, message_options, quote_name
from sumotext_backend.render import (
    Exit,
    backends,
    circuits,
    exit_code,
    plans,
    results,
    texts,
    values,
)
from sumotext_backend.routing import forget_failures, leaves, read_circuits
from sumotext_django.checks import TAG
from sumotext_django.ended import Arguments, Ended, UsageError
from sumotext_django.native import send_text
from sumotext_django.remembering import act
from sumotext_django.senders import (
    HEALTH,
    PROVIDERS,
    REGION,
    configuration,
    get_ledger,
    get_sender,
)


def send(given: Arguments) -> Ended:
    """Send one text."""
    (to, text), using = read_message(given), given["using"]
    values = read_values(given["carrier"], given["options"])
    options, notes = options_for(get_sender(using).backend, using, values)
    own = {name: given[name] for name in ("sender", "key")}
    result = send_text(to, text, using, **own, **options)
    code = exit_code(result)
    cuts = results.cut(text, dict(leaves(get_sender(using).backend)).get(result.provider))
    if given["as_json"]:
        words = json.dumps(results.as_object(result, cuts, sandbox=False))
    else:
        place, record = f"{result.backend}, as {using!r}", get_ledger().settings.record
        words = results.summary(result, cuts, place, record=record)
    return Ended(words, code, code.words, notes)


def read_values(carrier: str | None, pairs: list[str]) -> dict[str, str]:
    """The options of the message by name. Raises `UsageError` for what is not NAME=VALUE."""
    if not all("=" in pair for pair in pairs):
        raise UsageError("--option wants NAME=VALUE")
    values = {name: value for name, _, value in (pair.partition("=") for pair in pairs)}
    return {"carrier": carrier, **values} if carrier else values


def options_for(
    backend: SmsBackend, using: str, values: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """``values`` for all backends behind ``backend`` that let a message set them, by their names.

    With it a note on each that only another installed backend has, so that a provider can be
    swapped below the same command line. Raises `UsageError` for a name that none has.
    """
    below = [leaf for _, leaf in leaves(backend)]
    options: dict[str, Any] = {}
    notes: list[str] = []
    for name, value in values.items():
        takers = message_options(below, name, value)
        for taker, own in takers.items():
            options.setdefault(taker, {}).update(own)
        if not takers:
            _refuse_unknown(name)
            notes.append(f"{name!r} is not used: no backend behind {using!r} has it")
    return options, tuple(notes)


def _refuse_unknown(name: str) -> None:
    known = {each.name for row in list_backends() for each in row.options if each.per_message}
    if name not in known:
        meant = did_you_mean(name, known)
        raise UsageError(f"no backend has an option {quote_name(name)} for one message{meant}")


def explain(given: Arguments) -> Ended:
    """Show which providers would be asked."""
    made = make_plan(configuration(given["using"]), *read_message(given), ledger=get_ledger())
    code = Exit.USAGE if made.refused else Exit.ACCEPTED
    if given["as_json"]:
        words = json.dumps(plans.plan_object(made))
    else:
        words = "" if made.refused else plans.plan_words(made, "PLAN: nothing was sent")
    return Ended(words, code, made.refused, tuple(f"warning: {each}" for each in made.warnings))


def health(given: Arguments) -> Ended:
    """Show which providers are left alone, or forget the failures of one."""
    configured = configuration()
    settings = read_health_settings(configured)
    if given["reset"]:
        try:
            forgot = forget_failures(settings, given["reset"], configured.providers)
        except LookupError as error:
            wrong = str(error)
        else:
            return Ended(circuits.reset_words(given["reset"], forgot=forgot))
        raise UsageError(wrong)
    rows = circuits.make_rows(read_circuits(settings), time.time(), settings.rules)
    code = Exit.REJECTED if given["check"] and circuits.is_any_open(rows) else Exit.ACCEPTED
    if given["as_json"]:
        return Ended(json.dumps(circuits.health_object(settings, rows)), code)
    if not rows:
        notes = (circuits.nothing_words(settings.state, f"{HEALTH}, 'state'"),)
        return Ended(notes=notes)
    return Ended(circuits.health_words(rows), code)


def config(given: Arguments) -> Ended:
    """Show what is in force, or check it."""
    if given["action"] == "check":
        return check(given)
    configured = configuration()
    rows = list_settings(configured)
    if given["as_json"]:
        return Ended(json.dumps(values.settings_object(configured, rows)))
    return Ended(values.setting_words(rows, origin=given["origin"], headline=_setting))


def _setting(place: str) -> str:
    """``providers.main.chain.0`` as a person finds it in the settings."""
    top, _, alias = place.partition(".")
    if not top:
        return REGION
    return f"{PROVIDERS}: {alias}" if top == "providers" else f"SMS_{top.upper()}"


def check(given: Arguments) -> Ended:
    """Run the system checks of this app, those for deployment too."""
    lines = checks.run_checks(tags=[TAG], include_deployment_checks=True)
    words = "\n".join(f"{one.id}: {one.msg}" for one in lines)
    if any(one.is_serious() for one in lines):
        return Ended(words, Exit.CONFIGURATION, Exit.CONFIGURATION.words)
    return Ended(words, notes=("warnings only" if lines else "nothing is wrong",))


def list_installed(given: Arguments) -> Ended:
    """List the backends that are installed."""
    return Ended("\n\n".join(map(backends.backend_words, list_backends())))


COMMANDS: Final[Mapping[str, Callable[[Arguments], Ended]]] = {
    "send": send,
    "explain": explain,
    "health": health,
    "config": config,
    "check": check,
    "backends": list_installed,
    **dict.fromkeys(("ledger", "consent", "doubts", "log", "inbound"), act),
}


def read_message(given: Arguments) -> tuple[str, str]:
    """The number and the text that the arguments stand for. Raises `UsageError`."""
    try:
        return texts.read_message(given["to"], given["text"])
    except texts.InputError as error:
        wrong = str(error)
    raise UsageError(wrong)
