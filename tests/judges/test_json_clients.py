"""For the same text the providers' own clients make the same request as ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from our_providers import list_answers

from sumotext_backend import Message
from sumotext_backend.http import HttpBackend
from sumotext_backend.providers.clicksend import ClickSendBackend
from sumotext_backend.providers.infobip import InfobipBackend
from sumotext_backend.providers.messagebird import MessageBirdBackend
from sumotext_backend.providers.sinch import SinchBackend
from sumotext_backend.testing import Reply
from sumotext_backend.testing.hostile.gateway import HostileGateway
from sumotext_backend.testing.hostile.request import Request

pytestmark = pytest.mark.once

FROM, TO, REF = "15015550000", "15015551234", "5b0c9f2e-2f3a-4d0e-9a64-1f2f8c0f7d11"
KEY = "s3cret-k3y"
TEXTS = ["hello", "\u0142 \U0001f44d", 'a&b="c"\n']


def by_messagebird(url: str, text: str) -> None:
    """MessageBird's client."""
    messagebird = pytest.importorskip("messagebird")
    http = pytest.importorskip("messagebird.http_client").HttpClient(f"{url}/", KEY, "test")
    client = messagebird.Client(KEY, http_client=http)
    client.message_create(FROM, [TO], text, {"reference": REF, "datacoding": "auto"})


def by_sinch(url: str, text: str) -> None:
    """Sinch's client."""
    sinch = pytest.importorskip("sinch")
    client = sinch.SinchClient(service_plan_id="plan1", sms_api_token=KEY, sms_region="us")
    client.configuration.sms_domain_with_service_plan_id = url
    client.sms.batches.send_sms(to=[TO], from_=FROM, body=text, client_reference=REF)


def by_infobip(url: str, text: str) -> None:
    """Infobip's client."""
    infobip = pytest.importorskip("infobip_api_client")
    api = pytest.importorskip("infobip_api_client.api.sms_api")
    message = infobip.SmsMessage(
        sender=FROM,
        destinations=[infobip.SmsDestination(to=TO, message_id=REF)],
        content=infobip.SmsMessageContent(infobip.SmsTextContent(text=text)),
    )
    client = infobip.ApiClient(infobip.Configuration(host=url, api_key=KEY))
    api.SmsApi(client).send_sms_messages(infobip.SmsRequest(messages=[message]))


def by_clicksend(url: str, text: str) -> None:
    """ClickSend's client."""
    clicksend = pytest.importorskip("clicksend")
    message = clicksend.SendSmsRequestMessagesInner.from_dict(
        {"body": text, "to": f"+{TO}", "from": f"+{FROM}", "custom_string": REF}
    )
    client = clicksend.ApiClient(clicksend.Configuration(host=url, username="me", password=KEY))
    sms = clicksend.SmsApi(client)
    sms.send_sms(send_sms_request=clicksend.SendSmsRequest(messages=[message]))


OURS: dict[str, tuple[Callable[[str, str], None], Callable[[str], HttpBackend]]] = {
    "messagebird": (
        by_messagebird,
        lambda url: MessageBirdBackend(access_key=KEY, sender=FROM, base_url=url),
    ),
    "sinch": (
        by_sinch,
        lambda url: SinchBackend(service_plan_id="plan1", api_token=KEY, sender=FROM, base_url=url),
    ),
    "infobip": (
        by_infobip,
        lambda url: InfobipBackend(api_key=KEY, sender=FROM, base_url=url),
    ),
    "clicksend": (
        by_clicksend,
        lambda url: ClickSendBackend(username="me", api_key=KEY, sender=f"+{FROM}", base_url=url),
    ),
}


def drop_known(name: str, body: Any) -> Any:
    """The differences that have a reason: the client's own name, and a list written as text."""
    if name == "messagebird" and isinstance(body["recipients"], str):
        return body | {"recipients": body["recipients"].split(",")}
    if name == "clicksend":
        texts = [{k: v for k, v in each.items() if k != "source"} for each in body["messages"]]
        return {"messages": texts}
    return body


@pytest.mark.parametrize("text", TEXTS, ids=["plain", "unicode", "marks"])
@pytest.mark.parametrize("name", OURS)
def test_our_request_is_that_of_the_official_client(name: str, text: str) -> None:
    """In method, path, login and decoded fields."""
    theirs, ours = OURS[name]
    status, body = list_answers(name)[0]
    with HostileGateway(accepts=Reply.json(json.loads(body), f"{status} OK")) as gateway:
        theirs(gateway.url, text)
        backend = ours(gateway.url)
        result = backend.send(Message(f"+{TO}", text, reference=REF))
        backend.close()

        assert result.reason is None
        assert len(gateway.requests) == 2
        first, second = (describe(name, request) for request in gateway.requests)
    assert first == second


def describe(name: str, request: Request) -> tuple[str, str, str, Any]:
    """What two requests must have in common."""
    login = request.headers["authorization"]
    return request.method, request.path, login, drop_known(name, request.json)
