"""What Kannel and Jasmin call us for."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from callback_requests import URL, get, post_form
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import DeliveryReport, DeliveryStatus, InboundMessage
from sumotext_backend.providers import KannelBackend, Reply

pytestmark = pytest.mark.once

AT = dt.datetime(2026, 11, 29, 19, 20, 1, tzinfo=dt.UTC)
INBOUND = {
    "id": "a3cd6e19-8af2-498d-ad07-c7840f1b4ac8",
    "from": NUMBER,
    "to": "74700",
    "text": TEXT,
    "time": str(int(AT.timestamp())),
}
REPORT = DeliveryReport(
    alias="main", reference="7f8d1c1e-ref", status=DeliveryStatus.DELIVERED, word="1"
)
MESSAGE = InboundMessage(
    alias="main", sender=NUMBER, recipient="74700", text=TEXT, provider_id=INBOUND["id"], at=AT
)


class TestKannel(CallbackRules):
    """Source: Kannel's user guide. The rule on replies holds that nothing is texted back."""

    cls = KannelBackend
    options = {"username": "u", "password": "p", "base_url": "http://127.0.0.1:13013"}  # noqa: RUF012
    samples = (
        (get({"status": "1"}, URL), [REPORT]),
        (get(INBOUND), [MESSAGE]),
    )
    unlisted = get({"status": "novel"}, URL)

    @pytest.mark.parametrize(
        ("word", "status"),
        [
            ("2", DeliveryStatus.UNDELIVERABLE),
            ("4", DeliveryStatus.SUBMITTED),
            ("8", DeliveryStatus.ENROUTE),
            ("16", DeliveryStatus.REJECTED),
            ("34", DeliveryStatus.EXPIRED),
            ("66", DeliveryStatus.UNKNOWN),
        ],
    )
    def test_each_status_of_a_dlr_is_read(self, word: str, status: DeliveryStatus) -> None:
        """As its number."""
        assert status is self.read(get({"status": word}, URL))[0].status

    def test_the_address_that_a_send_gives_is_the_one_that_is_read(self) -> None:
        """What `callback_url` becomes in a request comes back as the report on that message."""
        assert "7f8d1c1e-ref" == self.read(get({"status": "8"}, URL))[0].reference

    @pytest.mark.parametrize(
        ("sender", "read"),
        [
            ("+15015551234", "+15015551234"),
            ("15015551234", "+15015551234"),
            ("5015551234", "5015551234"),
            ("74700", "74700"),
        ],
    )
    def test_a_sender_that_may_lack_its_country_stays_as_it_is(
        self, sender: str, read: str
    ) -> None:
        """The digits might be Belize's; whom they mean is for the region to say."""
        text, said = self.read(get(INBOUND | {"from": sender, "text": "STOP"}))

        assert (read, read) == (text.sender, said.number)

    def test_a_report_without_our_reference_is_refused(self) -> None:
        """Kannel gives no id that would tell which text it is about."""
        assert None is self.read_or_refuse(get({"status": "8"}))


JASMIN_ID = "db342550-7a7d-11eb-ae1f-0242ac110002"
DLR = {
    "id": JASMIN_ID,
    "id_smsc": "1",
    "message_status": "DELIVRD",
    "level": "2",
    "subdate": "2611291920",
    "donedate": "2611291921",
    "sub": "001",
    "dlvrd": "001",
    "err": "000",
    "text": "-",
}
MO = {
    "id": JASMIN_ID,
    "from": "15015551234",
    "to": "74700",
    "origin-connector": "smppc1",
    "priority": "1",
    "coding": "0",
    "content": TEXT,
    "binary": "00",
}


class TestJasmin(CallbackRules):
    """Source: Jasmin's page on its HTTP API, which wants one word as an answer."""

    cls = KannelBackend
    options = {**TestKannel.options, "dialect": "jasmin"}  # noqa: RUF012
    reply = Reply(body=b"ACK/Jasmin")
    samples = (
        (
            post_form(DLR, URL),
            [attrs.evolve(REPORT, provider_id=JASMIN_ID, word="DELIVRD")],
        ),
        (get(DLR, URL), [attrs.evolve(REPORT, provider_id=JASMIN_ID, word="DELIVRD")]),
        (post_form(MO), [attrs.evolve(MESSAGE, provider_id=JASMIN_ID, at=None)]),
    )
    unlisted = post_form({**DLR, "message_status": "novel"})

    def test_ucs2_is_read_from_its_bytes(self) -> None:
        """What is not UTF-8 in the field beside them does not matter."""
        fields = {**MO, "coding": "8", "binary": TEXT.encode("utf-16-be").hex(), "content": "?"}
        callback = post_form(fields)
        raw = attrs.evolve(callback, body=callback.body.replace(b"content=%3F", b"content=%FE%FF"))

        assert [TEXT] == [each.text for each in self.read(raw)]
        assert None is self.read_or_refuse(post_form({**fields, "binary": "d8"}))
