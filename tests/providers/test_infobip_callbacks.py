"""What Infobip calls us for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from callback_requests import post_json
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import (
    ConsentSource,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    OptOut,
    Reason,
)
from sumotext_backend.providers import InfobipBackend
from sumotext_backend.simulator.signers import log_in

pytestmark = pytest.mark.once

AT = dt.datetime(2026, 11, 29, 19, 20, 1, tzinfo=dt.UTC)


def make_report(group: int, number: int, name: str, error: int = 0) -> dict[str, Any]:
    """One result of a report."""
    return {
        "bulkId": "BULK-ID-123-xyz",
        "messageId": "7f8d1c1e-ref",
        "to": "15015551234",
        "sentAt": "2026-11-29T19:20:00.000+0000",
        "doneAt": "2026-11-29T19:20:01.000+0000",
        "smsCount": 1,
        "price": {"pricePerMessage": 0.01, "currency": "EUR"},
        "status": {"groupId": group, "groupName": "x", "id": number, "name": name},
        "error": {"groupId": 0, "id": error, "name": "x", "permanent": False},
    }


INBOUND = {
    "messageId": "817790313235066447",
    "from": "15015551234",
    "to": "74700",
    "text": TEXT,
    "cleanText": "more",
    "keyword": "Z\u00dcRICH",
    "receivedAt": "2026-11-29T19:20:01.000+0000",
    "smsCount": 1,
    "callbackData": None,
}
REPORT = DeliveryReport(
    alias="main",
    reference="7f8d1c1e-ref",
    provider_id="7f8d1c1e-ref",
    status=DeliveryStatus.DELIVERED,
    word="DELIVERED_TO_HANDSET",
    at=AT,
)
REFUSED = attrs.evolve(
    REPORT,
    status=DeliveryStatus.UNDELIVERABLE,
    reason=Reason.OPTED_OUT,
    code="603",
    word="UNDELIVERABLE_REJECTED_OPERATOR",
)
OUT = OptOut(alias="main", number=NUMBER, source=ConsentSource.REPORT, at=AT)
MESSAGE = InboundMessage(
    alias="main",
    sender=NUMBER,
    recipient="74700",
    text=TEXT,
    provider_id="817790313235066447",
    keyword="Z\u00dcRICH",
    at=AT,
)
DELIVERED = make_report(3, 5, "DELIVERED_TO_HANDSET")


class TestInfobip(CallbackRules):
    """Source: Infobip's pages on reports, inbound texts and subscriptions."""

    cls = InfobipBackend
    options = {"api_key": "k", "sender": "74700", "base_url": "https://x.api.infobip.com"}  # noqa: RUF012
    key, other_key = "hook:s3cret-\u00fc/+", "hook:an0ther"
    keys = {"callback_keys": ("hook:0lder", "hook:s3cret-\u00fc/+")}  # noqa: RUF012
    sign = staticmethod(log_in)
    has_time = False
    covers_body = False
    samples = (
        (post_json({"results": [DELIVERED]}), [REPORT]),
        (
            post_json(
                {"results": [make_report(2, 4, "UNDELIVERABLE_REJECTED_OPERATOR", 603), DELIVERED]}
            ),
            [REFUSED, OUT, REPORT],
        ),
        (
            post_json({"results": [INBOUND], "messageCount": 1, "pendingMessageCount": 0}),
            [MESSAGE],
        ),
    )
    unlisted = post_json({"results": [make_report(9, 99, "novel")]})

    @pytest.mark.parametrize(
        ("group", "number", "status"),
        [
            (1, 26, DeliveryStatus.SUBMITTED),
            (1, 7, DeliveryStatus.ENROUTE),
            (3, 2, DeliveryStatus.ENROUTE),
            (4, 15, DeliveryStatus.EXPIRED),
            (4, 29, DeliveryStatus.UNKNOWN),
            (5, 8, DeliveryStatus.REJECTED),
        ],
    )
    def test_a_status_is_a_group_and_an_id(
        self, group: int, number: int, status: DeliveryStatus
    ) -> None:
        """An id that is not listed has the meaning of its group."""
        report = self.read(post_json({"results": [make_report(group, number, "X")]}))[0]

        assert status is report.status
