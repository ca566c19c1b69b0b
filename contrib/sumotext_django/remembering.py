"""The commands of ``manage.py sumotext`` on the ledger: from arguments to `Ended`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sumotext_backend.config import build_providers
from sumotext_backend.ledger import Ledger, LedgerError, NotADoubtError
from sumotext_backend.providers import InvalidNumberError
from sumotext_backend.render import Exit, imports, inbound, lists, sends, texts
from sumotext_backend.render import ledger as doing
from sumotext_django.ended import Arguments, Ended, UsageError
from sumotext_django.errors import SettingsError
from sumotext_django.inbound import find_address, get_receiver
from sumotext_django.senders import configuration, get_ledger

Action = Callable[[Ledger, Arguments], doing.Shown | Iterator[dict[str, Any]]]


def _import(ledger: Ledger, given: Arguments) -> doing.Shown:
    asked = ("word", "column", "programme", "note", "skip_forgotten")
    how = imports.Import(**{name: given[name] for name in asked})
    return imports.import_consent(ledger, lists.read_lines(given["file"]), how)


def _change(ledger: Ledger, given: Arguments) -> doing.Shown:
    number = texts.read_number(given["number"])
    return doing.change_consent(ledger, given["action"], number, given["programme"], given["note"])


def _log(ledger: Ledger, given: Arguments) -> doing.Shown:
    number = given["number"] and texts.read_number(given["number"])
    asked = {name: given[name] for name in ("since", "outcome", "numbers")}
    return sends.list_log(ledger, number=number, **asked)


def _resolve(ledger: Ledger, given: Arguments) -> doing.Shown:
    providers = build_providers(configuration())
    return sends.resolve_doubts(ledger, providers, given["since"], numbers=given["numbers"])


def _export(ledger: Ledger, given: Arguments) -> Iterator[dict[str, Any]]:
    if given["lookups"]:
        return doing.export_lookups(ledger)
    return sends.export_sends(ledger, numbers=given["numbers"])


ACTIONS: Final[Mapping[tuple[str, str], Action]] = {
    ("ledger", "info"): lambda ledger, _: doing.show_info(ledger),
    ("ledger", "upgrade"): lambda ledger, _: doing.upgrade(ledger),
    ("ledger", "check"): lambda ledger, _: doing.check(ledger),
    ("ledger", "purge"): lambda ledger, a: doing.purge(ledger, dry_run=a["dry_run"]),
    ("ledger", "forget"): lambda ledger, a: doing.forget(ledger, texts.read_number(a["number"])),
    ("ledger", "export"): _export,
    ("consent", "show"): lambda ledger, a: doing.show_consent(
        ledger, texts.read_number(a["number"]), numbers=a["numbers"]
    ),
    ("consent", "opt-out"): _change,
    ("consent", "opt-in"): _change,
    ("consent", "list"): lambda ledger, a: doing.list_consent(ledger, numbers=a["numbers"]),
    ("consent", "export"): lambda ledger, a: doing.export_consent(ledger, numbers=a["numbers"]),
    ("consent", "import"): _import,
    ("doubts", "list"): lambda ledger, a: sends.list_doubts(
        ledger, a["since"], numbers=a["numbers"]
    ),
    ("doubts", "show"): lambda ledger, a: sends.show_doubt(
        ledger, a["reference"], numbers=a["numbers"], text=a["text"]
    ),
    ("doubts", "settle"): lambda ledger, a: sends.settle_doubt(
        ledger, a["reference"], sent=a["sent"], note=a["note"]
    ),
    ("doubts", "resolve"): _resolve,
    ("log", ""): _log,
    ("inbound", "list"): lambda ledger, _: inbound.list_inbound(ledger),
    ("inbound", "retry"): lambda *_: inbound.retry(get_receiver()),
    ("inbound", "urls"): lambda *_: inbound.list_urls(get_receiver(), find_address()),
}


def act(given: Arguments) -> Ended:
    """Do what the command and its action ask for. Raises `UsageError` or `SettingsError`."""
    wrong: Exception
    try:
        return _show(ACTIONS[given["command"], given.get("action", "")](get_ledger(), given), given)
    except InvalidNumberError as error:
        wrong = UsageError(f"the number: {error}")
    except (LookupError, NotADoubtError, texts.InputError) as error:
        wrong = UsageError(error.args[0])
    except LedgerError as error:
        wrong = SettingsError(str(error))
    raise wrong


def _show(found: doing.Shown | Iterator[dict[str, Any]], given: Arguments) -> Ended:
    if not isinstance(found, doing.Shown):
        return Ended("\n".join(map(json.dumps, found)))
    said = json.dumps(found.fields) if given["as_json"] else found.words
    notes = (found.note,) if found.note and not given["as_json"] else ()
    return Ended(said, Exit.USAGE if found.wrong else Exit.ACCEPTED, found.wrong, notes)
