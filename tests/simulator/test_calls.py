"""What providers tell their customers: reports and texts from handsets, over real sockets."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import attrs
import pytest
import requests
from customer import Customer, Told, open_customer
from simulated_providers import CLASSES, make
from simulator_client import until

from sumotext_backend import Message, connect
from sumotext_backend.simulator import Pace, Simulator
from sumotext_backend.simulator.calls import MAX_WAITING, Caller
from sumotext_backend.simulator.draft import Draft, new_id
from sumotext_backend.simulator.simulation import Simulation

pytestmark = pytest.mark.once

REFERENCE = "0b7e-ref"
NUMBER, TEXT = "+15015551234", "hello"


@attrs.frozen
class World:
    """A simulator, and a customer whom all its providers tell."""

    simulator: Simulator
    customer: Customer

    def send(self, name: str, number: str = NUMBER, **options: Any) -> str:
        """Send one text, which is accepted: its id."""
        with closing(make(name, self.simulator.url, **options)) as backend:
            result = backend.send(Message(number, TEXT, reference=REFERENCE))
        assert result.reason is None
        return self.simulator.messages[-1].id


@pytest.fixture
def world() -> Iterator[World]:
    """Both, new."""
    with open_customer() as customer:
        pace = Pace(callbacks={name: f"{customer.url}/{name}" for name in CLASSES})
        with Simulator(pace=pace) as simulator:
            yield World(simulator, customer)


def find_form(told: Told) -> dict[str, str]:
    """The fields of a query or a form."""
    return told.query if told.method == "GET" else told.form


def find_json(told: Told) -> Any:
    """The value in the body; an event of AWS's is in a notification."""
    value = json.loads(told.body)
    return json.loads(value["Message"]) if "Message" in value else value


NAMES_CALLBACK = {"46elks", "infobip", "kannel", "messagebird", "plivo", "sinch", "telnyx"}
"""Those whose backend names the URL in each request; so do Twilio's and Vonage's."""

REPORTS: dict[str, list[dict[str, Any]]] = {
    "46elks": [{"status": "delivered"}],
    "aws": [
        {"eventType": "TEXT_QUEUED", "isFinal": False, "context": {"ref": REFERENCE}},
        {"eventType": "TEXT_SENT", "messageStatus": "SENT"},
        {"eventType": "TEXT_DELIVERED", "messageStatus": "DELIVERED", "isFinal": True},
    ],
    "bandwidth": [{"type": "message-delivered", "to": NUMBER, "description": "ok"}],
    "clicksend": [
        {"status_code": "300", "custom_string": REFERENCE},
        {"status_code": "201", "custom_string": REFERENCE},
    ],
    "infobip": [{"to": "15015551234"}],
    "kannel": [{"status": "8"}, {"status": "1"}],
    "messagebird": [
        {"status": "sent", "reference": REFERENCE, "recipient": "15015551234"},
        {"status": "delivered"},
    ],
    "plivo": [
        {"Status": "queued", "To": "15015551234"},
        {"Status": "sent"},
        {"Status": "delivered"},
    ],
    "sinch": [
        {"type": "recipient_delivery_report_sms", "status": "Dispatched"},
        {"status": "Delivered", "code": 0, "client_reference": REFERENCE},
    ],
    "sumotext": [],
    "sumotext-v2": [{"mtcode": "4"}],
    "telnyx": [{"event_type": "message.sent"}, {"event_type": "message.finalized"}],
    "twilio": [
        {"MessageStatus": "queued", "To": NUMBER},
        {"MessageStatus": "sent"},
        {"MessageStatus": "delivered"},
    ],
    "vonage": [
        {"status": "buffered", "err-code": "0"},
        {"status": "delivered", "msisdn": "15015551234", "client-ref": REFERENCE},
    ],
}
"""What each tells of a text that is delivered, in order; the fields that say so."""


def find_fields(name: str, told: Told) -> dict[str, Any]:
    """The fields in which a provider says it."""
    if name in ("aws", "sinch"):
        return dict(find_json(told))
    if name == "bandwidth":
        return dict(find_json(told)[0])
    if name == "infobip":
        return dict(find_json(told)["results"][0])
    if name == "telnyx":
        return dict(find_json(told)["data"])
    return dict(find_form(told))


