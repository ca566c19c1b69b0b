"""One change at SUMOTEXT on the command line: made once, and told."""

from __future__ import annotations

from collections.abc import Callable

from sumotext_backend.backend import SmsBackend
from sumotext_backend.cli.accounts import Where, open_one
from sumotext_backend.cli.output import put, put_json
from sumotext_backend.models import Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.render import changes
from sumotext_backend.render.exits import Exit, Progress, exit_code_of


def make_change(
    progress: Progress,
    where: Where,
    what: str,
    change: Callable[[SumotextBackend], Verdict],
    number: Msisdn | None = None,
) -> Exit:
    """Make ``change`` at the account that ``where`` names, print how it ended, and say so.

    ``progress`` is kept up to date. Raises `ConfigurationError`.
    """
    with open_one(where, _is_legacy, "account at SUMOTEXT's legacy gateway") as (_, account):
        progress.code = Exit.UNKNOWN
        verdict = change(account)
        progress.code = exit_code_of(verdict.reason)
    if where.as_json:
        put_json(changes.change_object(what, verdict))
    else:
        put(changes.change_words(what, verdict, number.e164 if number else ""))
    return progress.code


def _is_legacy(backend: SmsBackend) -> bool:
    return isinstance(backend, SumotextBackend)
