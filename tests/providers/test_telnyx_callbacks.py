"""What Telnyx calls us for."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import Any

import attrs
import pytest
from callback_requests import NOW, URL, post_json, telnyx_keys
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import (
    ConfigurationError,
    ConsentSource,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    OptIn,
    OptOut,
    Reason,
)
from sumotext_backend.providers import Authenticity, Callback, TelnyxBackend
from sumotext_backend.simulator.signers import sign_telnyx

pytestmark = pytest.mark.once


ID = "40385f64-5717-4562-b3fc-2c963f66afa6"
AT = dt.datetime(2026, 11, 29, 19, 20, 1, 500000, dt.UTC)


def make_event(kind: str, **payload: Any) -> dict[str, Any]:
    """One of Telnyx's events."""
    return {
        "data": {
            "event_type": kind,
            "id": "b301ed3f-1490-491f-995f-6e64e69674d4",
            "occurred_at": "2026-11-29T19:20:01.500+00:00",
            "payload": {"id": ID, "direction": "outbound", "record_type": "message", **payload},
            "record_type": "event",
        },
        "meta": {"attempt": 1, "delivered_to": "https://texts.example.com"},
    }


def make_report(status: str, *errors: dict[str, str]) -> Callback:
    """A report."""
    to = [{"phone_number": NUMBER, "status": status, "carrier": "T-MOBILE USA, INC."}]
    return post_json(make_event("message.finalized", to=to, errors=[*errors]), URL)


def make_text(**payload: Any) -> Callback:
    """An inbound text."""
    sender, to = {"phone_number": NUMBER, "carrier": "x"}, [{"phone_number": "+15550001111"}]
    fields = {"text": TEXT, "received_at": "2026-11-29T19:20:01.500+00:00", **payload}
    return post_json(make_event("message.received", **{"from": sender}, to=to, **fields))


DELIVERED = DeliveryReport(
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
STOPPED = {"code": "40300", "title": "Blocked due to STOP message", "detail": "…"}


class TestTelnyx(CallbackRules):
    """Source: Telnyx's pages on messaging webhooks."""

    cls = TelnyxBackend
    options = {"api_key": "KEY1", "sender": "+15550001111"}  # noqa: RUF012
    keys = {"callback_keys": (telnyx_keys(7)[1], telnyx_keys(1)[1])}  # noqa: RUF012
    key, other_key = telnyx_keys(1)[0], telnyx_keys(2)[0]
    sign = staticmethod(sign_telnyx)
    samples = (
        (make_report("delivered"), [DELIVERED]),
        (make_text(), [MESSAGE]),
        (post_json(make_event("message.novel")), []),
    )
    unlisted = make_report("novel")

    def test_an_opt_out_is_known_by_its_title(self) -> None:
        """40300 was seen for a fault of the sender, too."""
        events = self.read(make_report("delivery_failed", STOPPED))
        other = self.read(make_report("delivery_failed", {**STOPPED, "title": "Blocked"}))

        assert OptOut(alias="main", number=NUMBER, source=ConsentSource.REPORT, at=AT) == events[1]
        assert [Reason.REFUSED] == [each.reason for each in other]

    @pytest.mark.parametrize(("kind", "cls"), [("OPT_OUT", OptOut), ("OPT_IN", OptIn)])
    def test_what_telnyx_itself_understood_is_taken(self, kind: str, cls: type) -> None:
        """In whatever words."""
        events = self.read(make_text(text="arr\u00eat", autoresponse_type=kind))

        assert [InboundMessage, cls] == [type(each) for each in events]

    def test_a_text_that_was_sent_is_not_delivered_yet(self) -> None:
        """It is with the carrier, and more will come."""
        to = [{"phone_number": NUMBER, "status": "sent"}]
        report = self.read(post_json(make_event("message.sent", to=to), URL))[0]

        assert (DeliveryStatus.ENROUTE, False) == (report.status, report.final)

    @pytest.mark.parametrize("signature", ["", "!!!", "c2hvcnQ=", "\u00e9"])
    def test_what_is_no_signature_is_wrong(self, signature: str) -> None:
        """Whatever stands in its place."""
        signed = self.signed(self.samples[0][0])
        headers = {**signed.headers, "telnyx-signature-ed25519": signature}
        odd = attrs.evolve(signed, headers=headers)

        assert Authenticity.WRONG is self.checking().authenticate(odd, NOW)

    @pytest.mark.parametrize("key", ["", " ", "no base64", "c2hvcnQ=", telnyx_keys()[1] + "\n"])
    def test_a_key_that_is_not_one_is_refused(self, key: str) -> None:
        """When it is configured, and without showing it."""
        with pytest.raises(ConfigurationError, match="callback_keys") as caught:
            self.backend(callback_keys=(key,))

        assert key.strip() == "" or key.strip() not in str(caught.value)

    def test_without_cryptography_it_says_what_to_install(self) -> None:
        """One line, when a key is configured; nothing else needs it."""
        code = (
            "import sys; sys.modules['cryptography'] = None\n"
            "from sumotext_backend.providers import TelnyxBackend\n"
            "TelnyxBackend(api_key='KEY1', sender='74700')\n"
            f"TelnyxBackend(api_key='K', sender='74700', callback_keys=[{telnyx_keys()[1]!r}])\n"
        )
        ended = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
        )
        last = ended.stderr.strip().splitlines()[-1]

        assert "ConfigurationError: option 'callback_keys' needs cryptography" in last
        assert "pip install 'sumotext-backend[callbacks]'" in last