@pytest.mark.parametrize("name", CLASSES)
def test_a_delivered_text_is_reported_in_the_providers_words(name: str, world: World) -> None:
    """Each state that the provider tells of, in order, and nothing else."""
    named = f"{world.customer.url}/named"
    options = {"callback_url": named} if name in NAMES_CALLBACK | {"twilio", "vonage"} else {}
    world.send(name, **options)
    world.simulator.advance(10)
    expected = REPORTS[name]
    told = [world.customer.next() for _ in expected]
    fields = [find_fields(name, each) for each in told]

    assert expected == [
        {field: said.get(field) for field in wanted}
        for wanted, said in zip(expected, fields, strict=True)
    ]
    until(lambda: len(world.simulator.called) == len(expected))
    assert world.customer.is_idle
    where = "/named" if options else f"/{name}"
    assert all(each.target.startswith(where) for each in told)


FAILED = {
    "46elks": {"status": "failed"},
    "aws": {"eventType": "TEXT_SPAM"},
    "bandwidth": {"type": "message-failed", "errorCode": 4770},
    "clicksend": {"status_code": "301"},
    "kannel": {"status": "2"},
    "messagebird": {"status": "delivery_failed"},
    "plivo": {"Status": "undelivered", "ErrorCode": "30"},
    "sinch": {"status": "Rejected"},
    "sumotext-v2": {"mtcode": "5"},
    "twilio": {"MessageStatus": "undelivered", "ErrorCode": "30007"},
    "vonage": {"status": "failed", "err-code": "6"},
}
"""What is told of a text that a filter held, where it was not refused at once."""


@pytest.mark.parametrize("name", FAILED)
def test_a_text_that_was_held_is_reported_with_the_providers_code(name: str, world: World) -> None:
    """The last that is told of it says why."""
    named = f"{world.customer.url}/named"
    options = {"callback_url": named} if name in NAMES_CALLBACK | {"twilio", "vonage"} else {}
    world.send(name, "+15015550119", **options)
    world.simulator.advance(10)
    for _ in REPORTS[name]:
        last = find_fields(name, world.customer.next())

    assert FAILED[name] == {field: last.get(field) for field in FAILED[name]}


INBOUND: dict[str, dict[str, Any]] = {
    "46elks": {"direction": "incoming", "from": NUMBER, "message": "yes"},
    "aws": {"originationNumber": NUMBER, "messageBody": "yes"},
    "bandwidth": {"type": "message-received"},
    "clicksend": {"from": NUMBER, "body": "yes"},
    "infobip": {"from": "15015551234", "text": "yes", "keyword": "YES"},
    "kannel": {"from": NUMBER, "text": "yes"},
    "messagebird": {"originator": "15015551234", "body": "yes"},
    "plivo": {"From": "15015551234", "Text": "yes"},
    "sinch": {"type": "mo_text", "from": "15015551234", "body": "yes"},
    "sumotext": {"mobile": "5015551234", "shortcode": "74700", "key": "SUMO", "msg": "yes"},
    "sumotext-v2": {"mobile": "5015551234", "msg": "yes"},
    "telnyx": {"event_type": "message.received"},
    "twilio": {"From": NUMBER, "Body": "yes", "SmsStatus": "received"},
    "vonage": {"msisdn": "15015551234", "text": "yes", "keyword": "YES"},
}


@pytest.mark.parametrize("name", CLASSES)
def test_what_a_handset_answers_is_told(name: str, world: World) -> None:
    """At the URL of the simulator's option, also where a text named one for its reports."""
    world.send(name)
    world.simulator.reply(world.simulator.messages[-1], "yes")
    while (told := world.customer.next()) and not says_inbound(name, told):
        pass
    fields = find_fields(name, told)

    assert told.target.startswith(f"/{name}")
    assert INBOUND[name] == {field: fields.get(field) for field in INBOUND[name]}


def says_inbound(name: str, told: Told) -> bool:
    """Whether a request is about a text from a handset; others may come before it."""
    fields = find_fields(name, told)
    return all(field in fields for field in INBOUND[name]) and (
        name not in ("bandwidth", "telnyx") or "received" in str(fields)
    )


