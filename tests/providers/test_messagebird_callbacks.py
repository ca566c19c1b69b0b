"""What MessageBird calls us for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from callback_requests import NOW, get, post_form, post_json
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import (
    ConsentSource,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    OptOut,
    Reason,
)
from sumotext_backend.providers import Authenticity, MessageBirdBackend
from sumotext_backend.simulator.signers import make_token, sign_messagebird

pytestmark = pytest.mark.once

ID = "e8077d803532c0b5937c639b60216938"
AT = dt.datetime(2026, 11, 29, 19, 20, 1, tzinfo=dt.UTC)
STATUS = {
    "id": ID,
    "reference": "7f8d1c1e-ref",
    "recipient": "15015551234",
    "status": "delivery_failed",
    "statusReason": "opted out",
    "statusErrorCode": "103",
    "statusDatetime": "2026-11-29T19:20:01+00:00",
}
INBOUND = {
    "id": ID,
    "recipient": "15552001111",
    "originator": "15015551234",
    "body": TEXT,
    "createdDatetime": "2026-11-29T19:20:01+00:00",
}
SHORT = {
    "mid": "123456789",
    "shortcode": "74700",
    "keyword": "Z\u00dcRICH",
    "originator": "15015551234",
    "message": TEXT,
    "receive_datetime": "20261129192001",
}
REPORT = DeliveryReport(
    alias="main",
    reference="7f8d1c1e-ref",
    provider_id=ID,
    status=DeliveryStatus.UNDELIVERABLE,
    reason=Reason.OPTED_OUT,
    code="103",
    word="delivery_failed",
    at=AT,
)
OUT = OptOut(alias="main", number=NUMBER, source=ConsentSource.REPORT, at=AT)
MESSAGE = InboundMessage(
    alias="main", sender=NUMBER, recipient="+15552001111", text=TEXT, provider_id=ID, at=AT
)
TO_SHORT_CODE = attrs.evolve(
    MESSAGE, recipient="74700", provider_id="123456789", keyword="Z\u00dcRICH"
)


class TestMessageBird(CallbackRules):
    """Source: MessageBird's pages on reports, inbound texts and signed requests."""

    cls = MessageBirdBackend
    options = {"access_key": "k", "sender": "74700"}  # noqa: RUF012
    keys = {"callback_keys": ("0lder", "s3cret-\u00fcmlaut/+")}  # noqa: RUF012
    sign = staticmethod(sign_messagebird)
    samples = (
        (get(STATUS), [REPORT, OUT]),
        (post_form(INBOUND), [MESSAGE]),
        (post_json(INBOUND), [MESSAGE]),
        (post_form(SHORT), [TO_SHORT_CODE]),
    )
    unlisted = get({**STATUS, "status": "novel", "statusErrorCode": ""})

    @pytest.mark.parametrize(
        "changed",
        [
            {"iss": "Somebody"},
            {"exp": int(NOW) - 1},
            {"exp": None},
            {"nbf": None},
            {"url_hash": None},
            {"payload_hash": None},
        ],
        ids=str,
    )
    def test_a_token_must_hold_in_each_claim(self, changed: dict[str, Any]) -> None:
        """Who made it, when, until when, and for which address and body."""
        signed = self.signed(post_form(INBOUND))
        whole = self.claims_of(signed.header("MessageBird-Signature-JWT"))
        claims = {name: value for name, value in {**whole, **changed}.items() if value is not None}
        token = make_token(claims, self.key)
        changed_one = attrs.evolve(
            signed, headers={**signed.headers, "messagebird-signature-jwt": token}
        )

        assert Authenticity.WRONG is self.checking().authenticate(changed_one, NOW)

    @staticmethod
    def claims_of(token: str) -> dict[str, Any]:
        """What a token says."""
        import base64
        import json

        part = token.split(".")[1]
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
        return claims

    @pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512", "none"])
    def test_its_algorithms_are_the_client_s(self, algorithm: str) -> None:
        """And none is no algorithm."""
        signed = self.signed(post_form(INBOUND))
        claims = self.claims_of(signed.header("MessageBird-Signature-JWT"))
        token = make_token(claims, self.key, algorithm.replace("none", "HS256"))
        if algorithm == "none":
            token = f"eyJhbGciOiJub25lIn0.{token.split('.')[1]}."
        again = attrs.evolve(signed, headers={**signed.headers, "messagebird-signature-jwt": token})
        proven = self.checking().authenticate(again, NOW) is Authenticity.PROVEN

        assert (algorithm != "none") == proven
