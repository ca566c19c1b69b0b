"""A send that is remembered: marked before the first byte, written down before it returns."""

from __future__ import annotations

import logging
import os
from typing import Final

import attrs

from sumotext_backend.backend import SmsBackend, check, send_through
from sumotext_backend.deadline import within
from sumotext_backend.ledger.database import LedgerError
from sumotext_backend.ledger.keys import Claim, break_off, check_key, claim, claim_key
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.results import write_result
from sumotext_backend.models import Message, Outcome, Reason, SendResult, Verdict

log: Final = logging.getLogger("sumotext_backend.ledger")

_NOT_KEPT: Final = "the result could not be written down"


def send_remembered(ledger: Ledger, backend: SmsBackend, message: Message) -> SendResult:
    """Send ``message`` by ``backend`` once at most, under its key if it has one. Never raises
    for what a database does.
    """
    number = check(message)
    if isinstance(number, Verdict):
        return SendResult.of(backend.name, message, number)
    marks = message.key is not None or ledger.settings.record == "all"
    if not marks:
        named = attrs.evolve(message, reference=os.urandom(16).hex())
        return _keep(ledger, named, number.e164, send_through(backend, named))
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
        with within(granted.until, granted.until):
            result = send_through(backend, attrs.evolve(message, reference=granted.ref))
    except BaseException:
        _break_off(ledger, granted)
        raise
    return _finish(ledger, granted, result)


def _finish(ledger: Ledger, granted: Claim, result: SendResult) -> SendResult:
    ref, owner = granted.ref, granted.owner
    try:
        with ledger.database.transact() as run:
            values = _columns(result)
            kept = run("finish_send", ref=ref, owner=owner, **values)
            # Where somebody took this process for dead, its own word is better than their doubt.
            if not kept and run("finish_late", ref=ref, owner=owner, **values):
                run("add_audit", ref=ref, word="ended late", source="sender", note="")
    except LedgerError as error:
        log.error("a result was not written down: %s", error)
        detail = f"{result.detail}; {_NOT_KEPT}" if result.detail else _NOT_KEPT
        return attrs.evolve(result, detail=detail, recorded=False)
    return attrs.evolve(result, reference=ref)


def _keep(ledger: Ledger, message: Message, e164: str, result: SendResult) -> SendResult:
    """``result`` of a send without a mark, written down where it is a refusal or a doubt."""
    if result.outcome not in (Outcome.REJECTED, Outcome.UNKNOWN) or ledger.settings.record == "off":
        return result
    try:
        with ledger.database.transact() as run:
            run(
                "add_send",
                ref=message.reference,
                person=ledger.hasher.hash_number(e164),
                number=e164,
                text=message.text if result.outcome is Outcome.UNKNOWN else None,
                content=ledger.hasher.hash_content(e164, message.text),
                **_columns(result),
            )
    except LedgerError as error:
        log.error("a result was not written down: %s", error)
        return attrs.evolve(result, recorded=False)
    return attrs.evolve(result, reference=message.reference)


def _columns(result: SendResult) -> dict[str, object]:
    return {
        "provider": result.provider,
        "outcome": str(result.outcome),
        "reason": str(result.reason or ""),
        "message_id": result.message_id,
        "result": write_result(result),
    }


def _break_off(ledger: Ledger, granted: Claim) -> None:
    try:
        break_off(ledger, granted.ref, granted.owner)
    except LedgerError as error:
        log.error("a broken-off send was not written down: %s", error)
