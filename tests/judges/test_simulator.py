"""The providers' own clients, unchanged, pointed at the simulator.

Each sends, sees a refusal as an error of its own, fetches where its provider lets it, and proves
what the simulator told its customer by the client's own check.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
import trustme
from customer import Customer, Told, open_customer

from sumotext_backend.simulator import Pace, Simulator, Text

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ACCOUNT, TOKEN = "AC" + "0f" * 16, "t0ken"
FROM, TO, STOPPED, LANDLESS = "+15015550199", "+15015551234", "+15015550101", "+15015550102"
NO_LOGIN, FAILING = "+15015550103", "+15015550112"
SEED = bytes(range(32))
KEYS = {
    "messagebird": "a signing key of thirty-two bytes",
    "sinch": "webhook-secret",
    "telnyx": base64.b64encode(SEED).decode(),
    "vonage": "signature-secret",
}


@attrs.frozen
class World:
    """A simulator, a customer whom it tells, and the file of the authority that it shows."""

    simulator: Simulator
    customer: Customer
    authority: Path

    @property
    def url(self) -> str:
        """Where the simulator is."""
        return self.simulator.url

    def last(self) -> Text:
        """The text that it took last."""
        return self.simulator.messages[-1]

    def told(self, name: str) -> Told:
        """What the customer was told first by that provider."""
        return next(each for each in iter(self.customer.next, None) if name in each.target)


@pytest.fixture(params=[False], ids=["http"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """All of it, new; over TLS where a test asks for it."""
    authority, certificate = tmp_path / "authority.pem", tmp_path / "certificate.pem"
    made = trustme.CA()
    made.cert_pem.write_to_path(authority)
    made.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
    with open_customer() as customer:
        names = ("bandwidth", "clicksend", "infobip", *KEYS, "plivo", "twilio")
        pace = Pace(callbacks={name: f"{customer.url}/{name}" for name in names}, keys=KEYS)
        secure = certificate if request.param else None
        with Simulator(pace=pace, certificate=secure) as simulator:
            yield World(simulator, customer, authority)


# Twilio


def make_twilio(world: World) -> Any:
    """Its client, at the simulator."""
    import twilio.rest

    client = twilio.rest.Client(ACCOUNT, TOKEN)
    client.api.base_url = f"{world.url}/twilio"
    return client


def test_twilio_sends_and_fetches(world: World) -> None:
    """The text is the one that was sent, and later it is delivered."""
    client = make_twilio(world)
    sent = client.messages.create(to=TO, from_=FROM, body="hello \u0142")
    first = client.messages(sent.sid).fetch()
    world.simulator.advance(10)
    last = client.messages(sent.sid).fetch()
    (listed,) = client.messages.list(to=TO)

    assert (world.last().id, "hello \u0142") == (sent.sid, world.last().body)
    assert ["queued", "queued", "delivered"] == [sent.status, first.status, last.status]
    assert ("hello \u0142", TO, FROM, "1") == (last.body, last.to, last.from_, last.num_segments)
    assert sent.sid == listed.sid
    assert last.date_created == sent.date_created


@pytest.mark.parametrize(
    ("to", "sender", "status", "code"),
    [
        (STOPPED, FROM, 400, 21610),
        (LANDLESS, FROM, 400, 21211),
        (NO_LOGIN, FROM, 401, 20003),
        (FAILING, FROM, 500, 20500),
        ("+15015550114", FROM, 429, 20429),
        ("+15005550001", FROM, 400, 21211),
        ("+15005550002", FROM, 400, 21612),
        ("+15005550003", FROM, 400, 21408),
        ("+15005550004", FROM, 400, 21610),
        ("+15005550009", FROM, 400, 21614),
        (TO, "+15005550001", 400, 21212),
        (TO, "+15005550007", 400, 21606),
        (TO, "+15005550008", 429, 21611),
    ],
)
def test_twilio_sees_its_own_error(
    to: str, sender: str, status: int, code: int, world: World
) -> None:
    """With Twilio's code, for the magic numbers and for Twilio's own test numbers."""
    from twilio.base.exceptions import TwilioRestException

    with pytest.raises(TwilioRestException) as raised:
        make_twilio(world).messages.create(to=to, from_=sender, body="hello")

    assert (status, code) == (raised.value.status, raised.value.code)


def test_twilio_accepts_from_its_own_test_number(world: World) -> None:
    """+15005550006 is a sender that works."""
    assert make_twilio(world).messages.create(to=TO, from_="+15005550006", body="hello").sid


def test_twilio_proves_what_it_was_told(world: World) -> None:
    """Its validator takes the callback of the message, and no other token's."""
    from twilio.request_validator import RequestValidator

    hook = f"{world.customer.url}/twilio?a=b"
    make_twilio(world).messages.create(to=TO, from_=FROM, body="hello", status_callback=hook)
    told = world.told("twilio")
    proof = told.headers["x-twilio-signature"]

    assert RequestValidator(TOKEN).validate(hook, told.form, proof)
    assert not RequestValidator("other").validate(hook, told.form, proof)


