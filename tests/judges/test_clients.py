"""The providers' own clients: for the same message our request equals theirs.

Both are pointed at a server on loopback that records. Equal are method, path, login and decoded
fields; what differs is listed with its reason, and nothing else may.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any
from urllib.parse import parse_qsl

import attrs
import bandwidth
import plivo
import pytest
import telnyx
import twilio.rest
import vonage
import vonage_sms

from sumotext_backend import Message, SmsBackend
from sumotext_backend.providers import (
    BandwidthBackend,
    PlivoBackend,
    TelnyxBackend,
    TwilioBackend,
    VonageBackend,
)
from sumotext_backend.testing import HostileGateway, Reply
from sumotext_backend.testing.hostile.request import Request

TO, FROM, REFERENCE = "+15015551234", "+15550001111", "7f8d1c1e-ref"
HOOK = "https://hooks.example.com/r"
TEXTS = ("hello", "100 % & more = +?# \u20ac", "\u4f60\u597d \U0001f44d", "a\r\nb")


@attrs.frozen
class Case:
    """One client. ``extra`` are fields that only it sends."""

    make: Callable[[str], SmsBackend]
    send: Callable[[HostileGateway, str], object]
    answer: Reply
    extra: Mapping[str, Any] = {}
    tls: bool = False


def send_by_twilio(gateway: HostileGateway, text: str) -> None:
    """Send by twilio."""
    client = twilio.rest.Client("AC1", "t0ken")
    client.api.base_url = gateway.url
    client.messages.create(to=TO, from_=FROM, body=text, status_callback=f"{HOOK}?ref={REFERENCE}")


def send_by_vonage(gateway: HostileGateway, text: str) -> None:
    """Send by vonage, which knows https alone."""
    options = vonage.HttpClientOptions(rest_host=gateway.url.removeprefix("https://"))
    auth = vonage.Auth(api_key="key", api_secret="s3cret")
    client = vonage.Vonage(auth, options)
    kind = "text" if text.isascii() or "\u20ac" in text else "unicode"
    client.sms.send(
        vonage_sms.SmsMessage(
            to=TO[1:], from_=FROM[1:], text=text, type=kind, client_ref=REFERENCE, callback=HOOK
        )
    )


def send_by_telnyx(gateway: HostileGateway, text: str) -> None:
    """Send by telnyx."""
    with telnyx.Telnyx(api_key="KEY1", base_url=f"{gateway.url}/v2", max_retries=0) as client:
        client.messages.send(to=TO, from_=FROM, text=text, webhook_url=f"{HOOK}?ref={REFERENCE}")


def send_by_plivo(gateway: HostileGateway, text: str) -> None:
    """Send by plivo, whose address is a constant of its module."""
    client = plivo.RestClient("MAXXXXXXXXXXXXXXXXXX", "t0ken")
    kept = plivo.rest.client.PLIVO_API_BASE_URI
    plivo.rest.client.PLIVO_API_BASE_URI = f"{gateway.url}/v1/Account"
    try:
        client.messages.create(src=FROM, dst=TO, text=text, url=f"{HOOK}?ref={REFERENCE}")
    finally:
        plivo.rest.client.PLIVO_API_BASE_URI = kept


class Rerouted(bandwidth.ApiClient):
    """Its client with another address: its own is fixed for each operation."""

    address = ""

    def call_api(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        """Ask the recording server."""
        path = re.sub(r"^https://messaging\.bandwidth\.com", self.address, url)
        return super().call_api(method, path, *args, **more)


def send_by_bandwidth(gateway: HostileGateway, text: str) -> None:
    """Send by bandwidth-sdk."""
    client = Rerouted(bandwidth.Configuration(username="user", password="s3cret"))
    client.address = gateway.url
    fields = {"applicationId": "app", "to": [TO], "from": FROM, "text": text, "tag": REFERENCE}
    bandwidth.MessagesApi(client).create_message("9900000", bandwidth.MessageRequest(**fields))


CASES = {
    "twilio": Case(
        lambda url: TwilioBackend(
            account_sid="AC1", auth_token="t0ken", sender=FROM, callback_url=HOOK, base_url=url
        ),
        send_by_twilio,
        Reply.json({"sid": f"SM{'0a' * 16}", "status": "queued"}, "201 Created"),
    ),
    "vonage": Case(
        lambda url: VonageBackend(
            api_key="key", api_secret="s3cret", sender=FROM, callback_url=HOOK, base_url=url
        ),
        send_by_vonage,
        Reply.json(
            {
                "message-count": "1",
                "messages": [
                    {
                        "to": TO[1:],
                        "message-id": "0C000000217B7F02",
                        "status": "0",
                        "remaining-balance": "1",
                        "message-price": "1",
                        "network": "1",
                    }
                ],
            }
        ),
        tls=True,
    ),
    "telnyx": Case(
        lambda url: TelnyxBackend(api_key="KEY1", sender=FROM, callback_url=HOOK, base_url=url),
        send_by_telnyx,
        Reply.json({"data": {"id": "{message_id}", "to": [{"status": "queued"}]}}),
    ),
    "plivo": Case(
        lambda url: PlivoBackend(
            auth_id="MAXXXXXXXXXXXXXXXXXX",
            auth_token="t0ken",
            sender=FROM,
            callback_url=HOOK,
            base_url=url,
        ),
        send_by_plivo,
        Reply.json(
            {"message": "message(s) queued", "message_uuid": ["{message_id}"], "api_id": "x"},
            "202 Accepted",
        ),
        # What Plivo takes for granted where it is left out.
        extra={"type": "sms", "method": "POST", "log": "true", "trackable": False},
    ),
    "bandwidth": Case(
        lambda url: BandwidthBackend(
            account_id="9900000",
            username="user",
            password="s3cret",
            application_id="app",
            sender=FROM,
            base_url=url,
        ),
        send_by_bandwidth,
        Reply.json({"id": "1589228074636lm4k2je7j7jklbn2", "direction": "out"}, "202 Accepted"),
    ),
}


def describe(request: Request) -> dict[str, Any]:
    """What must be equal of a request."""
    if "json" in request.headers["content-type"]:
        fields = json.loads(request.body)
    else:
        fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    return {
        "method": request.method,
        "target": request.target,
        "login": request.headers["authorization"],
        "type": request.headers["content-type"].partition(";")[0],
        "fields": fields,
    }


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    """Each client."""
    return CASES[request.param]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("text", TEXTS)
def test_our_request_is_theirs(case: Case, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Method, path, login and decoded fields; texts of all kinds."""
    with HostileGateway(tls=case.tls, accepts=case.answer) as gateway:
        backend = attrs.evolve(case.make(gateway.url), ca_bundle=gateway.ca_bundle)  # type: ignore[misc]
        with closing(backend):
            result = backend.send(Message(TO, text, reference=REFERENCE))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", gateway.ca_bundle or "")
        case.send(gateway, text)
        ours, theirs = map(describe, gateway.requests)

    assert result.reason is None
    for name, value in case.extra.items():
        assert value == theirs["fields"].pop(name), name
    assert ours == theirs


@pytest.mark.parametrize(
    "change",
    [{"sender": "74700"}, {"auth_token": "other"}, {"account_sid": "AC2"}, {"callback_url": None}],
)
def test_control_another_request_is_found(change: dict[str, Any]) -> None:
    """So that what is equal above is worth something."""
    case = CASES["twilio"]
    with HostileGateway(accepts=case.answer) as gateway:
        for backend in (case.make(gateway.url), attrs.evolve(case.make(gateway.url), **change)):  # type: ignore[misc]
            with closing(backend):
                backend.send(Message(TO, "hello", reference=REFERENCE))
        first, second = map(describe, gateway.requests)

    assert first != second
