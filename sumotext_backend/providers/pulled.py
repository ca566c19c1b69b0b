"""Answers to questions of ours, read by the rules for what providers call us for; pure.

Most providers tell the same in an answer as in a callback, in the same words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sumotext_backend.asking import Found, NoAnswer, Question
from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryReport, Event
from sumotext_backend.exceptions import CallbackError
from sumotext_backend.http import Request, Response
from sumotext_backend.models import Reason
from sumotext_backend.providers.rest import has_object

BEFORE: Final = dt.timedelta(minutes=1)
AFTER: Final = dt.timedelta(minutes=5)
"""How far a provider's time of a text may be from ours."""

Said = Found | NoAnswer | None


def make_get(target: str, headers: Mapping[str, str]) -> Request:
    """A GET whose response is one JSON object."""
    own = {"Accept": "application/json"}
    return Request(target=target, headers={**own, **headers}, enough=has_object)


def pull(response: Response, alias: str) -> Callback:
    """``response`` as if the provider ``alias`` had called us with its body."""
    return Callback(method="POST", url="", body=response.body, alias=alias)


def take_report(read: Callable[[], Iterable[Event]], provider_id: str) -> DeliveryReport | NoAnswer:
    """The report on ``provider_id`` among what ``read()`` gives; it may raise `CallbackError`."""
    try:
        reports = [event for event in read() if isinstance(event, DeliveryReport)]
    except CallbackError as error:
        return misread(error)
    for report in reports:
        if (report.provider_id or "").lower() == provider_id.lower():
            return report
    return NoAnswer(Reason.BAD_ANSWER, "the answer holds no report on the text")


def take_found(read: Callable[[], Iterable[Found]]) -> Said:
    """The one record among what ``read()`` gives, which may raise `CallbackError`; None for none.

    Of several nobody can tell which it is.
    """
    try:
        records = list(read())
    except CallbackError as error:
        return misread(error)
    if len(records) > 1:
        return NoAnswer(Reason.BAD_ANSWER, "there is more than one record like it")
    return records[0] if records else None


def is_near(at: dt.datetime | None, question: Question) -> bool:
    """Whether a text that the provider took at ``at`` may be that of ``question``."""
    return at is not None and question.sent_at - BEFORE <= at <= question.sent_at + AFTER


def misread(error: CallbackError) -> NoAnswer:
    """An answer that is not in the provider's own language."""
    return NoAnswer(Reason.BAD_ANSWER, f"the answer cannot be read: {error}")
