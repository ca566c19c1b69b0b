"""What ClickSend can be asked for: the receipt of a text, and the history of a number.

Source: ClickSend's pages on receipts and history, and its clients. A receipt can be asked for
only where a rule of the account keeps receipts for that (``POLL``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from sumotext_backend.asking import Found, NoAnswer, Question
from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.http import Response
from sumotext_backend.providers.clicksend_callbacks import MEANINGS
from sumotext_backend.providers.incoming import report
from sumotext_backend.providers.pulled import Said, pull, take_found, take_report
from sumotext_backend.providers.reading import (
    find,
    find_id,
    find_object,
    find_time,
    list_objects,
    read_object,
    take,
)
from sumotext_backend.providers.rest import escape, make_target

RECEIPTS: Final = "/v3/sms/receipts/"
HISTORY: Final = "/v3/sms/history"
PAGE_SIZE: Final = 15
"""More might be too long to be read."""
_BEFORE: Final = dt.timedelta(minutes=5)


def make_report_target(message_id: str) -> str:
    """The target of the receipt of one text."""
    return RECEIPTS + escape(message_id)


def make_question(question: Question) -> str:
    """The target that lists the texts to the number, from just before that of ``question`` on."""
    since = int((question.sent_at - _BEFORE).timestamp())
    query = {"q": f"to:{question.number.e164}", "date_from": str(since), "limit": str(PAGE_SIZE)}
    return make_target(HISTORY, query)


def read_report(response: Response, message_id: str, alias: str) -> DeliveryReport | NoAnswer:
    """The receipt, whose fields are those of a callback."""
    callback = pull(response, alias)
    return take_report(lambda: _read_receipt(callback), message_id)


def _read_receipt(callback: Callback) -> Iterator[Event]:
    receipt = find_object(read_object(callback), "data")
    return report(
        callback,
        MEANINGS,
        state=find(receipt, "status_code"),
        words=find(receipt, "status_text"),
        provider_id=take(receipt, "message_id"),
        code=find(receipt, "error_code"),
        reference=find_id(receipt, "custom_string"),
        at=find_time(receipt, "timestamp"),
    )


def read_list(response: Response, question: Question, alias: str) -> Said:
    """The one text that bears our reference."""

    def search() -> Iterator[Found]:
        data = find_object(read_object(pull(response, alias)), "data")
        for text in list_objects(data.get("data") or []):
            if find(text, "custom_string") == question.reference:
                yield Found(take(text, "message_id"))

    return take_found(search)
