"""What Bandwidth calls us for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from callback_requests import post_json
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import (
    ConfigurationError,
    ConsentSource,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    OptOut,
    Reason,
)
from sumotext_backend.providers import BandwidthBackend
from sumotext_backend.simulator.signers import log_in

pytestmark = pytest.mark.once

ID = "14762070468292kw2fuqty55yp2b2"
AT = dt.datetime(2026, 11, 29, 19, 20, 1, tzinfo=dt.UTC)


def make_event(kind: str, **fields: Any) -> dict[str, Any]:
    """One of the events of a list."""
    message = {
        "id": ID,
        "owner": "+15550001111",
        "applicationId": "93de2206-9669-4e07-948d-329f4b722ee2",
        "time": "2026-11-29T19:20:00Z",
        "segmentCount": 1,
        "direction": "out",
        "to": [NUMBER],
        "from": "+15550001111",
        "text": "",
        "tag": "7f8d1c1e-ref",
    }
    event = {"time": "2026-11-29T19:20:01Z", "type": kind, "to": NUMBER, "description": "…"}
    return {**event, "message": {**message, **fields.pop("message", {})}, **fields}


INBOUND = make_event(
    "message-received",
    to="+15550001111",
    message={"direction": "in", "from": NUMBER, "to": ["+15550001111"], "text": TEXT},
)
REPORT = DeliveryReport(
    alias="main",
    reference="7f8d1c1e-ref",
    provider_id=ID,
    status=DeliveryStatus.DELIVERED,
    word="message-delivered",
    at=AT,
)
MESSAGE = InboundMessage(
    alias="main", sender=NUMBER, recipient="+15550001111", text=TEXT, provider_id=ID, at=AT
)
FAILED = attrs.evolve(
    REPORT,
    status=DeliveryStatus.UNDELIVERABLE,
    reason=Reason.OPTED_OUT,
    code="4775",
    word="message-failed",
)
OUT = OptOut(alias="main", number=NUMBER, source=ConsentSource.REPORT, at=AT)


class TestBandwidth(CallbackRules):
    """Source: Bandwidth's pages on webhooks and applications."""

    cls = BandwidthBackend
    options = {  # noqa: RUF012 - data
        "account_id": "1",
        "username": "u",
        "password": "p",
        "application_id": "a",
        "sender": "+15550001111",
    }
    key, other_key = "hook:s3cret-\u00fc:/+", "hook:an0ther"
    keys = {"callback_keys": ("hook:0lder", "hook:s3cret-\u00fc:/+")}  # noqa: RUF012
    sign = staticmethod(log_in)
    has_time = False
    covers_body = False
    samples = (
        (post_json([make_event("message-delivered")]), [REPORT]),
        (post_json([make_event("message-failed", errorCode=4775)]), [FAILED, OUT]),
        (post_json([INBOUND]), [MESSAGE]),
        (post_json([INBOUND, make_event("message-delivered")]), [MESSAGE, REPORT]),
        (post_json([make_event("message-novel")]), []),
        (post_json([]), []),
    )

    @pytest.mark.parametrize(
        ("code", "status"),
        [(4360, DeliveryStatus.EXPIRED), (9999, DeliveryStatus.UNKNOWN)],
    )
    def test_some_codes_say_what_became_of_it(self, code: int, status: DeliveryStatus) -> None:
        """Though the word is "failed"."""
        event = make_event("message-failed", errorCode=code)

        assert status is self.read(post_json([event]))[0].status

    @pytest.mark.parametrize("login", ["hook", ":", "hook:", ":s3cret"])
    def test_a_login_that_is_none_is_refused(self, login: str) -> None:
        """When it is configured."""
        with pytest.raises(ConfigurationError, match="wants user:password"):
            self.backend(callback_keys=(login,))
