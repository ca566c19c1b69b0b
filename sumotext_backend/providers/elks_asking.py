"""What 46elks can be asked for: a text by its id, and texts like one whose answer was lost.

Source: 46elks' pages on its history of texts. A text keeps no reference of ours, so that one is
known by its number, its words and its time, which is taken to be in UTC where it does not say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from sumotext_backend.asking import Found, NoAnswer, Question
from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.http import Response
from sumotext_backend.providers.elks_callbacks import MEANINGS
from sumotext_backend.providers.incoming import report
from sumotext_backend.providers.pulled import Said, is_near, pull, take_found, take_report
from sumotext_backend.providers.reading import (
    Fields,
    find,
    find_time,
    list_objects,
    read_object,
    take,
)
from sumotext_backend.providers.rest import make_target

PAGE_SIZE: Final = 15
"""More might be too long to be read."""


def make_question(path: str, question: Question) -> str | None:
    """The target that lists texts to the number; None where the words are not known."""
    if question.text is None:
        return None
    # 46elks calls the newer end of the time "start".
    newest = question.sent_at + dt.timedelta(hours=1)
    start = newest.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return make_target(path, {"to": question.number.e164, "start": start, "limit": str(PAGE_SIZE)})


def read_report(response: Response, message_id: str, alias: str) -> DeliveryReport | NoAnswer:
    """The status in a text's own record."""
    callback = pull(response, alias)
    return take_report(lambda: _read_record(callback, read_object(callback)), message_id)


def read_list(response: Response, question: Question, alias: str) -> Said:
    """The one text in a list that can be that of ``question``."""
    callback = pull(response, alias)

    def search() -> Iterator[Found]:
        for record in list_objects(read_object(callback).get("data")):
            if _is_alike(record, question) and find(record, "id") not in question.known_ids:
                yield Found(take(record, "id"), alike=True)

    return take_found(search)


def _is_alike(record: Fields, question: Question) -> bool:
    outgoing = find(record, "direction") == "outgoing"
    same = find(record, "to") == question.number.e164 and find(record, "message") == question.text
    return outgoing and same and is_near(find_time(record, "created"), question)


def _read_record(callback: Callback, record: Fields) -> Iterator[Event]:
    return report(
        callback,
        MEANINGS,
        state=find(record, "status"),
        provider_id=take(record, "id"),
        at=find_time(record, "delivered"),
    )
