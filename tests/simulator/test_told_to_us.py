"""Our own readers understand, and hold for proven, what the simulator's providers tell."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import attrs
import pytest
from callback_requests import sns_keys, telnyx_keys
from customer import Customer, Told, open_customer
from simulated_providers import CLASSES, make

from sumotext_backend import Message
from sumotext_backend.callbacks import Authenticity, Callback
from sumotext_backend.events import (
    CrmUpdate,
    DeliveryReport,
    DeliveryStatus,
    Event,
    InboundMessage,
    OptIn,
    OptOut,
)
from sumotext_backend.http import HttpBackend
from sumotext_backend.keywords import add_consent
from sumotext_backend.models import Reason
from sumotext_backend.simulator import Pace, Simulator
from sumotext_backend.simulator.dialects.aws import TOPIC

pytestmark = pytest.mark.once

REFERENCE = "0b7e-ref"
TELNYX, TELNYX_PUBLIC = telnyx_keys()
SNS, CERTIFICATE = sns_keys(now=time.time())

KEYS = {
    "aws": (SNS, TOPIC),
    "46elks": ("hook:s3cret", "hook:s3cret"),
    "bandwidth": ("hook:s3cret", "hook:s3cret"),
    "infobip": ("hook:s3cret", "hook:s3cret"),
    "messagebird": ("signing-key", "signing-key"),
    "sinch": ("webhook-secret", "webhook-secret"),
    "telnyx": (TELNYX, TELNYX_PUBLIC),
    "vonage": ("signature-secret", "signature-secret"),
}
"""What the provider signs with, and what its customer checks with; Twilio and Plivo need none."""

KEY_OPTION = {"aws": "topic_arns"}
SIGNED = {*KEYS, "twilio", "plivo"}
SAYS_URL = ("46elks", "infobip", "kannel", "messagebird", "plivo", "sinch", "telnyx", "twilio")


@attrs.frozen
class World:
    """A simulator that signs, and a customer whom it tells."""

    simulator: Simulator
    customer: Customer

    def make(self, name: str) -> HttpBackend:
        """The backend, which knows the keys."""
        options: dict[str, Any] = {}
        if name in KEYS:
            options[KEY_OPTION.get(name, "callback_keys")] = (KEYS[name][1],)
        if name in (*SAYS_URL, "vonage"):
            options["callback_url"] = f"{self.customer.url}/{name}"
        return make(name, self.simulator.url, **options)

    def send(self, name: str, number: str = "+15015551234") -> tuple[HttpBackend, str]:
        """Send one text, which is accepted: the backend, and the id."""
        backend = self.make(name)
        with closing(backend):
            result = backend.send(Message(number, "hello", reference=REFERENCE))
        assert result.reason is None
        return backend, self.simulator.messages[-1].id

    def next_callback(self, name: str) -> Callback:
        """What the customer was told next, as its receiver hands it on."""
        told = self.customer.next()
        return self.receive(told, name)

    def receive(self, told: Told, name: str) -> Callback:
        """One request as a callback."""
        url = self.customer.url + told.target
        return Callback(
            method=told.method,
            url=url,
            headers=told.headers,
            body=told.body,
            alias=name,
            # As fetched from where an event of AWS's says.
            certificate=CERTIFICATE if name == "aws" else b"",
        )


@pytest.fixture
def world() -> Iterator[World]:
    """Both, new."""
    with open_customer() as customer:
        keys = {name: key for name, (key, _) in KEYS.items()}
        callbacks = {name: f"{customer.url}/{name}" for name in CLASSES}
        with Simulator(pace=Pace(callbacks=callbacks, keys=keys)) as simulator:
            yield World(simulator, customer)


def read_until(world: World, name: str, backend: Any, kind: type[Event], **wanted: Any) -> Any:
    """The first event of that kind with these values; every callback on the way is authentic."""
    expected = Authenticity.PROVEN if name in SIGNED else Authenticity.UNPROVEN
    while True:
        callback = world.next_callback(name)
        assert expected is backend.authenticate(callback, time.time())
        for event in add_consent(backend.read_callback(callback)):
            if isinstance(event, kind) and wanted.items() <= attrs.asdict(event).items():
                return event


REPORTING = sorted(CLASSES.keys() - {"sumotext"})
"""SUMOTEXT's legacy gateway is asked for reports."""


