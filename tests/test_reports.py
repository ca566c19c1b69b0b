"""`Sender.report`: the report of a result, by whichever provider took the text."""

from __future__ import annotations

import attrs
import pytest

from sumotext_backend import Message, Outcome, Reason, Sender, SendResult, SmsBackend, connect
from sumotext_backend.events import DeliveryReport, DeliveryStatus
from sumotext_backend.local import MemoryBackend
from sumotext_backend.providers import Msisdn, NoAnswer, Request, Response
from sumotext_backend.routing import Route
from sumotext_backend.simulator import Simulator
from sumotext_backend.testing import HostileGateway, Reply
from tests.plain_backend import PlainBackend

MESSAGE = Message("5015551234", "hello")


def configuration(url: str) -> dict[str, object]:
    """A chain whose first provider is not there."""
    account = {"backend": "sumotext", "shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS"}
    return {
        "providers": {
            "default": {"backend": "fallback", "chain": ["gone", "main"]},
            "gone": {**account, "base_url": "http://127.0.0.1:9"},
            "main": {**account, "base_url": url},
        },
        "health": {"state": "off"},
    }


def test_the_provider_that_took_the_text_is_asked() -> None:
    """In a chain that is the one whose attempt was accepted; the report bears its alias."""
    with Simulator() as gateway, connect(configuration(gateway.url)) as sms:
        result = sms.send(MESSAGE)
        report = sms.report(result)

        assert isinstance(report, DeliveryReport)
        assert report.alias == "main"
        assert report.provider_id == result.message_id
        assert report.status is DeliveryStatus.SUBMITTED


def test_a_result_without_an_id_cannot_be_asked_for() -> None:
    """Nobody is asked."""
    with HostileGateway("U35") as gateway, connect(configuration(gateway.url)) as sms:
        result = attrs.evolve(sms.send(MESSAGE), message_id=None)
        before = gateway.gets
        said = sms.report(result)

        assert isinstance(said, NoAnswer)
        assert gateway.gets == before


def test_a_result_of_another_configuration_says_so() -> None:
    """By the alias that is not there."""
    with Simulator() as gateway, connect(configuration(gateway.url)) as sms:
        result = attrs.evolve(sms.send(MESSAGE), provider="elsewhere")
        said = sms.report(result)

        assert isinstance(said, NoAnswer)
        assert said.reason is Reason.CONFIGURATION
        assert "'elsewhere'" in said.detail


def test_a_backend_that_has_no_reports_says_so() -> None:
    """The local ones, for one."""
    with connect("null://") as sms:
        said = sms.report(sms.send(MESSAGE))

        assert isinstance(said, NoAnswer)
        assert said.reason is Reason.UNSUPPORTED


def test_every_send_has_a_reference_of_its_own() -> None:
    """It is in the result, and the provider is given the same; a message may bring one."""
    backend = MemoryBackend()
    sms = Sender(backend)
    results = [sms.send(MESSAGE), sms.send(MESSAGE)]
    own = sms.send(attrs.evolve(MESSAGE, reference="mine"))

    assert [message.reference for message in backend.outbox] == [
        *(result.reference for result in results),
        own.reference,
    ]
    assert results[0].reference != results[1].reference
    assert own.reference == "mine"


class Other(SmsBackend):
    """A stranger's, which knows of no region."""

    name = "other"

    def send(self, message: Message) -> SendResult:
        """Accept it."""
        return SendResult(backend="other", to=message.to, outcome=Outcome.ACCEPTED)


@pytest.mark.parametrize("backend", [MemoryBackend(), Other()], ids=["ours", "another"])
def test_a_result_says_where_its_number_was_dialled(backend: SmsBackend) -> None:
    """That is what the message says, what the sender says, or the United States."""
    regions = [
        Sender(backend, region=region).send(attrs.evolve(MESSAGE, region=own)).region
        for region, own in ((None, None), ("CA", None), ("CA", "BB"))
    ]

    assert regions == ["US", "CA", "BB"]


@attrs.frozen(kw_only=True)
class Curious(PlainBackend):
    """Keeps the numbers that it is asked about."""

    asked: list[Msisdn | None] = attrs.field(factory=list)

    def report_request(self, provider_id: str, number: Msisdn | None) -> Request:
        """Keep ``number``."""
        self.asked.append(number)
        return Request(target=f"/{provider_id}")

    def read_report(self, response: Response, provider_id: str) -> DeliveryReport:
        """Some report."""
        return DeliveryReport(alias="", provider_id=provider_id, status=DeliveryStatus.ENROUTE)


def test_the_provider_is_asked_with_the_number_that_was_texted() -> None:
    """As it is dialled where it was; one whose region cannot be read here is left out."""
    pytest.importorskip("phonenumbers")
    with HostileGateway(Reply(b"1\n")) as gateway:
        curious = Curious(base_url=gateway.url)
        with Sender(Route(provider="main", of=curious)) as sms:
            result = sms.send(Message("9123456789", "hello", region="IN"))
            for each in (result, attrs.evolve(result, region="nowhere")):
                assert isinstance(sms.report(each), DeliveryReport)

    assert curious.asked == [Msisdn("+919123456789"), None]
