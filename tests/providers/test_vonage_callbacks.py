"""What Vonage calls us for, by its SMS API and by its Messages API."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from callback_requests import NOW, get, post_form, post_json
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import (
    ConfigurationError,
    ConsentSource,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    OptOut,
    Part,
    Reason,
)
from sumotext_backend.parts import join_parts
from sumotext_backend.providers import Authenticity, VonageBackend
from sumotext_backend.simulator.signers import make_token, sign_vonage, sign_vonage_token

pytestmark = pytest.mark.once

AT = dt.datetime(2026, 11, 29, 19, 20, 1, tzinfo=dt.UTC)
RECEIPT = {
    "msisdn": "15015551234",
    "to": "15550001111",
    "network-code": "310090",
    "messageId": "0A0000001234567B",
    "price": "0.03330000",
    "status": "failed",
    "scts": "2611291920",
    "err-code": "9",
    "api-key": "abcd1234",
    "client-ref": "7f8d1c1e-ref",
    "message-timestamp": "2026-11-29 19:20:01",
}
INBOUND = {
    "api-key": "abcd1234",
    "msisdn": "15015551234",
    "to": "74700",
    "messageId": "0A0000000123ABCD1",
    "text": TEXT,
    "type": "unicode",
    "keyword": "Z\u00dcRICH",
    "message-timestamp": "2026-11-29 19:20:01",
}
REPORT = DeliveryReport(
    alias="main",
    reference="7f8d1c1e-ref",
    provider_id="0A0000001234567B",
    status=DeliveryStatus.UNDELIVERABLE,
    reason=Reason.OPTED_OUT,
    code="9",
    word="failed",
    at=AT,
)
OUT = OptOut(alias="main", number=NUMBER, source=ConsentSource.REPORT, at=AT)
MESSAGE = InboundMessage(
    alias="main",
    sender=NUMBER,
    recipient="74700",
    text=TEXT,
    provider_id="0A0000000123ABCD1",
    keyword="Z\u00dcRICH",
    at=AT,
)


def make_part(number: int, text: str) -> dict[str, str]:
    """One of three parts of a text."""
    concat = {"concat": "true", "concat-ref": "1", "concat-total": "3"}
    return {**INBOUND, **concat, "concat-part": str(number), "text": text}


class TestVonage(CallbackRules):
    """Source: Vonage's guides on delivery receipts, inbound texts and signing."""

    cls = VonageBackend
    options = {"api_key": "k", "api_secret": "s", "sender": "74700"}  # noqa: RUF012
    keys = {"callback_keys": ("0lder", "s3cret-\u00fcmlaut/+")}  # noqa: RUF012
    sign = staticmethod(sign_vonage)
    samples = (
        (get(RECEIPT), [REPORT, OUT]),
        (post_form(RECEIPT), [REPORT, OUT]),
        (post_json(RECEIPT), [REPORT, OUT]),
        (get(INBOUND), [MESSAGE]),
        (post_json(INBOUND), [MESSAGE]),
        (
            post_form(make_part(2, TEXT)),
            [attrs.evolve(MESSAGE, part=Part(reference="1", number=2, count=3))],
        ),
    )
    unlisted = get({**RECEIPT, "status": "novel", "err-code": "0"})

    @pytest.mark.parametrize("method", ["md5hash", "md5", "sha1", "sha256", "sha512"])
    def test_each_method_of_an_account_is_checked(self, method: Any) -> None:
        """And none stands in for another."""
        signed = sign_vonage(post_form(INBOUND), self.key, NOW, method=method)
        others = {"md5hash", "md5", "sha1", "sha256", "sha512"} - {method}

        backend = self.checking(signature_method=method)
        assert Authenticity.PROVEN is backend.authenticate(signed, NOW)
        for other in others:
            backend = self.checking(signature_method=other)
            assert Authenticity.WRONG is backend.authenticate(signed, NOW)

    def test_a_method_that_is_none_is_refused(self) -> None:
        """When it is configured."""
        with pytest.raises(ConfigurationError, match="signature_method"):
            self.backend(signature_method="crc32")

    def test_parts_become_one_text(self) -> None:
        """In any order, and with one that comes twice; not while one is missing."""
        texts = {1: "one ", 2: "two ", 3: "three"}
        first, second, third = (
            self.read(post_form(make_part(number, text)))[0] for number, text in texts.items()
        )

        joined = join_parts([third, first, first, second])

        assert attrs.evolve(first, text="one two three", part=None) == joined
        assert None is join_parts([third, first])
        with pytest.raises(ValueError, match="different"):
            join_parts([first, attrs.evolve(second, sender="+15015550000")])

    @pytest.mark.parametrize("part", ["4/3", "0/3", "x/3", "1/999", "/3", "1/x"])
    def test_a_part_that_cannot_be_is_refused(self, part: str) -> None:
        """It could never be joined."""
        number, _, count = part.partition("/")
        fields = {**make_part(1, "x"), "concat-part": number, "concat-total": count}

        assert None is self.read_or_refuse(post_form(fields))

    def test_a_word_in_a_part_is_no_stop(self) -> None:
        """Only a whole text is a word."""
        assert 1 == len(self.read(post_form(make_part(1, "STOP"))))


