"""What Sinch calls us for."""

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
from sumotext_backend.providers import SinchBackend
from sumotext_backend.simulator.signers import sign_sinch

pytestmark = pytest.mark.once

ID = "01FC66621XXXXX119Z8PMV1QPQ"
AT = dt.datetime(2026, 11, 29, 19, 20, 1, 500000, dt.UTC)


def make_report(status: str, code: int, **fields: Any) -> dict[str, Any]:
    """A report on one recipient."""
    return {
        "type": "recipient_delivery_report_sms",
        "at": "2026-11-29T19:20:03.000Z",
        "batch_id": ID,
        "client_reference": "7f8d1c1e-ref",
        "code": code,
        "operator_status_at": "2026-11-29T19:20:01.500Z",
        "recipient": "15015551234",
        "status": status,
        **fields,
    }


SUMMARY = {
    "type": "delivery_report_sms",
    "batch_id": ID,
    "client_reference": "7f8d1c1e-ref",
    "statuses": [{"code": 404, "count": 1, "recipients": ["15015551234"], "status": "Deleted"}],
    "total_message_count": 1,
}
INBOUND = {
    "type": "mo_text",
    "id": "01FC66621XXXXX119Z8PMV1QPU",
    "from": "15015551234",
    "to": "74700",
    "body": TEXT,
    "operator_id": "310090",
    "received_at": "2026-11-29T19:20:01.500Z",
}
REPORT = DeliveryReport(
    alias="main",
    reference="7f8d1c1e-ref",
    provider_id=ID,
    status=DeliveryStatus.DELIVERED,
    word="Delivered",
    at=AT,
)
DELETED = attrs.evolve(
    REPORT,
    status=DeliveryStatus.DELETED,
    reason=Reason.OPTED_OUT,
    code="404",
    word="Deleted",
    at=None,
)
OUT = OptOut(alias="main", number=NUMBER, source=ConsentSource.REPORT)
MESSAGE = InboundMessage(
    alias="main",
    sender=NUMBER,
    recipient="74700",
    text=TEXT,
    provider_id="01FC66621XXXXX119Z8PMV1QPU",
    at=AT,
)


class TestSinch(CallbackRules):
    """Source: Sinch's pages on delivery reports and inbound texts, and its Python client."""

    cls = SinchBackend
    options = {"service_plan_id": "p", "api_token": "t"}  # noqa: RUF012
    keys = {"callback_keys": ("0lder", "s3cret-\u00fcmlaut/+")}  # noqa: RUF012
    sign = staticmethod(sign_sinch)
    samples = (
        (post_json(make_report("Delivered", 0)), [REPORT]),
        (post_json(SUMMARY), [DELETED, OUT]),
        (post_json(INBOUND), [MESSAGE]),
        (post_json({**INBOUND, "type": "mo_media"}), []),
    )
    unlisted = post_json(make_report("novel", 0))

    def test_a_summary_of_several_opts_nobody_out(self) -> None:
        """It does not say which of them it is about."""
        status = {**SUMMARY["statuses"][0], "count": 2, "recipients": ["15015551234", "1501"]}
        without = {name: value for name, value in status.items() if name != "recipients"}

        for each in (status, without):
            assert [DELETED] == self.read(post_json({**SUMMARY, "statuses": [each]}))
