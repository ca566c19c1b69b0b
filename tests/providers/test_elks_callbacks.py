"""What 46elks calls us for."""

from __future__ import annotations

import datetime as dt

import pytest
from callback_requests import URL, post_form
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import DeliveryReport, DeliveryStatus, InboundMessage
from sumotext_backend.providers import ElksBackend
from sumotext_backend.simulator.signers import log_in

pytestmark = pytest.mark.once

ID = "sf8425555e5d8db61dda7a7b3f1b91bdb"
AT = dt.datetime(2026, 11, 29, 19, 20, 1, 741000, dt.UTC)
STATUS = {"id": ID, "status": "delivered", "delivered": "2026-11-29T19:20:01.741000"}
INBOUND = {
    "direction": "incoming",
    "id": ID,
    "from": NUMBER,
    "to": "+15550001111",
    "created": "2026-11-29T19:20:01.741000",
    "message": TEXT,
}
REPORT = DeliveryReport(
    alias="main",
    reference="7f8d1c1e-ref",
    provider_id=ID,
    status=DeliveryStatus.DELIVERED,
    word="delivered",
    at=AT,
)
MESSAGE = InboundMessage(
    alias="main", sender=NUMBER, recipient="+15550001111", text=TEXT, provider_id=ID, at=AT
)


class TestElks(CallbackRules):
    """Source: 46elks' pages on delivery reports and on receiving SMS.

    The rule on replies holds that nothing is texted back.
    """

    cls = ElksBackend
    options = {"username": "u", "password": "p", "sender": "+15550001111"}  # noqa: RUF012
    key, other_key = "hook:s3cret-\u00fc/+", "hook:an0ther"
    keys = {"callback_keys": ("hook:0lder", "hook:s3cret-\u00fc/+")}  # noqa: RUF012
    sign = staticmethod(log_in)
    has_time = False
    covers_body = False
    samples = (
        (post_form(STATUS, URL), [REPORT]),
        (post_form(INBOUND), [MESSAGE]),
    )
    unlisted = post_form({"id": ID, "status": "novel"})
