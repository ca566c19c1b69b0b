"""What Twilio calls us for."""

from __future__ import annotations

import attrs
import pytest
from callback_requests import NOW, URL, get, post_form, post_json
from callback_rules import NUMBER, TEXT, CallbackRules

from sumotext_backend import (
    ConsentSource,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    OptIn,
    OptOut,
    Reason,
)
from sumotext_backend.providers import Authenticity, Callback, Reply, TwilioBackend
from sumotext_backend.providers.twilio_callbacks import is_signed
from sumotext_backend.simulator.signers import sign_twilio

pytestmark = pytest.mark.once


SID = "SM0123456789abcdef0123456789abcdef"
STATUS = {
    "SmsSid": SID,
    "SmsStatus": "undelivered",
    "MessageStatus": "undelivered",
    "To": NUMBER,
    "MessagingServiceSid": "",
    "MessageSid": SID,
    "AccountSid": "AC0123456789abcdef0123456789abcdef",
    "From": "+15550001111",
    "ErrorCode": "30007",
    "ApiVersion": "2010-04-01",
}
INBOUND = {
    "ToCountry": "US",
    "SmsMessageSid": SID,
    "NumMedia": "0",
    "SmsSid": SID,
    "SmsStatus": "received",
    "Body": TEXT,
    "FromCountry": "US",
    "To": "74700",
    "NumSegments": "1",
    "MessageSid": SID,
    "AccountSid": "AC0123456789abcdef0123456789abcdef",
    "From": NUMBER,
    "ApiVersion": "2010-04-01",
}
REPORT = DeliveryReport(
    alias="main",
    reference="7f8d1c1e-ref",
    provider_id=SID,
    status=DeliveryStatus.UNDELIVERABLE,
    reason=Reason.CONTENT,
    code="30007",
    word="undelivered",
)
MESSAGE = InboundMessage(alias="main", sender=NUMBER, recipient="74700", text=TEXT, provider_id=SID)


class TestTwilio(CallbackRules):
    """Source: Twilio's pages on status callbacks and on inbound messages."""

    cls = TwilioBackend
    options = {"account_sid": "AC1", "auth_token": "t0ken", "sender": "+15550001111"}  # noqa: RUF012
    keys = {"callback_keys": ("0lder", "s3cret-\u00fcmlaut/+")}  # noqa: RUF012
    always = True
    has_time = False
    sign = staticmethod(sign_twilio)
    reply = Reply(headers={"Content-Type": "text/xml"}, body=b"<Response/>")
    samples = (
        (post_form(STATUS, URL), [REPORT]),
        (get(STATUS, URL), [REPORT]),
        (post_form(INBOUND), [MESSAGE]),
        (
            post_form({**STATUS, "MessageStatus": "sent", "ErrorCode": ""}, URL),
            [
                attrs.evolve(
                    REPORT,
                    status=DeliveryStatus.ENROUTE,
                    reason=None,
                    code=None,
                    word="sent",
                    final=False,
                )
            ],
        ),
    )
    unlisted = post_form({**STATUS, "MessageStatus": "novel", "ErrorCode": ""})

    def test_an_opt_out_in_a_report_is_told_as_one(self) -> None:
        """21610: the person said STOP before."""
        events = self.read(post_form({**STATUS, "ErrorCode": "21610"}, URL))

        assert OptOut(alias="main", number=NUMBER, source=ConsentSource.REPORT) == events[1]
        assert Reason.OPTED_OUT is events[0].reason

    @pytest.mark.parametrize(("kind", "cls"), [("STOP", OptOut), ("START", OptIn)])
    def test_what_the_service_itself_understood_is_taken(self, kind: str, cls: type) -> None:
        """Once, and whatever the words were."""
        events = self.read(post_form({**INBOUND, "Body": "ALTO", "OptOutType": kind}))

        assert [InboundMessage, cls] == [type(each) for each in events]
        assert ConsentSource.PROVIDER is events[1].source

    def test_the_account_s_token_is_a_key(self) -> None:
        """Without any other option."""
        signed = sign_twilio(post_form(INBOUND), "t0ken", NOW)

        assert Authenticity.PROVEN is self.backend().authenticate(signed, NOW)

    def test_an_api_key_alone_checks_nothing(self) -> None:
        """Twilio signs with the account's token, which is not there."""
        backend = self.backend(auth_token=None, api_key="SK1", api_secret="s")

        assert Authenticity.UNPROVEN is backend.authenticate(post_form(INBOUND), NOW)

    def test_signalwire_signs_with_a_key_of_its_own(self) -> None:
        """The token is none there; its header has another name."""
        space = self.backend(base_url="https://example.signalwire.com/api/laml")
        keyed = attrs.evolve(space, callback_keys=("PSK_1",))
        signed = sign_twilio(post_form(INBOUND), "PSK_1", NOW)
        named = attrs.evolve(
            signed,
            headers={**signed.headers, "X-SignalWire-Signature": "", "x-twilio-signature": ""},
        )
        named = attrs.evolve(
            named,
            headers={
                **named.headers,
                "x-signalwire-signature": signed.header("X-Twilio-Signature"),
            },
        )

        assert Authenticity.UNPROVEN is space.authenticate(signed, NOW)
        assert Authenticity.PROVEN is keyed.authenticate(named, NOW)

    def test_a_shared_key_signs_by_another_hash(self) -> None:
        """The header names it; one that nobody knows is refused."""
        signed = sign_twilio(post_form(INBOUND), self.key, NOW, algorithm="HMAC_SHA256")
        header = "x-twilio-webhooks-signature-settings"
        odd = attrs.evolve(signed, headers={**signed.headers, header: "algorithm=HMAC_MD4"})
        older = attrs.evolve(signed, headers={**signed.headers, header: "algorithm=HMAC_SHA1"})

        assert Authenticity.PROVEN is self.checking().authenticate(signed, NOW)
        assert Authenticity.WRONG is self.checking().authenticate(odd, NOW)
        assert Authenticity.WRONG is self.checking().authenticate(older, NOW)

    def test_another_body_is_known_by_its_hash_in_the_address(self) -> None:
        """Twilio's scheme for JSON: the address is signed, and has the hash of the body."""
        signed = sign_twilio(post_json({"a": "\u00e9"}, URL), self.key, NOW)
        other = attrs.evolve(signed, body=b"{}")
        bare = attrs.evolve(signed, url=URL)

        assert is_signed(signed, [self.key])
        assert not is_signed(other, [self.key])
        assert not is_signed(bare, [self.key])

    @pytest.mark.parametrize("port", [":443", ":8443", ""])
    def test_a_port_may_be_signed_or_not(self, port: str) -> None:
        """Twilio signs the address now with its port, now without."""
        with_port = URL.replace("example.com", f"example.com{port}")
        signed = sign_twilio(post_form(STATUS, with_port), self.key, NOW)
        twins = {with_port, URL} | ({URL.replace("com", "com:443", 1)} if port == "" else set())

        if port != ":8443":
            for url in twins:
                assert is_signed(attrs.evolve(signed, url=url), [self.key]), url
        assert not is_signed(attrs.evolve(signed, url=f"{URL}&x=1"), [self.key])

    def test_the_header_s_name_is_read_in_any_case(self) -> None:
        """As HTTP says."""
        signed = sign_twilio(post_form(INBOUND), self.key, NOW)
        value = signed.header("X-Twilio-Signature")
        plain: Callback = post_form(INBOUND)
        shouted = attrs.evolve(plain, headers={**plain.headers, "X-TWILIO-SIGNATURE": value})

        assert Authenticity.PROVEN is self.checking().authenticate(shouted, NOW)