def test_nobody_elsewhere_is_called(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A text may name anybody's URL; nothing leaves this machine but to the option's hosts."""
    with caplog.at_level(logging.DEBUG):
        world.send("twilio", callback_url="https://hooks.example.com/secret-path")
        world.simulator.advance(10)
        world.send("twilio", callback_url=f"{world.customer.url}/named")

        assert world.customer.next().target == f"/named?ref={REFERENCE}"
    assert ["sumotext_backend.simulator"] == [
        each.name for each in caplog.records if "another host" in each.message
    ]
    for secret in ("hooks.example.com", "secret-path", "5015551234", TEXT):
        assert secret not in caplog.text


def test_a_text_shows_what_was_told_of_it(world: World) -> None:
    """And what was answered; that a host was not called is shown too."""
    world.send("twilio", callback_url=f"{world.customer.url}/named")
    world.send("twilio", callback_url="https://hooks.example.com/")
    first, second = (text.id for text in world.simulator.messages)

    def show(text_id: str) -> list[tuple[int | None, bool]]:
        shown = requests.get(f"{world.simulator.url}/api/messages/{text_id}", timeout=20).json()
        return [(call["status"], call["made"]) for call in shown["called"]]

    until(lambda: show(first) and show(second))

    assert ([(200, True)], [(None, False)]) == (show(first), show(second))
    assert [200] == [each.status for each in world.simulator.called]


def test_others_have_nobody_of_this_machine_called() -> None:
    """With a token others may send; a URL of loopback in their texts is not called."""
    with (
        open_customer() as customer,
        open_customer() as own,
        Simulator(token="t", pace=Pace(callbacks={"twilio": own.url})) as simulator,
    ):
        world = World(simulator, customer)
        world.send("twilio", callback_url=customer.url)
        simulator.advance(10)
        world.send("twilio")

        assert own.next().form["MessageStatus"] == "queued"
        assert customer.is_idle


ODD = (
    "http://[::1/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:0/",
    "ftp://127.0.0.1/",
    "http://127.0.0.1/ with blanks",
    "javascript:alert(1)",
    "nothing at all",
)


@pytest.mark.parametrize("url", ODD)
def test_an_odd_url_stops_nothing(url: str, world: World) -> None:
    """It is not called, and what comes after it is told all the same."""
    form = {"To": NUMBER, "From": "+15015550199", "Body": TEXT, "StatusCallback": url}
    account = "/twilio/2010-04-01/Accounts/AC1/Messages.json"
    answer = requests.post(world.simulator.url + account, form, auth=("AC1", "x"), timeout=20)
    world.send("twilio", callback_url=f"{world.customer.url}/named")

    assert answer.status_code == 201
    assert world.customer.next().target.startswith("/named")


def test_a_redirect_is_not_followed() -> None:
    """The customer was told, once; what it points to is not asked."""
    with open_customer() as other, open_customer(302, f"{other.url}/elsewhere") as customer:
        pace = Pace(callbacks={"twilio": customer.url})
        with Simulator(pace=pace) as simulator:
            World(simulator, customer).send("twilio")
            customer.next()
            until(lambda: simulator.called)

            assert [302] == [each.status for each in simulator.called]
            assert other.is_idle


def test_a_customer_who_is_not_there_harms_nobody() -> None:
    """It is noted that there was no answer, and the next text is taken."""
    with Simulator(pace=Pace(callbacks={"twilio": "http://127.0.0.1:9/"})) as simulator:
        world = World(simulator, Customer("", None))  # type: ignore[arg-type]
        world.send("twilio")
        until(lambda: simulator.called)
        world.send("twilio")

        assert simulator.called[0].status is None
        assert len(simulator.messages) == 2


def test_what_no_provider_took_is_told_to_nobody(world: World) -> None:
    """A text by the backend `inbox` lives as others do, and stops nothing that is told."""
    with connect(f"inbox://?base_url={world.simulator.url}") as sms:
        sms.send(Message(NUMBER, TEXT))
    world.simulator.advance(10)
    world.send("twilio")

    assert world.customer.next().form["MessageStatus"] == "queued"
    assert ["DELIVERED", "SUBMITTED"] == [text.state for text in world.simulator.messages]


def test_what_waits_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    """A customer who takes nothing costs no more memory than that, and is warned of once."""
    sim = Simulation()
    caller = Caller(sim, {"twilio": "http://127.0.0.1:9/"})
    draft = Draft(dialect="twilio", sender="74700", recipient=NUMBER, body=TEXT)
    for _ in range(MAX_WAITING + 10):
        text = sim.compose(attrs.evolve(draft, id=new_id()))
        caller.tell(text)

    assert MAX_WAITING == caller._waiting.qsize()
    assert [f"a callback of twilio is not made: {MAX_WAITING} wait already"] == caplog.messages


def test_what_was_told_is_not_told_again_after_a_restart(tmp_path: Any) -> None:
    """The file keeps how far a text was."""
    with open_customer() as customer:
        pace = Pace(callbacks={"twilio": customer.url})
        with Simulator(db=tmp_path / "texts.db", pace=pace) as simulator:
            World(simulator, customer).send("twilio")

            assert customer.next().form["MessageStatus"] == "queued"
        with Simulator(db=tmp_path / "texts.db", pace=pace) as simulator:
            simulator.advance(10)

            assert customer.next().form["MessageStatus"] == "sent"


def test_a_called_customer_is_masked(world: World) -> None:
    """The repr of what was called holds no number."""
    world.send("twilio")
    until(lambda: world.simulator.called)

    assert "5015551234" not in repr(world.simulator.called)
