"""What SUMOTEXT calls us for, by both its APIs."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest
from callback_requests import PLAIN_URL, get
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import (
    ConsentSource,
    CrmUpdate,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    InfoRequest,
    OptIn,
    OptOut,
    PollReply,
)
from sumotext_backend.providers import Callback, SumotextBackend, SumotextV2Backend

pytestmark = pytest.mark.once

MO = {
    "mobile": "5015551234",
    "carrier": "ATTUS",
    "smsid": "2xgh679okl34x",
    "shortcode": "74700",
    "key": "SUMO",
    "msg": TEXT,
}
CRM = {
    "country": "USA",
    "shortcode": "74700",
    "key": "SUMO",
    "mobile": "5015551234",
    "carrierId": "ATTUS",
    "Name": "Jos\u00e9",
    "DOB": "",
    "Zip": "72201",
}
POLL = {
    "mobile": "5015551234",
    "carrier": "ATTUS",
    "shortcode": "74700",
    "key": "SUMO",
    "reply": "a",
    "label": "Blue",
}
INFO = {"lead": "SUMO", "mobile": "5015551234", "msg": TEXT}
PUSHED = {
    "sumoid": "ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0",
    "mtcode": "4",
    "mtdescription": "Delivered to handset",
}

MESSAGE = InboundMessage(
    alias="main",
    sender=NUMBER,
    recipient="74700",
    text=TEXT,
    provider_id="2xgh679okl34x",
    keyword="SUMO",
    carrier="ATTUS",
)
UPDATE = CrmUpdate(
    alias="main",
    number=NUMBER,
    recipient="74700",
    keyword="SUMO",
    country="USA",
    carrier="ATTUS",
    fields={"Name": "Jos\u00e9", "DOB": "", "Zip": "72201"},
)
VOTE = PollReply(
    alias="main",
    sender=NUMBER,
    recipient="74700",
    reply="a",
    label="Blue",
    keyword="SUMO",
    carrier="ATTUS",
)
REQUEST = InfoRequest(alias="main", sender=NUMBER, lead="SUMO", text=TEXT)
REPORT = DeliveryReport(
    alias="main",
    provider_id="ACAEEBE7-DFC3-4837-8E49-AAEB04D6E9E0",
    status=DeliveryStatus.DELIVERED,
    word="Delivered to handset",
)


def call(query: str) -> Callback:
    """A GET whose query is as it stands, not encoded."""
    return Callback(alias="main", method="GET", url=f"{PLAIN_URL}?{query}")


class TestSumotext(CallbackRules):
    """Source: SUMOTEXT's legacy documentation. All are unsigned GETs."""

    cls = SumotextBackend
    options = {"shortcode": "74700", "keyword": "SUMO"}  # noqa: RUF012
    samples = (
        (get(MO), [MESSAGE]),
        (get(CRM), [UPDATE]),
        (get(POLL), [VOTE]),
        (get(INFO), [REQUEST]),
        (get(PUSHED), [REPORT]),
    )
    unlisted = get({**PUSHED, "mtcode": "6", "mtdescription": "novel"})

    def list_forms(self) -> Iterator[tuple[Callback, int, str]]:
        """All but the customer's own fields, which have a rule of their own below."""
        own = ("Name", "DOB", "Zip")
        return (each for each in super().list_forms() if each[2] not in own)

    def test_raw_spaces_in_the_address_are_read(self) -> None:
        """The documented sample has them: ``msg=have a nice day``."""
        query = (
            "mobile=5015551234&carrier=ATTUS&smsid=2xgh679okl34x"
            "&shortcode=74700&key=SUMO&msg=have a nice day"
        )

        assert [attrs.evolve(MESSAGE, text="have a nice day")] == self.read(call(query))

    def test_two_ampersands_are_one(self) -> None:
        """The documented sample of Text-4-Info has them between the first two fields."""
        read = self.read(call("lead=SUMO&&mobile=5015551234&msg=have a nice day"))

        assert [attrs.evolve(REQUEST, text="have a nice day")] == read

    def test_a_failed_text_is_told_by_its_code(self) -> None:
        """The newer API pushes 4 for delivered, and 5 for failed."""
        report = self.read(get({**PUSHED, "mtcode": "5"}))[0]

        assert (DeliveryStatus.UNDELIVERABLE, True) == (report.status, report.final)

    @pytest.mark.parametrize(("consent", "cls"), [("out", OptOut), ("in", OptIn)])
    def test_the_address_of_a_crm_callback_says_what_it_is_about(
        self, consent: str, cls: type[OptOut | OptIn]
    ) -> None:
        """SUMOTEXT's own fields do not; it is about the keyword alone."""
        read = self.read(get(CRM, f"{PLAIN_URL}?consent={consent}"))
        source = ConsentSource.PROVIDER

        assert [UPDATE, cls(alias="main", number=NUMBER, source=source, keyword="SUMO")] == read

    def test_a_field_of_the_customer_s_keeps_no_opt_out_back(self) -> None:
        """One that comes twice is left out."""
        read = self.read(get([*CRM.items(), ("Zip", "2")], f"{PLAIN_URL}?consent=out"))

        assert {"Name", "DOB"} == {*read[0].fields}
        assert OptOut is type(read[1])

    @pytest.mark.parametrize("sample", [{**INFO, "msg": "Stop."}, {**CRM, "msg": "STOP"}])
    def test_a_stop_is_one_by_every_door(self, sample: dict[str, str]) -> None:
        """To Text-4-Info as well, and in the text of a CRM callback."""
        said = self.read(get(sample))[-1]

        assert OptOut(alias="main", number=NUMBER, source=ConsentSource.TEXT) == said

    def test_what_has_none_of_the_fields_is_refused(self) -> None:
        """In one line."""
        assert None is self.read_or_refuse(get({"mobile": "5015551234"}))


class TestSumotextV2(TestSumotext):
    """The same by the newer API, whose reports are pushed."""

    cls = SumotextV2Backend
    options = {**TestSumotext.options, "apikey": "k"}  # noqa: RUF012
