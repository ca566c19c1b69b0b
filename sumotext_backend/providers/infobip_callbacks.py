"""What Infobip calls us for: reports and inbound texts, both as lists of results in JSON.

Source: Infobip's pages on reports, on inbound texts, on error codes and on subscriptions, and the
models of its Python client. It can log in where it calls; what its HMACs cover is not documented.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sumotext_backend.callbacks import Callback
from sumotext_backend.events import DeliveryStatus, Event
from sumotext_backend.outcomes import Reason
from sumotext_backend.providers.incoming import Meanings, make_statuses, receive, report
from sumotext_backend.providers.reading import (
    Fields,
    find,
    find_number,
    find_object,
    find_time,
    list_objects,
    read_object,
    take,
)
from sumotext_backend.providers.rest import make_reasons

MEANINGS: Final = Meanings(
    statuses=make_statuses(
        {
            DeliveryStatus.SUBMITTED: "1/26 1",
            DeliveryStatus.ENROUTE: "1/3 1/7 3/2",
            DeliveryStatus.DELIVERED: "3/5 3",
            DeliveryStatus.UNDELIVERABLE: "2",
            DeliveryStatus.EXPIRED: "4/15 4",
            DeliveryStatus.UNKNOWN: "4/29",
            DeliveryStatus.REJECTED: "5",
        }
    ),
    reasons=make_reasons(
        {
            Reason.OPTED_OUT: "603 573 604 2052",
            Reason.INVALID_RECIPIENT: "351",
            Reason.CONTENT: "607",
            Reason.SENDER: "562 488",
        }
    ),
)
"""The words are ``group/id`` of a status, or the group alone for those that are not listed."""


def read(callback: Callback) -> Iterator[Event]:
    """Texts from handsets, and what became of ours."""
    for result in list_objects(read_object(callback).get("results")):
        if "status" in result:
            yield from _read_report(callback, result)
        else:
            at = find_time(result, "receivedAt")
            yield receive(callback, result, provider_id="messageId", keyword="keyword", at=at)


def _read_report(callback: Callback, result: Fields) -> Iterator[Event]:
    status = find_object(result, "status")
    group, number = find(status, "groupId"), find(status, "id")
    both = f"{group}/{number}"
    message_id, listed = take(result, "messageId"), MEANINGS.statuses
    return report(
        callback,
        MEANINGS,
        state=group if group in listed and both not in listed else both,
        words=find(status, "name"),
        provider_id=message_id,
        code=find(find_object(result, "error"), "id"),
        # Infobip takes our reference for its id.
        reference=message_id,
        number=find_number(result, "to"),
        at=find_time(result, "doneAt", "sentAt"),
    )