@pytest.mark.parametrize("name", REPORTING)
def test_a_delivered_text_is_read_as_delivered(name: str, world: World) -> None:
    """Under its id, or the reference where the provider gives no id, and proven."""
    backend, text_id = world.send(name)
    world.simulator.advance(10)
    event = read_until(
        world, name, backend, DeliveryReport, status=DeliveryStatus.DELIVERED, final=True
    )

    assert text_id == event.provider_id or REFERENCE == event.reference
    assert name == event.alias


CONTENT = {"bandwidth", "plivo", "twilio", "vonage"}
OPTED_OUT = {"bandwidth", "messagebird", "plivo", "vonage"}
FAILED = {DeliveryStatus.UNDELIVERABLE, DeliveryStatus.REJECTED, DeliveryStatus.DELETED}


@pytest.mark.parametrize("name", REPORTING)
def test_a_text_that_is_not_delivered_is_read_so(name: str, world: World) -> None:
    """Whatever the provider's word for it."""
    backend, _ = world.send(name, "+15015550120")
    world.simulator.advance(10)
    event = read_until(world, name, backend, DeliveryReport, final=True)

    assert event.status in FAILED


@pytest.mark.parametrize(
    ("name", "number", "reason"),
    [
        *((name, "+15015550119", Reason.CONTENT) for name in sorted(CONTENT)),
        *((name, "+15015550101", Reason.OPTED_OUT) for name in sorted(OPTED_OUT)),
    ],
)
def test_a_code_is_read_as_what_it_stands_for(
    name: str, number: str, reason: Reason, world: World
) -> None:
    """The simulator's codes are the ones that the readers know."""
    backend, _ = world.send(name, number)
    world.simulator.advance(10)

    assert reason is read_until(world, name, backend, DeliveryReport, final=True).reason


@pytest.mark.parametrize("name", CLASSES)
def test_what_a_handset_answers_is_read(name: str, world: World) -> None:
    """From whom, to whom, and the text, of all characters."""
    backend, _ = world.send(name)
    answer = "yes & n\u00f6 = \U0001f44d?"
    world.simulator.reply(world.simulator.messages[-1], answer)
    event = read_until(world, name, backend, InboundMessage)

    assert answer == event.text
    assert event.sender == "+15015551234"
    assert event.recipient.endswith(("5015550199", "74700"))
    assert event.provider_id


@pytest.mark.parametrize("name", CLASSES)
def test_a_stop_is_read_as_an_opt_out(name: str, world: World) -> None:
    """By the word, whether or not the provider says so itself."""
    backend, _ = world.send(name)
    world.simulator.reply(world.simulator.messages[-1], "Stop!")
    event = read_until(world, name, backend, OptOut)

    assert (name, "+15015551234") == (event.alias, event.number)


@pytest.mark.parametrize("name", ["sumotext", "sumotext-v2"])
@pytest.mark.parametrize(("word", "kind"), [("STOP", OptOut), ("START", OptIn)])
def test_sumotexts_crm_hears_of_a_yes_and_a_no(
    name: str, word: str, kind: type[Event], world: World
) -> None:
    """Beside the text itself, as a callback of its own."""
    backend, _ = world.send(name)
    world.simulator.reply(world.simulator.messages[-1], word)
    update = read_until(world, name, backend, CrmUpdate)

    assert ("+15015551234", "74700", "SUMO") == (update.number, update.recipient, update.keyword)
    assert [kind] == [type(event) for event in add_consent([update])[1:]]


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_control_what_was_changed_is_not_proven(name: str, world: World) -> None:
    """So that what is proven above is worth something: another key, or no proof at all."""
    backend, _ = world.send(name)
    world.simulator.advance(10)
    callback = world.next_callback(name)
    changed = {"callback_keys": ("another:key",)}
    if name == "telnyx":
        changed = {"callback_keys": (telnyx_keys(seed=2)[1],)}
    elif name == "aws":
        changed = {"topic_arns": (f"{TOPIC}-2",)}
    elif name in ("twilio", "plivo"):
        changed = {"auth_token": "another"}  # type: ignore[dict-item]
    other = attrs.evolve(backend, **changed)  # type: ignore[arg-type]

    assert Authenticity.WRONG is other.authenticate(callback, time.time())