# Vonage, whose client knows https alone


def make_vonage(world: World) -> Any:
    """Its client, at the simulator."""
    import vonage

    host = world.url.removeprefix("https://") + "/vonage"
    auth = vonage.Auth(api_key="key", api_secret="s3cret")
    return vonage.Vonage(auth, vonage.HttpClientOptions(rest_host=host))


def send_by_vonage(world: World, to: str, **fields: Any) -> Any:
    """Send one text."""
    from vonage_sms import SmsMessage

    message = SmsMessage(to=to[1:], from_=FROM[1:], text="hello", **fields)
    return make_vonage(world).sms.send(message)


@pytest.fixture
def trusting(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose authority the clients trust."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(world.authority))
    return world


over_tls = pytest.mark.parametrize("world", [True], indirect=True, ids=["https"])


@over_tls
def test_vonage_sends(trusting: World) -> None:
    """A text of one part."""
    sent = send_by_vonage(trusting, TO)

    assert ("1", "0") == (sent.message_count, sent.messages[0].status)
    assert trusting.last().id == sent.messages[0].message_id


@over_tls
def test_vonage_sends_parts(trusting: World) -> None:
    """A long text has an answer for each part."""
    from vonage_sms import SmsMessage

    long = SmsMessage(to=TO[1:], from_=FROM[1:], text="a" * 400)
    sent = make_vonage(trusting).sms.send(long)

    assert ("3", 3) == (sent.message_count, len({each.message_id for each in sent.messages}))


def test_vonage_has_nothing_to_fetch_a_text_by() -> None:
    """Its SMS API sends, and is told that a text arrived."""
    from vonage_sms import Sms

    assert [name for name, value in vars(Sms).items() if callable(value) and name[0] != "_"] == [
        "send",
        "submit_sms_conversion",
    ]


@over_tls
@pytest.mark.parametrize(
    ("to", "status"), [(LANDLESS, "6"), (NO_LOGIN, "4"), ("+15015550114", "1"), (FAILING, "5")]
)
def test_vonage_sees_its_own_error(to: str, status: str, trusting: World) -> None:
    """With Vonage's status."""
    from vonage_sms.errors import SmsError

    with pytest.raises(SmsError, match=f"error code {status}:"):
        send_by_vonage(trusting, to)


@over_tls
def test_vonage_proves_what_it_was_told(trusting: World) -> None:
    """Its client checks the signature over the fields, and refuses that of another secret."""
    import vonage

    send_by_vonage(trusting, TO, callback=f"{trusting.customer.url}/vonage")
    trusting.simulator.advance(10)
    told = trusting.told("vonage")
    checks = [
        vonage.Auth(api_key="key", signature_secret=secret, signature_method="sha256")
        for secret in (KEYS["vonage"], "other")
    ]

    assert [True, False] == [each.check_signature(dict(told.query)) for each in checks]


# Telnyx


def make_telnyx(world: World) -> Any:
    """Its client, at the simulator."""
    import telnyx

    return telnyx.Telnyx(api_key="KEY1", base_url=f"{world.url}/telnyx/v2", max_retries=0)


def test_telnyx_sends_and_fetches(world: World) -> None:
    """The text is the one that was sent, and later it is delivered."""
    with make_telnyx(world) as client:
        sent = client.messages.send(to=TO, from_=FROM, text="hello")
        world.simulator.advance(10)
        fetched = client.messages.retrieve(sent.data.id)

    assert world.last().id == sent.data.id == fetched.data.id
    assert ("queued", "delivered") == (sent.data.to[0].status, fetched.data.to[0].status)
    assert ("hello", FROM) == (fetched.data.text, fetched.data.from_.phone_number)


@pytest.mark.parametrize(
    ("to", "error", "code"),
    [
        (STOPPED, "BadRequestError", "40300"),
        (LANDLESS, "BadRequestError", "40310"),
        (NO_LOGIN, "AuthenticationError", "10009"),
        ("+15015550114", "RateLimitError", "10011"),
        (FAILING, "InternalServerError", "10007"),
    ],
)
def test_telnyx_sees_its_own_error(to: str, error: str, code: str, world: World) -> None:
    """Of the class that stands for the status, with Telnyx's code."""
    import telnyx

    with make_telnyx(world) as client, pytest.raises(getattr(telnyx, error)) as raised:
        client.messages.send(to=to, from_=FROM, text="hello")

    assert code == raised.value.body["errors"][0]["code"]


def test_telnyx_proves_what_it_was_told(world: World) -> None:
    """Its library takes the event, and not a changed one."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from telnyx.lib.webhook_verification import WebhookVerificationError, verify_webhook_signature

    public = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
    key = base64.b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    with make_telnyx(world) as client:
        client.messages.send(to=TO, from_=FROM, text="hello")
    world.simulator.advance(10)
    told = world.told("telnyx")

    verify_webhook_signature(told.body.decode(), told.headers, key)
    with pytest.raises(WebhookVerificationError):
        verify_webhook_signature(told.body.decode() + " ", told.headers, key)


# Plivo, whose address is a constant of its module


@pytest.fixture
def plivo(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Its client, at the simulator."""
    import plivo

    monkeypatch.setattr(plivo.rest.client, "PLIVO_API_BASE_URI", f"{world.url}/plivo/v1/Account")
    return plivo.RestClient("MAXXXXXXXXXXXXXXXXXX", TOKEN)


def test_plivo_sends_and_fetches(world: World, plivo: Any) -> None:
    """The text is the one that was sent, and later it is delivered."""
    sent = plivo.messages.create(src=FROM, dst=f"{TO}<+15015551235", text="hello")
    world.simulator.advance(10)
    fetched = [plivo.messages.get(each) for each in sent.message_uuid]
    listed = plivo.messages.list()

    assert {text.id for text in world.simulator.messages} == {*sent.message_uuid}
    assert ["delivered"] * 2 == [each.message_state for each in fetched]
    assert ["15015551234", "15015551235"] == [each.to_number for each in fetched]
    assert len(listed) == 2


@pytest.mark.parametrize(
    ("to", "error"),
    [
        (LANDLESS, "ValidationError"),
        (NO_LOGIN, "AuthenticationError"),
        (FAILING, "PlivoServerError"),
    ],
)
def test_plivo_sees_its_own_error(to: str, error: str, plivo: Any) -> None:
    """Of the class that stands for the status."""
    import plivo as library

    with pytest.raises(getattr(library.exceptions, error)):
        plivo.messages.create(src=FROM, dst=to, text="hello")


def test_plivo_sees_that_a_text_is_not_there(plivo: Any) -> None:
    """As an error of its own."""
    import plivo as library

    with pytest.raises(library.exceptions.ResourceNotFoundError):
        plivo.messages.get("db3ce55a-7f1d-11e1-8ea7-1231380bc196")


def test_plivo_proves_what_it_was_told(world: World, plivo: Any) -> None:
    """Its check takes the callback, and no other token's."""
    from plivo.utils import validate_signature

    hook = f"{world.customer.url}/plivo"
    plivo.messages.create(src=FROM, dst=TO, text="hello", url=hook)
    told = world.told("plivo")
    proof = (told.headers["x-plivo-signature-v2-nonce"], told.headers["x-plivo-signature-v2"])

    assert validate_signature(hook, *proof, TOKEN)
    assert not validate_signature(hook, *proof, "other")


# Bandwidth, whose address is fixed for each operation


def make_bandwidth(world: World) -> Any:
    """Its API, at the simulator."""
    import bandwidth

    class Rerouted(bandwidth.ApiClient):
        def call_api(self, method: str, url: str, *args: Any, **more: Any) -> Any:
            here = url.replace("https://messaging.bandwidth.com", f"{world.url}/bandwidth")
            return super().call_api(method, here, *args, **more)

    client = Rerouted(bandwidth.Configuration(username="user", password="s3cret"))
    return bandwidth.MessagesApi(client)


def send_by_bandwidth(world: World, to: str) -> Any:
    """Send one text."""
    import bandwidth

    fields = {"applicationId": "app", "to": [to], "from": FROM, "text": "hello", "tag": "t1"}
    return make_bandwidth(world).create_message("9900000", bandwidth.MessageRequest(**fields))


def test_bandwidth_sends_and_lists(world: World) -> None:
    """The text is the one that was sent, and later it is delivered."""
    sent = send_by_bandwidth(world, TO)
    world.simulator.advance(10)
    found = make_bandwidth(world).list_messages("9900000", message_id=sent.id)

    assert (world.last().id, "out", "t1") == (sent.id, sent.direction, sent.tag)
    assert ["DELIVERED"] == [each.message_status for each in found.messages]


@pytest.mark.parametrize(
    ("to", "error"),
    [
        (LANDLESS, "BadRequestException"),
        (NO_LOGIN, "UnauthorizedException"),
        (FAILING, "ServiceException"),
    ],
)
def test_bandwidth_sees_its_own_error(to: str, error: str, world: World) -> None:
    """Of the class that stands for the status, with an error in Bandwidth's form."""
    import bandwidth

    with pytest.raises(getattr(bandwidth.exceptions, error)) as raised:
        send_by_bandwidth(world, to)

    assert {"type", "description"} <= json.loads(raised.value.body).keys()


def test_bandwidth_reads_what_it_was_told(world: World) -> None:
    """Its own model takes the event. Bandwidth signs nothing."""
    import bandwidth

    send_by_bandwidth(world, TO)
    world.simulator.advance(10)
    (event,) = json.loads(world.told("bandwidth").body)
    callback = bandwidth.StatusCallback.from_dict(event)

    assert ("message-delivered", "t1") == (callback.type, callback.message.tag)


# MessageBird


def make_messagebird(world: World) -> Any:
    """Its client, at the simulator."""
    import messagebird
    from messagebird.http_client import HttpClient

    return messagebird.Client("k3y", HttpClient(f"{world.url}/messagebird/", "k3y", "test"))


def test_messagebird_sends_and_fetches(world: World) -> None:
    """The text is the one that was sent, and later it is delivered."""
    client = make_messagebird(world)
    sent = client.message_create(FROM, [TO[1:], "15015551235"], "hello", {"reference": "r1"})
    world.simulator.advance(10)
    fetched = client.message(sent.id)
    items = fetched.recipients["items"]

    assert ("hello", "r1", 2) == (fetched.body, fetched.reference, fetched.recipients["totalCount"])
    assert [15015551234, 15015551235] == [each.recipient for each in items]
    assert ["delivered"] * 2 == [each.status for each in items]


@pytest.mark.parametrize(("to", "code"), [(LANDLESS, 10), (NO_LOGIN, 2), ("+15015550117", 25)])
def test_messagebird_sees_its_own_error(to: str, code: int, world: World) -> None:
    """With MessageBird's code."""
    from messagebird.client import ErrorException

    with pytest.raises(ErrorException) as raised:
        make_messagebird(world).message_create(FROM, [to[1:]], "hello")

    assert [code] == [each.code for each in raised.value.errors]


def test_messagebird_proves_what_it_was_told(world: World) -> None:
    """Its validator takes the callback, and no other key's."""
    from messagebird.error import ValidationError
    from messagebird.request_validator import RequestValidator

    options = {"reference": "r1", "reportUrl": f"{world.customer.url}/messagebird"}
    make_messagebird(world).message_create(FROM, [TO[1:]], "hello", options)
    world.simulator.advance(10)
    told = world.told("messagebird")
    proof = told.headers["messagebird-signature-jwt"], world.customer.url + told.target, told.body

    assert RequestValidator(KEYS["messagebird"]).validate_signature(*proof)
    with pytest.raises(ValidationError):
        RequestValidator("another key, and as long as that").validate_signature(*proof)


# Sinch


def make_sinch(world: World) -> Any:
    """Its client, at the simulator."""
    import sinch

    client = sinch.SinchClient(service_plan_id="plan1", sms_api_token="k3y", sms_region="us")
    client.configuration.sms_domain_with_service_plan_id = f"{world.url}/sinch"
    return client


def test_sinch_sends_and_fetches(world: World) -> None:
    """The batch is the one that was sent, and later it is delivered."""
    client = make_sinch(world)
    numbers = [TO[1:], "15015551235"]
    sent = client.sms.batches.send_sms(
        to=numbers, from_=FROM[1:], body="hello", client_reference="r1"
    )
    world.simulator.advance(10)
    fetched = client.sms.batches.get(batch_id=sent.id)
    one = client.sms.delivery_reports.get_for_number(batch_id=sent.id, recipient=TO[1:])
    whole = client.sms.delivery_reports.get(batch_id=sent.id)

    assert (numbers, "hello", "r1") == (sent.to, fetched.body, fetched.client_reference)
    assert ("Delivered", TO[1:]) == (one.status, one.recipient)
    assert (2, [2]) == (whole.total_message_count, [each.count for each in whole.statuses])


@pytest.mark.parametrize(
    ("to", "status"), [(LANDLESS, 400), (NO_LOGIN, 401), ("+15015550118", 403), (FAILING, 500)]
)
def test_sinch_sees_its_own_error(to: str, status: int, world: World) -> None:
    """With the status."""
    from sinch.core.exceptions import SinchException

    with pytest.raises(SinchException) as raised:
        make_sinch(world).sms.batches.send_sms(to=[to[1:]], from_=FROM[1:], body="hello")

    assert status == raised.value.response_status_code


def test_sinch_proves_what_it_was_told(world: World) -> None:
    """Its validator takes the callback, and no other secret's."""
    client = make_sinch(world)
    hook = f"{world.customer.url}/sinch"
    client.sms.batches.send_sms(
        to=[TO[1:]],
        from_=FROM[1:],
        body="hello",
        callback_url=hook,
        delivery_report="per_recipient",
    )
    world.simulator.advance(10)
    told = world.told("sinch")
    checks = [client.sms.sinch_events(secret) for secret in (KEYS["sinch"], "other")]
    validate: list[Callable[..., bool]] = [each.validate_authentication_header for each in checks]

    assert [True, False] == [each(told.headers, told.body.decode()) for each in validate]


# Infobip


def make_infobip(world: World) -> Any:
    """Its API, at the simulator."""
    import infobip_api_client as infobip
    from infobip_api_client.api.sms_api import SmsApi

    configuration = infobip.Configuration(host=f"{world.url}/infobip", api_key="k3y")
    return SmsApi(infobip.ApiClient(configuration))


def send_by_infobip(world: World, to: str, message_id: str | None = None) -> Any:
    """Send one text."""
    import infobip_api_client as infobip

    message = infobip.SmsMessage(
        sender=FROM[1:],
        destinations=[infobip.SmsDestination(to=to[1:], message_id=message_id)],
        content=infobip.SmsMessageContent(infobip.SmsTextContent(text="hello")),
    )
    return make_infobip(world).send_sms_messages(infobip.SmsRequest(messages=[message])).messages[0]


def test_infobip_sends_and_fetches(world: World) -> None:
    """Under the id that the client chose, which it takes once only."""
    sent = send_by_infobip(world, TO, "own-id-1")
    again = send_by_infobip(world, TO, "own-id-1")
    world.simulator.advance(10)
    (log,) = make_infobip(world).get_outbound_sms_message_logs(message_id=["own-id-1"]).results
    reports = make_infobip(world).get_outbound_sms_message_delivery_reports(message_id="own-id-1")

    assert ("own-id-1", "PENDING") == (sent.message_id, sent.status.group_name)
    assert (5, 23) == (again.status.group_id, again.status.id)
    assert ("DELIVERED", TO[1:]) == (log.status.group_name, log.destination)
    assert ["own-id-1"] == [each.message_id for each in reports.results]


@pytest.mark.parametrize(("to", "code"), [(STOPPED, 14), (LANDLESS, 52), ("+15015550117", 12)])
def test_infobip_sees_a_text_rejected(to: str, code: int, world: World) -> None:
    """In the status of the text, with Infobip's id."""
    sent = send_by_infobip(world, to)

    assert ("REJECTED", code) == (sent.status.group_name, sent.status.id)


@pytest.mark.parametrize(
    ("to", "error"), [(NO_LOGIN, "UnauthorizedException"), (FAILING, "ServiceException")]
)
def test_infobip_sees_its_own_error(to: str, error: str, world: World) -> None:
    """Of the class that stands for the status."""
    from infobip_api_client import exceptions

    with pytest.raises(getattr(exceptions, error)):
        send_by_infobip(world, to)


# ClickSend


def make_clicksend(world: World) -> Any:
    """Its API, at the simulator."""
    import clicksend

    configuration = clicksend.Configuration(
        host=f"{world.url}/clicksend", username="me", password="k3y"
    )
    return clicksend.SmsApi(clicksend.ApiClient(configuration))


def send_by_clicksend(world: World, to: str) -> Any:
    """Send one text."""
    import clicksend

    fields = {"to": to, "from": FROM, "body": "hello", "custom_string": "r1"}
    message = clicksend.SendSmsRequestMessagesInner.from_dict(fields)
    request = clicksend.SendSmsRequest(messages=[message])
    return make_clicksend(world).send_sms(send_sms_request=request).data.messages[0]


def test_clicksend_sends_and_fetches(world: World) -> None:
    """The text is the one that was sent, and later there is its receipt."""
    sent = send_by_clicksend(world, TO)
    world.simulator.advance(10)
    receipt = make_clicksend(world).view_specific_sms_receipt(sent.message_id).data

    assert ("SUCCESS", world.last().id) == (sent.status, sent.message_id)
    assert (201, "r1") == (receipt.status_code, receipt.custom_string)


@pytest.mark.parametrize(
    ("to", "word"), [(LANDLESS, "INVALID_RECIPIENT"), ("+15015550117", "INSUFFICIENT_CREDIT")]
)
def test_clicksend_sees_a_text_refused(to: str, word: str, world: World) -> None:
    """In the status of the text, with ClickSend's word."""
    assert word == send_by_clicksend(world, to).status


@pytest.mark.parametrize(
    ("to", "error"), [(NO_LOGIN, "UnauthorizedException"), (FAILING, "ServiceException")]
)
def test_clicksend_sees_its_own_error(to: str, error: str, world: World) -> None:
    """Of the class that stands for the status."""
    from clicksend import exceptions

    with pytest.raises(getattr(exceptions, error)):
        send_by_clicksend(world, to)


# AWS


def make_aws(world: World) -> Any:
    """Its client, at the simulator."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "pinpoint-sms-voice-v2",
        endpoint_url=f"{world.url}/aws",
        region_name="us-east-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="s3cret",
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_aws_sends(world: World) -> None:
    """The text is the one that was sent."""
    sent = make_aws(world).send_text_message(
        DestinationPhoneNumber=TO, OriginationIdentity=FROM, MessageBody="hello"
    )

    assert (world.last().id, "hello") == (sent["MessageId"], world.last().body)


def test_aws_has_nothing_to_fetch_a_text_by(world: World) -> None:
    """Of all its operations one takes the id of a text, and that one tells AWS."""
    model = make_aws(world).meta.service_model
    inputs = {name: model.operation_model(name).input_shape for name in model.operation_names}
    taking = [name for name, shape in inputs.items() if shape and "MessageId" in shape.members]

    assert taking == ["PutMessageFeedback"]


@pytest.mark.parametrize(
    ("to", "error", "reason"),
    [
        (STOPPED, "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT"),
        (LANDLESS, "ValidationException", "FIELD_VALIDATION_FAILED"),
        ("+15015550114", "ThrottlingException", None),
        (
            "+15015550117",
            "ServiceQuotaExceededException",
            "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
        ),
        (FAILING, "InternalServerException", None),
    ],
)
def test_aws_sees_its_own_error(to: str, error: str, reason: str | None, world: World) -> None:
    """Of the class that the service's description names, with its reason."""
    client = make_aws(world)

    with pytest.raises(getattr(client.exceptions, error)) as raised:
        client.send_text_message(
            DestinationPhoneNumber=to, OriginationIdentity=FROM, MessageBody="hello"
        )

    assert reason == raised.value.response.get("Reason")
