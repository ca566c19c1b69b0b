"""A send that is remembered: marked before the first byte, written down before it returns."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from sumotext_backend.backend import SmsBackend, check, recipient, send_through
from sumotext_backend.deadline import within
from sumotext_backend.ledger.database import LedgerError, Lock
from sumotext_backend.ledger.heeding import heed_early
from sumotext_backend.ledger.keys import Claim, break_off, check_key, claim, claim_key
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.results import write_result
from sumotext_backend.models import (
    Message,
    Outcome,
    Reason,
    SendResult,
    Verdict,
    amend,
    draw_reference,
)

log: Final = logging.getLogger("sumotext_backend.ledger")

_NOT_KEPT: Final = "the result could not be written down"
_BROKEN_OFF: Final = Verdict(
    reason=Reason.CRASHED, detail="the program broke off the send; the text may be out"
)
_RECORDED: Final = (Outcome.REJECTED, Outcome.UNKNOWN)
"""What is written down of a send without a mark."""


def send_remembered(ledger: Ledger, backend: SmsBackend, message: Message) -> SendResult:
    """Send ``message`` by ``backend`` once at most, under its key if it has one.

    Never raises for what a database does.
    """
    if message.key is None and ledger.settings.record != "all":
        return _send_unmarked(ledger, backend, message)
    number = check(message)
    if isinstance(number, Verdict):
        return SendResult.of(backend.name, message, number)
    try:
        granted = _claim(ledger, message, number.e164)
    except LedgerError as error:
        granted = Verdict(reason=Reason.UNAVAILABLE, detail=f"{error}; nothing was sent")
    if isinstance(granted, Claim):
        return _send_claimed(ledger, granted, backend, message)
    if isinstance(granted, Verdict):
        return SendResult.of(backend.name, message, granted)
    return granted


def _claim(ledger: Ledger, message: Message, e164: str) -> Claim | SendResult | Verdict:
    if message.key is None:
        return claim(ledger, message, e164)
    if ledger.settings.record == "off":
        detail = "keys need a ledger: set [ledger] record to 'needed' or 'all'; nothing was sent"
        return Verdict(reason=Reason.CONFIGURATION, detail=detail)
    return check_key(message.key) or claim_key(ledger, message, e164)


def _send_claimed(
    ledger: Ledger, granted: Claim, backend: SmsBackend, message: Message
) -> SendResult:
    try:
        # After the lease others call this send broken off, so nothing may leave any more.
        marked = amend(message, reference=granted.ref)
        result = within(granted.until, granted.until, lambda: send_through(backend, marked))
    except BaseException:
        wrong = _try(lambda: break_off(ledger, granted.ref, granted.owner))
        if wrong:
            log.error("a broken-off send was not written down: %s", wrong)  # noqa: TRY400
        raise
    return _mark_kept(result, granted.ref, _try(lambda: _finish(ledger, granted, result)))


def _finish(ledger: Ledger, granted: Claim, result: SendResult) -> None:
    values = {"ref": granted.ref, "owner": granted.owner, **_columns(result)}
    # A no in a report on this text may come at this moment.
    with ledger.database.transact(Lock.SHARED) as run:
        kept = run("finish_send", **values)
        # Where somebody took this process for dead, its own word is better than their doubt.
        late = () if kept else run("finish_late", **values)
        if late:
            run("add_audit", ref=granted.ref, word="ended late", source="sender", note="")
        changes = heed_early(ledger, run, granted.ref, result)
    ledger.tell_all(changes)
    if not kept and not late:
        raise LedgerError("its mark was settled or removed meanwhile")


def _send_unmarked(ledger: Ledger, backend: SmsBackend, message: Message) -> SendResult:
    """Send ``message``, and write it down where it ends as a refusal or a doubt."""
    ref = draw_reference()
    marked = amend(message, reference=ref)
    try:
        result = send_through(backend, marked)
    except BaseException:
        _keep_ended(ledger, marked, SendResult.of(backend.name, marked, _BROKEN_OFF))
        raise
    return _keep_ended(ledger, marked, result)


def _keep_ended(ledger: Ledger, message: Message, result: SendResult) -> SendResult:
    """``result`` of a send without a mark, written down where it is a refusal or a doubt."""
    if result.outcome not in _RECORDED or ledger.settings.record == "off":
        return result
    # A doubt about a text that no provider of ours could send, but a stranger's did, is kept, too.
    number = recipient(message) if result.outcome is Outcome.UNKNOWN else check(message)
    if isinstance(number, Verdict):
        return result
    ref = str(message.reference)
    return _mark_kept(result, ref, _try(lambda: _add(ledger, ref, message, number.e164, result)))


def _add(ledger: Ledger, ref: str, message: Message, e164: str, result: SendResult) -> None:
    hasher = ledger.hasher
    with ledger.database.transact(Lock.SHARED) as run:
        run(
            "add_send",
            ref=ref,
            person=hasher.hash_number(e164),
            number=e164,
            text=message.text if result.outcome is Outcome.UNKNOWN else None,
            content=hasher.hash_content(e164, message.text),
            **_columns(result),
        )
        changes = heed_early(ledger, run, ref, result)
    ledger.tell_all(changes)


def _columns(result: SendResult) -> dict[str, object]:
    return {
        "provider": result.provider,
        "outcome": str(result.outcome),
        "reason": str(result.reason or ""),
        "message_id": result.message_id,
        "result": write_result(result),
    }


def _try(write: Callable[[], object]) -> str:
    """What went wrong in ``write``; empty where nothing did.

    A text may be out, so nothing keeps the caller from its result: not even what a stranger's
    backend put into it, of which the error's words may show some.
    """
    try:
        write()
    except LedgerError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001
        return type(error).__name__
    return ""


def _mark_kept(result: SendResult, ref: str, wrong: str) -> SendResult:
    """``result`` with its reference, or with the fact that it was not recorded."""
    if not wrong:
        return amend(result, reference=ref)
    log.error("a result was not written down: %s", wrong)
    detail = f"{result.detail}; {_NOT_KEPT}" if result.detail else _NOT_KEPT
    return amend(result, detail=detail, recorded=False)
