"""What ClickSend calls us for."""

from __future__ import annotations

import datetime as dt

import pytest
from callback_requests import post_form, post_json
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import DeliveryReport, DeliveryStatus, InboundMessage
from sumotext_backend.providers import ClickSendBackend

pytestmark = pytest.mark.once

ID = "BF7AD270-0DE2-418B-B606-71D527D9C1AE"
AT = dt.datetime(2026, 11, 29, 19, 20, 1, tzinfo=dt.UTC)
RECEIPT = {
    "timestamp_send": "1795980000",
    "timestamp": str(int(AT.timestamp())),
    "message_id": ID,
    "status_code": "201",
    "status_text": "Success: Message received on handset.",
    "error_code": "",
    "error_text": "",
    "custom_string": "7f8d1c1e-ref",
    "user_id": "1",
    "subaccount_id": "1",
    "message_type": "sms",
}
INBOUND = {
    "timestamp": str(int(AT.timestamp())),
    "from": NUMBER,
    "body": TEXT,
    "original_body": "hello",
    "original_message_id": "AA7AD270-0DE2-418B-B606-71D527D9C1AE",
    "to": "+15550001111",
    "custom_string": "",
    "message_id": ID,
}
REPORT = DeliveryReport(
    alias="main",
    reference="7f8d1c1e-ref",
    provider_id=ID,
    status=DeliveryStatus.DELIVERED,
    word="Success: Message received on handset.",
    at=AT,
)
MESSAGE = InboundMessage(
    alias="main", sender=NUMBER, recipient="+15550001111", text=TEXT, provider_id=ID, at=AT
)


class TestClickSend(CallbackRules):
    """Source: ClickSend's pages on delivery receipts and inbound SMS. It signs nothing."""

    cls = ClickSendBackend
    options = {"username": "u", "api_key": "k"}  # noqa: RUF012
    samples = (
        (post_form(RECEIPT), [REPORT]),
        (post_json(RECEIPT), [REPORT]),
        (post_form(INBOUND), [MESSAGE]),
    )
    unlisted = post_form({**RECEIPT, "status_code": "299", "status_text": "novel"})
