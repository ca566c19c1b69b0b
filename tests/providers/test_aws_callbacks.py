"""What Amazon SNS calls us for."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from typing import Any

import attrs
import pytest
from callback_requests import NOW, TOPIC, post_json, post_notification, sns_keys
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import (
    ConfigurationError,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    Reason,
    SubscriptionRequest,
)
from sumotext_backend.providers import Authenticity, AwsBackend, Callback, NamesCertificate
from sumotext_backend.simulator.signers import SNS_CERTIFICATE_URL, sign_sns

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not find_spec("botocore"), reason="needs the extra 'aws'"),
]

ID = "862a8790-60c0-4430-9b2b-658bd1234567"
AT = dt.datetime(2026, 11, 29, 19, 20, 1, 470000, dt.UTC)
EVENT = {
    "eventType": "TEXT_SUCCESSFUL",
    "eventVersion": "1.0",
    "eventTimestamp": 1795980001470,
    "isFinal": True,
    "originationPhoneNumber": "+15550001111",
    "destinationPhoneNumber": NUMBER,
    "messageId": ID,
    "messageStatus": "SUCCESSFUL",
    "messageStatusDescription": "Message has been accepted by phone carrier",
    "context": {"ref": "7f8d1c1e-ref"},
    "totalMessageParts": 1,
}
INBOUND = {
    "originationNumber": NUMBER,
    "destinationNumber": "+15550001111",
    "messageKeyword": "KEYWORD_123",
    "messageBody": TEXT,
    "inboundMessageId": ID,
    "previousPublishedMessageId": "wJalrXUtnFEMI",
}
CONFIRM = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37"
QUESTION = {
    "Type": "SubscriptionConfirmation",
    "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
    "Token": "2336412f37",
    "TopicArn": TOPIC,
    "Message": "You have chosen to subscribe.\nTo confirm, visit the SubscribeURL.",
    "SubscribeURL": CONFIRM,
}
REPORT = DeliveryReport(
    alias="main",
    reference="7f8d1c1e-ref",
    provider_id=ID,
    status=DeliveryStatus.ACCEPTED,
    word="SUCCESSFUL",
    at=AT,
    final=True,
)
UNSIGNED = {"SignatureVersion", "Signature", "SigningCertURL", "SubscribeURL"}
MESSAGE = InboundMessage(
    alias="main",
    sender=NUMBER,
    recipient="+15550001111",
    text=TEXT,
    provider_id=ID,
    keyword="KEYWORD_123",
)


def sign(callback: Callback, key: str, now: float, version: str = "2") -> Callback:
    """Sign as SNS does; the receiver has fetched the certificate."""
    signed = sign_sns(callback, key, now, version=version)
    return attrs.evolve(signed, certificate=sns_keys()[1])


class TestAws(CallbackRules):
    """Source: AWS's pages on messaging events, two-way SMS and SNS's signatures."""

    cls = AwsBackend
    options = {"region": "us-east-1", "access_key_id": "A", "secret_access_key": "s"}  # noqa: RUF012
    keys = {"topic_arns": ("arn:aws:sns:us-east-1:123456789012:other", TOPIC)}  # noqa: RUF012
    key, other_key = sns_keys()[0], sns_keys(2)[0]
    sign = staticmethod(sign)
    samples = (
        (post_notification(EVENT), [REPORT]),
        (post_notification(INBOUND), [MESSAGE]),
        (post_notification(EVENT, Subject="hello"), [REPORT]),
        (
            post_json(QUESTION),
            [SubscriptionRequest(alias="main", topic=TOPIC, url=CONFIRM)],
        ),
        (post_json({**QUESTION, "Type": "UnsubscribeConfirmation"}), []),
    )
    unlisted = post_notification({**EVENT, "messageStatus": "novel", "isFinal": False})

    def test_one_that_was_changed_on_the_way_is_wrong(self) -> None:
        """Each of the fields that are signed."""
        for callback, _ in self.samples:
            signed = self.signed(callback)
            body = json.loads(signed.body)
            for name in {*body} - UNSIGNED:
                changed = {**body, name: body[name] + "x"}
                twin = attrs.evolve(signed, body=json.dumps(changed).encode())

                assert Authenticity.WRONG is self.checking().authenticate(twin, NOW), name

    def test_both_versions_of_the_signature_hold(self) -> None:
        """SHA-1 and SHA-256; a third does not."""
        sample, backend = self.samples[0][0], self.checking()
        first = sign(sample, self.key, NOW, "1")
        third = json.loads(first.body) | {"SignatureVersion": "3"}

        assert Authenticity.PROVEN is backend.authenticate(first, NOW)
        assert Authenticity.WRONG is backend.authenticate(
            attrs.evolve(first, body=json.dumps(third).encode()), NOW
        )

    @pytest.mark.parametrize(
        "certificate",
        [b"", b"-----BEGIN CERTIFICATE-----", sns_keys(3, ended=True)[1], sns_keys(2)[1]],
        ids=["none", "cut", "ended", "other"],
    )
    def test_a_certificate_that_does_not_hold_proves_nothing(self, certificate: bytes) -> None:
        """None, half a one, one that has run out, and somebody else's."""
        key = sns_keys(3, ended=True)[0] if certificate == sns_keys(3, ended=True)[1] else self.key
        signed = attrs.evolve(sign_sns(self.samples[0][0], key, NOW), certificate=certificate)

        assert Authenticity.WRONG is self.checking().authenticate(signed, NOW)

    def test_another_topic_proves_nothing(self) -> None:
        """Whoever has a topic has SNS sign for him."""
        signed = self.signed(self.samples[0][0])
        backend = self.backend(topic_arns=("arn:aws:sns:us-east-1:123456789012:other",))

        assert Authenticity.WRONG is backend.authenticate(signed, NOW)

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "http://sns.us-east-1.amazonaws.com/x.pem",
            "https://sns.us-east-1.amazonaws.com.example.com/x.pem",
            "https://example.com/sns.us-east-1.amazonaws.com/x.pem",
            "https://sns.us-east-1.amazonaws.com@example.com/x.pem",
            "https://sns.us-east-1.amazonaws.com:8443/x.pem",
            "https://bucket.s3.amazonaws.com/x.pem",
            "https://sns.us-east-1.amazonaws.com/../x.pem",
            "https://sns.us-east-1.amazonaws.com/x.pem\n",
        ],
    )
    def test_a_certificate_is_fetched_from_sns_alone(self, url: str) -> None:
        """What names another place is not fetched, and wrong."""
        signed = self.signed(self.samples[0][0])
        body = json.loads(signed.body) | {"SigningCertURL": url}
        astray = attrs.evolve(signed, body=json.dumps(body).encode())
        backend = self.checking()

        assert isinstance(backend, NamesCertificate)
        assert None is backend.find_certificate_url(astray)
        assert Authenticity.WRONG is backend.authenticate(astray, NOW)
        assert SNS_CERTIFICATE_URL == backend.find_certificate_url(signed)
        assert None is backend.find_certificate_url(attrs.evolve(signed, body=b"{"))

    def test_only_sns_is_answered_that_it_may_call(self) -> None:
        """A question that points elsewhere is refused."""
        elsewhere = post_json({**QUESTION, "SubscribeURL": "https://example.com/?Token=2"})

        assert None is self.read_or_refuse(elsewhere)

    @pytest.mark.parametrize("message", ["hello", "[]", '{"a": 1, "a": 2}', "null"])
    def test_a_notification_that_is_no_event_is_refused(self, message: str) -> None:
        """In one line."""
        assert None is self.read_or_refuse(post_notification(message))

    def test_a_status_says_why(self) -> None:
        """A filter is about the text."""
        event = {**EVENT, "messageStatus": "SPAM"}
        report = self.read(post_notification(event))[0]

        assert (DeliveryStatus.REJECTED, Reason.CONTENT) == (report.status, report.reason)

    @pytest.mark.parametrize("topic", ["", "texts", "arn:aws:sqs:us-east-1:123456789012:texts"])
    def test_a_topic_that_is_none_is_refused(self, topic: str) -> None:
        """When it is configured."""
        with pytest.raises(ConfigurationError, match="topic_arns"):
            self.backend(topic_arns=(topic,))

    def test_without_cryptography_it_says_what_to_install(self) -> None:
        """One line, when a topic is configured."""
        make = "AwsBackend(region='us-east-1', access_key_id='A', secret_access_key='s'"
        code = (
            "import sys; sys.modules['cryptography'] = None\n"
            "from sumotext_backend.providers import AwsBackend\n"
            f"{make})\n{make}, topic_arns=[{TOPIC!r}])\n"
        )
        run: Any = partial(subprocess.run, capture_output=True, text=True, check=False, timeout=60)
        last = run([sys.executable, "-c", code]).stderr.strip().splitlines()[-1]

        assert "option 'topic_arns' needs cryptography: pip install" in last
