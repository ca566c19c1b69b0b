"""What Twilio can be asked for: a text by its id, and texts like one whose answer was lost.

Source: Twilio's OpenAPI description of ``2010-04-01``. A text keeps no reference of ours, so that
one is known by its number, its words and its time.
"""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Iterator
from typing import Final

from sumotext_backend.asking import Found, NoAnswer, Question
from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.http import Response
from sumotext_backend.providers.incoming import report
from sumotext_backend.providers.pulled import BEFORE, Said, is_near, pull, take_found, take_report
from sumotext_backend.providers.reading import Fields, find, list_objects, read_object, take
from sumotext_backend.providers.rest import drop_unset, make_target
from sumotext_backend.providers.twilio_callbacks import MEANINGS

PAGE_SIZE: Final = 5
"""More might be too long to be read."""


def make_question(path: str, question: Question) -> str | None:
    """The target that lists texts like that of ``question``; None where its words are not known."""
    if question.text is None:
        return None
    query = {
        "To": question.number.e164,
        "From": question.sender,
        "DateSent>": _write(question.sent_at - BEFORE),
        "PageSize": str(PAGE_SIZE),
    }
    return make_target(path, drop_unset(query))


def _write(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_report(response: Response, sid: str, alias: str) -> DeliveryReport | NoAnswer:
    """The report in a text's own record."""
    callback = pull(response, alias)
    return take_report(lambda: _read_record(callback, read_object(callback)), sid)


def read_list(response: Response, question: Question, alias: str) -> Said:
    """The one text in a list that can be that of ``question``."""
    callback = pull(response, alias)
    return take_found(lambda: _find_alike(callback, question))


def _find_alike(callback: Callback, question: Question) -> Iterator[Found]:
    for record in list_objects(read_object(callback).get("messages")):
        sid = take(record, "sid")
        if sid not in question.known_ids and _is_alike(record, question):
            reports = list(_read_record(callback, record))
            found = next((e for e in reports if isinstance(e, DeliveryReport)), None)
            yield Found(sid, found, alike=True)


def _is_alike(record: Fields, question: Question) -> bool:
    outgoing = find(record, "direction") == "outbound-api"
    same = find(record, "to") == question.number.e164 and find(record, "body") == question.text
    return outgoing and same and is_near(_read_time(find(record, "date_created")), question)


def _read_record(callback: Callback, record: Fields) -> Iterator[Event]:
    return report(
        callback,
        MEANINGS,
        state=find(record, "status"),
        provider_id=take(record, "sid"),
        code=find(record, "error_code"),
        at=_read_time(find(record, "date_updated")),
    )


def _read_time(text: str) -> dt.datetime | None:
    """A time as mail has it; None where it is none, or does not say its zone."""
    try:
        at = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
