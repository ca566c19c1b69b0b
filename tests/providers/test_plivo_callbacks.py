"""What Plivo calls us for."""

from __future__ import annotations

import attrs
import pytest
from callback_requests import NOW, PLAIN_URL, URL, get, post_form
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import (
    ConsentSource,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    OptOut,
    Reason,
)
from sumotext_backend.providers import Authenticity, PlivoBackend
from sumotext_backend.simulator.signers import sign_plivo, sign_plivo_v3

pytestmark = pytest.mark.once


UUID = "db342550-7a7d-11eb-ae1f-0242ac110002"
STATUS = {
    "From": "15550001111",
    "To": "15015551234",
    "MessageUUID": UUID,
    "ParentMessageUUID": UUID,
    "PartInfo": "1 of 1",
    "Status": "undelivered",
    "ErrorCode": "200",
    "Units": "1",
    "TotalRate": "0.0065",
    "MCC": "310",
}
REPORT = DeliveryReport(
    alias="main",
    reference="7f8d1c1e-ref",
    provider_id=UUID,
    status=DeliveryStatus.UNDELIVERABLE,
    reason=Reason.OPTED_OUT,
    code="200",
    word="undelivered",
)
OUT = OptOut(alias="main", number=NUMBER, source=ConsentSource.REPORT)
INBOUND = {"From": "15015551234", "To": "74700", "Type": "sms", "Text": TEXT, "MessageUUID": UUID}
MESSAGE = InboundMessage(
    alias="main", sender=NUMBER, recipient="74700", text=TEXT, provider_id=UUID
)
DELIVERED = attrs.evolve(
    REPORT, status=DeliveryStatus.DELIVERED, reason=None, code=None, word="delivered"
)


class TestPlivo(CallbackRules):
    """Source: Plivo's pages on status callbacks, incoming messages and signatures."""

    cls = PlivoBackend
    options = {"auth_id": "MA1", "auth_token": "t0ken", "sender": "+15550001111"}  # noqa: RUF012
    keys = {"callback_keys": ("0lder", "s3cret-\u00fcmlaut/+")}  # noqa: RUF012
    always = True
    has_time = False
    covers_body = False
    sign = staticmethod(sign_plivo)
    samples = (
        (post_form(STATUS, URL), [REPORT, OUT]),
        (get(STATUS, URL), [REPORT, OUT]),
        (post_form({**STATUS, "Status": "delivered", "ErrorCode": "000"}, URL), [DELIVERED]),
        (post_form(INBOUND), [MESSAGE]),
    )
    unlisted = post_form({**STATUS, "Status": "novel", "ErrorCode": "000"})

    def test_a_text_that_ran_out_of_time_is_expired(self) -> None:
        """Code 420, whatever the word is."""
        report = self.read(post_form({**STATUS, "ErrorCode": "420"}, URL))[0]

        assert DeliveryStatus.EXPIRED is report.status

    def test_a_part_is_reported_under_the_id_of_the_whole(self) -> None:
        """The id that the send got is the parent's."""
        part = {**STATUS, "MessageUUID": "2b342550-7a7d-11eb-ae1f-0242ac110002"}

        assert UUID == self.read(post_form(part, URL))[0].provider_id


class TestPlivoVersion3(TestPlivo):
    """The same by version 3, which covers the fields."""

    sign = staticmethod(sign_plivo_v3)
    covers_body = True

    def test_a_signature_of_version_2_does_not_stand_in_for_one_of_3(self) -> None:
        """Where both are there, the one that covers the fields must hold."""
        sample = self.samples[0][0]
        both = sign_plivo(sign_plivo_v3(sample, "an0ther", NOW), self.key, NOW)

        assert Authenticity.WRONG is self.checking().authenticate(both, NOW)

    def test_an_address_alone_is_covered(self) -> None:
        """With its query, where there is no field beside it; and without one."""
        for url in (URL, PLAIN_URL):
            signed = self.signed(post_form({}, url))
            elsewhere = attrs.evolve(signed, url=f"{url}/x")

            assert Authenticity.PROVEN is self.checking().authenticate(signed, NOW)
            assert Authenticity.WRONG is self.checking().authenticate(elsewhere, NOW)
