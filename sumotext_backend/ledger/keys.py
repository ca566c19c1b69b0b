"""Idempotency keys: one key, one text, one result."""

from __future__ import annotations

import time
from typing import Final

import attrs

from sumotext_backend.backend import is_encodable
from sumotext_backend.deadline import limits
from sumotext_backend.ledger.database import LedgerError, Row
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.owner import has_ended, name_claim
from sumotext_backend.ledger.results import CRASHED, restore_result
from sumotext_backend.models import Message, Reason, SendResult, Verdict, draw_reference
from sumotext_backend.numbering import DEFAULT_REGION

POLL_SECONDS: Final = 0.05
MAX_KEY: Final = 255
"""Characters of a key at most: PostgreSQL's index takes no more than some 2 700 bytes."""
WAIT_TIMEOUT: Final = 30.0
"""Seconds to wait at most for another process that sends the same key."""


@attrs.frozen
class Claim:
    """The right of ``owner`` to send once; ``ref`` names the row.

    ``until`` is of `time.monotonic`.
    """

    ref: str
    owner: str
    until: float


def check_key(key: str) -> Verdict | None:
    """Why ``key`` cannot be kept by every store; None where it can."""
    if 0 < len(key) <= MAX_KEY and "\0" not in key and is_encodable(key):
        return None
    detail = f"the key wants 1 to {MAX_KEY} characters, without NUL and lone surrogates"
    return Verdict(reason=Reason.INVALID_MESSAGE, detail=f"{detail}; nothing was sent")


def claim(ledger: Ledger, message: Message, e164: str) -> Claim:
    """The mark "sending" of a text without a key, durable. Raises `LedgerError`."""
    granted = _mark(ledger, message, e164)
    if granted is None:  # nothing can be in its way
        raise LedgerError("the ledger did not take a mark")
    return granted


def claim_key(ledger: Ledger, message: Message, e164: str) -> Claim | SendResult | Verdict:
    """The right to send ``message``, whose mark is durable; or what its key ended as before.

    A key whose text surely was not sent is free again. One under which another process sends is
    waited for. Raises `LedgerError`.
    """
    give_up = min(time.monotonic() + WAIT_TIMEOUT, limits().deadline)
    while True:
        granted = _mark(ledger, message, e164)
        if granted:
            return granted
        rows = ledger.database.read("find_key", key=message.key)
        ended = _judge(ledger, rows[0], message, e164) if rows else None
        if ended:
            return ended
        if time.monotonic() + POLL_SECONDS >= give_up:
            detail = "another process is sending under this key, and did not end in time"
            return Verdict(reason=Reason.TIMEOUT, detail=detail)
        time.sleep(POLL_SECONDS)


def _mark(ledger: Ledger, message: Message, e164: str) -> Claim | None:
    """The mark "sending", for a key that is new or whose text surely was not sent."""
    # The lease is counted from before the mark: this process believes in it no longer than others.
    until = time.monotonic() + ledger.settings.lease
    owner = name_claim()
    values = {
        "key": message.key,
        "number": e164,
        "text": message.text,
        "content": ledger.hasher.hash_content(e164, message.text),
        "owner": owner,
        "lease": ledger.settings.lease,
    }
    person = ledger.hasher.hash_number(e164)
    with ledger.database.transact() as run:
        rows = run("claim_key", ref=draw_reference(), person=person, **values)
        if not rows:
            rows = run("reclaim_key", **values)
    return Claim(rows[0][0], owner, until) if rows else None


def _judge(ledger: Ledger, row: Row, message: Message, e164: str) -> SendResult | Verdict | None:
    """What the key's ``row`` means for ``message``; None where it is worth another look."""
    ref, content, state, owner, lease_left, result = row
    if content != ledger.hasher.hash_content(e164, message.text):
        detail = "the key was used for another number or text; nothing was sent"
        return Verdict(reason=Reason.KEY_REUSED, detail=detail)
    if state == "DONE":
        return _restore(ref, result, message)
    if has_ended(owner, lease_left):
        break_off(ledger, ref, owner)
    return None


def _restore(ref: str, result: str, message: Message) -> SendResult | Verdict:
    """What the key's send ended as; a doubt where only another version can read it."""
    try:
        restored = restore_result(result, message.to, message.region or DEFAULT_REGION)
    except LedgerError as error:
        return Verdict(reason=Reason.BAD_ANSWER, detail=f"{error}; nothing was sent now")
    return attrs.evolve(restored, stored=True, reference=ref)


def break_off(ledger: Ledger, ref: str, owner: str) -> bool:
    """Write down that the send of ``ref`` broke off; False where it ended otherwise meanwhile."""
    with ledger.database.transact() as run:
        return bool(run("break_off", ref=ref, owner=owner, result=CRASHED))