STATUS = {
    "message_uuid": "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
    "to": "15015551234",
    "from": "15550001111",
    "timestamp": "2026-11-29T19:20:01Z",
    "status": "rejected",
    "error": {
        "type": "https://developer.vonage.com/api-errors/messages#1240",
        "title": "1240",
        "detail": "Illegal Sender Address - rejected",
        "instance": "bf0ca0bf927b3b52e3cb03217e1a1ddf",
    },
    "usage": {"currency": "EUR", "price": "0.0333"},
    "client_ref": "7f8d1c1e-ref",
    "channel": "sms",
}
TEXTED = {
    "channel": "sms",
    "message_uuid": "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
    "to": "74700",
    "from": "15015551234",
    "timestamp": "2026-11-29T19:20:01Z",
    "message_type": "text",
    "text": TEXT,
    "sms": {"num_messages": "2", "keyword": "Z\u00dcRICH"},
}


class TestVonageMessages(CallbackRules):
    """Source: Vonage's OpenAPI description of the Messages API, and its guide on signing."""

    cls = VonageBackend
    options = TestVonage.options
    keys = TestVonage.keys
    sign = staticmethod(sign_vonage_token)
    samples = (
        (
            post_json(STATUS),
            [
                attrs.evolve(
                    REPORT,
                    provider_id=STATUS["message_uuid"],
                    status=DeliveryStatus.REJECTED,
                    code="1240",
                    word="rejected",
                ),
                OUT,
            ],
        ),
        (post_json(TEXTED), [attrs.evolve(MESSAGE, provider_id=STATUS["message_uuid"])]),
        (post_json({**TEXTED, "channel": "whatsapp"}), []),
    )
    unlisted = post_json({**STATUS, "status": "novel", "error": None})

    def test_a_token_says_nothing_of_a_query(self) -> None:
        """One that covers no body covers nothing that we read."""
        assert Authenticity.WRONG is self.checking().authenticate(self.signed(get(RECEIPT)), NOW)

    @pytest.mark.parametrize(
        "claims",
        [{}, {"iat": NOW}, {"iat": "soon"}, {"iat": int(NOW), "payload_hash": "0" * 64}],
        ids=str,
    )
    def test_a_token_must_say_what_it_is_for(self, claims: dict[str, Any]) -> None:
        """When it was made, and for which body."""
        sample = self.samples[0][0]
        headers = {**sample.headers, "authorization": f"Bearer {make_token(claims, self.key)}"}

        assert Authenticity.WRONG is self.checking().authenticate(
            attrs.evolve(sample, headers=headers), NOW
        )

    @pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "e30.e30.", "\u00e9.\u00e9.\u00e9"])
    def test_what_is_no_token_is_wrong(self, token: str) -> None:
        """Whatever stands in its place."""
        sample = self.samples[0][0]
        headers = {**sample.headers, "authorization": f"Bearer {token}"}

        assert Authenticity.WRONG is self.checking().authenticate(
            attrs.evolve(sample, headers=headers), NOW
        )
