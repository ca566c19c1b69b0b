"""The providers' official clients, each with its default settings, and the same account for us.

To add one: write a function that gets the address to send to and sends one text, and put it in
`PROVIDERS`. A client whose address is fixed is told another one; nothing else of it is changed.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final

import attrs

TO: Final = "+15015551234"
FROM: Final = "+15557122661"
TEXT: Final = "Your order 1234 is ready: come by until 6 pm."
KEY: Final = "k3y"


@attrs.frozen
class Provider:
    """``dsn`` is an account of ours; ``send`` sends by ``package``, the client that it has.

    ``module`` is what the client is imported as. ``tls`` marks one that knows https alone.
    """

    name: str
    dsn: str
    package: str = ""
    module: str = ""
    send: Callable[[str], object] | None = None
    tls: bool = False

    @property
    def title(self) -> str:
        """The client and its version; a dash where the provider has none, or it is missing."""
        return f"{self.package} {version(self.package)}" if self.has_client else "—"

    @property
    def has_client(self) -> bool:
        """Whether there is a client, and it is installed."""
        return bool(self.module) and importlib.util.find_spec(self.module) is not None


def by_twilio(url: str) -> None:
    """Send by twilio."""
    client = importlib.import_module("twilio.rest").Client("AC1", KEY)
    client.api.base_url = url
    client.messages.create(to=TO, from_=FROM, body=TEXT)


def by_vonage(url: str) -> None:
    """Send by vonage."""
    vonage, sms = (importlib.import_module(name) for name in ("vonage", "vonage_sms"))
    options = vonage.HttpClientOptions(rest_host=url.removeprefix("https://"))
    client = vonage.Vonage(vonage.Auth(api_key="key", api_secret=KEY), options)
    client.sms.send(sms.SmsMessage(to=TO[1:], from_=FROM[1:], text=TEXT))


def by_telnyx(url: str) -> None:
    """Send by telnyx."""
    client = importlib.import_module("telnyx").Telnyx(api_key=KEY, base_url=f"{url}/v2")
    client.messages.send(to=TO, from_=FROM, text=TEXT)


def by_plivo(url: str) -> None:
    """Send by plivo."""
    plivo = importlib.import_module("plivo")
    plivo.rest.client.PLIVO_API_BASE_URI = f"{url}/v1/Account"
    client = plivo.RestClient("MAXXXXXXXXXXXXXXXXXX", KEY)
    client.messages.create(src=FROM, dst=TO, text=TEXT)


def by_bandwidth(url: str) -> None:
    """Send by bandwidth-sdk."""
    bandwidth: Any = importlib.import_module("bandwidth")
    client = bandwidth.ApiClient(bandwidth.Configuration(username="user", password=KEY))
    call = client.call_api

    def call_there(method: str, address: str, *args: object, **more: object) -> object:
        return call(method, re.sub(r"^https://[^/]+", url, address), *args, **more)

    client.call_api = call_there
    text = bandwidth.MessageRequest(applicationId="app", to=[TO], **{"from": FROM}, text=TEXT)
    bandwidth.MessagesApi(client).create_message("9900000", text)


def by_boto3(url: str) -> None:
    """Send by boto3."""
    client = importlib.import_module("boto3").client(
        "pinpoint-sms-voice-v2",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key=KEY,
    )
    client.send_text_message(DestinationPhoneNumber=TO, OriginationIdentity=FROM, MessageBody=TEXT)


def by_infobip(url: str) -> None:
    """Send by infobip-api-python-client."""
    infobip: Any = importlib.import_module("infobip_api_client")
    message = infobip.SmsMessage(
        sender=FROM[1:],
        destinations=[infobip.SmsDestination(to=TO[1:])],
        content=infobip.SmsMessageContent(infobip.SmsTextContent(text=TEXT)),
    )
    client = infobip.ApiClient(infobip.Configuration(host=url, api_key=KEY))
    api = importlib.import_module("infobip_api_client.api.sms_api").SmsApi(client)
    api.send_sms_messages(infobip.SmsRequest(messages=[message]))


def by_sinch(url: str) -> None:
    """Send by sinch."""
    sinch = importlib.import_module("sinch")
    client = sinch.SinchClient(service_plan_id="plan1", sms_api_token=KEY, sms_region="us")
    client.configuration.sms_domain_with_service_plan_id = url
    client.sms.batches.send_sms(to=[TO], from_=FROM, body=TEXT)


def by_messagebird(url: str) -> None:
    """Send by messagebird."""
    http = importlib.import_module("messagebird.http_client").HttpClient(f"{url}/", KEY, "client")
    client = importlib.import_module("messagebird").Client(KEY, http_client=http)
    client.message_create(FROM[1:], [TO[1:]], TEXT)


def by_clicksend(url: str) -> None:
    """Send by clicksend-client."""
    clicksend: Any = importlib.import_module("clicksend")
    text = {"body": TEXT, "to": TO, "from": FROM}
    message = clicksend.SendSmsRequestMessagesInner.from_dict(text)
    client = clicksend.ApiClient(clicksend.Configuration(host=url, username="me", password=KEY))
    request = clicksend.SendSmsRequest(messages=[message])
    clicksend.SmsApi(client).send_sms(send_sms_request=request)


PROVIDERS: Final = (
    Provider("sumotext", "sumotext://74700/SUMO?carrier=ATTUS"),
    Provider("sumotext-v2", f"sumotext-v2://{KEY}@74700/SUMO?carrier=ATTUS"),
    Provider("twilio", f"twilio://AC1:{KEY}@{FROM}", "twilio", "twilio", by_twilio),
    Provider("vonage", f"vonage://key:{KEY}@{FROM[1:]}", "vonage", "vonage", by_vonage, tls=True),
    Provider("telnyx", f"telnyx://{KEY}@{FROM}", "telnyx", "telnyx", by_telnyx),
    Provider("plivo", f"plivo://MA1:{KEY}@{FROM}", "plivo", "plivo", by_plivo),
    Provider(
        "bandwidth",
        f"bandwidth://user:{KEY}@9900000/app/{FROM}",
        "bandwidth-sdk",
        "bandwidth",
        by_bandwidth,
    ),
    Provider("aws", f"aws://AKIDEXAMPLE:{KEY}@us-east-1/{FROM}", "boto3", "boto3", by_boto3),
    Provider("kannel", f"kannel://tester:{KEY}@74700"),
    Provider(
        "infobip",
        f"infobip://{KEY}@{FROM[1:]}",
        "infobip-api-python-client",
        "infobip_api_client",
        by_infobip,
    ),
    Provider("sinch", f"sinch://plan1:{KEY}@{FROM[1:]}", "sinch", "sinch", by_sinch),
    Provider(
        "messagebird",
        f"messagebird://{KEY}@{FROM[1:]}",
        "messagebird",
        "messagebird",
        by_messagebird,
    ),
    Provider(
        "clicksend",
        f"clicksend://me:{KEY}@{FROM}",
        "clicksend-client",
        "clicksend",
        by_clicksend,
    ),
    Provider("46elks", f"46elks://u1:{KEY}@{FROM}"),
)
