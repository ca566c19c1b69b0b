"""Consent, fed by what comes back: who said no at one provider is texted by none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import pytest

from sumotext_backend import DeliveryReport, Message, OptOut, Outcome, Reason
from sumotext_backend.inbound import Arrival, Receiver, make_path
from sumotext_backend.ledger import Ledger, MemoryDatabase, Settings, opt_in, show_consent
from sumotext_backend.providers import Callback
from tests.inbound.apps import Running, serve
from tests.inbound.cases import (
    NOW,
    NUMBER,
    PUBLIC,
    SECRET,
    Heard,
    chain,
    from_kannel,
    from_twilio,
    make_receiver,
    report_of,
    text_of,
)
from tests.inbound.deliveries import RULES, list_deliveries


@pytest.fixture
def ledger() -> Ledger:
    """An empty ledger."""
    return Ledger(MemoryDatabase())


@pytest.fixture
def heard() -> Heard:
    """What hooks heard."""
    return Heard()


def find_stopping() -> Iterator[tuple[str, Callback]]:
    """Each documented report that says that the person opted out, signed."""
    for alias, rules in RULES.items():
        for delivery in list_deliveries(alias, NOW):
            if not delivery.name.endswith("-good"):
                continue
            events = rules.read(delivery.callback)
            reports = [each for each in events if isinstance(each, DeliveryReport)]
            if any(each.reason is Reason.OPTED_OUT for each in reports):
                yield delivery.name, delivery.callback


STOPPING = dict(find_stopping())


def receive_as(name: str, callback: Callback, ledger: Ledger) -> int:
    """The status that ``callback`` gets from a receiver of its provider."""
    alias = name.partition("-")[0]
    receiver = Receiver(
        backends={alias: RULES[alias].checking()},
        ledger=ledger,
        tell=Heard(),
        fetch=lambda _: b"",
        table=make_receiver(ledger, Heard()).table,
        clock=lambda: NOW,
    )
    arrival = Arrival(
        method=callback.method,
        target=callback.url.removeprefix(PUBLIC),
        headers=list(callback.headers.items()),
        body=callback.body,
    )
    return receiver.receive(arrival).status


@pytest.mark.parametrize("name", STOPPING)
def test_a_report_that_says_opted_out_takes_consent_away(name: str, ledger: Ledger) -> None:
    """At every provider whose documented reports can say so."""
    sender, backends = chain(ledger)

    assert 300 > receive_as(name, STOPPING[name], ledger)
    result = sender.send(Message(NUMBER, "hello"))
    assert (Outcome.REJECTED, Reason.OPTED_OUT) == (result.outcome, result.reason)
    assert "report" in result.detail
    assert [0, 0] == [len(each.outbox) for each in backends]


def test_those_are_all_that_can_say_so() -> None:
    """Six have it in a sample of theirs; the cases of Twilio and Telnyx are below."""
    aliases = {name.partition("-")[0].removesuffix("version3") for name in STOPPING}

    assert aliases >= {"bandwidth", "infobip", "messagebird", "plivo", "sinch", "vonage"}


def test_twilios_report_of_21610_takes_consent_away(ledger: Ledger, heard: Heard) -> None:
    """Its code for a number that is on a list of stops."""
    receiver = make_receiver(ledger, heard)
    receiver.receive(from_twilio(report_of("failed", ErrorCode="21610")))

    assert [DeliveryReport, OptOut] == [type(event) for event, _ in heard.events]
    assert Reason.OPTED_OUT is chain(ledger)[0].send(Message(NUMBER, "hello")).reason


def test_telnyxs_report_of_a_stop_takes_consent_away(ledger: Ledger) -> None:
    """Its code 40300, with the title that says so."""
    from tests.providers.test_telnyx_callbacks import STOPPED, make_report

    plain = make_report("delivery_failed", STOPPED)
    moved = attrs.evolve(plain, url=PUBLIC + make_path(SECRET, "telnyx"))
    signed = RULES["telnyx"].signed(moved, now=NOW)

    assert 200 == receive_as("telnyx-0", signed, ledger)
    assert Reason.OPTED_OUT is chain(ledger)[0].send(Message(NUMBER, "hello")).reason


def test_a_no_binds_the_programme_of_the_alias_alone(heard: Heard) -> None:
    """Programmes that the owner keeps apart stay apart, and the others share one."""
    ledger = Ledger(MemoryDatabase(), Settings(programmes={"alerts": ("main",)}))
    receiver = make_receiver(ledger, heard)

    receiver.receive(from_twilio(text_of("STOP")))

    found = show_consent(ledger, NUMBER)
    said = {name: bool(each.opted_out) for name, each in found.items()}
    assert {"alerts": True} == {name: each for name, each in said.items() if each}


def test_an_old_start_that_is_delivered_again_gives_nothing(ledger: Ledger, heard: Heard) -> None:
    """A provider may deliver late and twice, and somebody may have kept a signed request."""
    receiver = make_receiver(ledger, heard)
    old = from_twilio(text_of("START", "SM1"))
    receiver.receive(old)
    receiver.receive(from_twilio(text_of("STOP", "SM2")))

    assert 200 == receiver.receive(old).status
    assert Reason.OPTED_OUT is chain(ledger)[0].send(Message(NUMBER, "hello")).reason


def test_an_old_stop_that_is_delivered_again_takes_nothing(ledger: Ledger, heard: Heard) -> None:
    """Who came back is not sent away by a copy."""
    receiver = make_receiver(ledger, heard)
    old = from_twilio(text_of("STOP", "SM1"))
    receiver.receive(old)
    opt_in(ledger, NUMBER)
    receiver.receive(old)

    assert Outcome.ACCEPTED is chain(ledger)[0].send(Message(NUMBER, "hello")).outcome


@pytest.mark.parametrize("text", ["STOP", "alto"])
def test_a_stop_through_an_smsc_without_country_codes_binds(
    text: str, ledger: Ledger, heard: Heard
) -> None:
    """Its ten digits might be Belize's, so it binds both; a yes gives that of the region alone."""
    receiver = make_receiver(ledger, heard, stop_words=("alto",))
    ten = NUMBER.removeprefix("+1")
    fields = {"from": ten, "to": "74700", "id": "k1", "text": text}
    receiver.receive(from_kannel(fields))
    numbers = (NUMBER, f"+{ten}")
    refused = [chain(ledger)[0].send(Message(each, "hello")).reason for each in numbers]
    receiver.receive(from_kannel(fields | {"id": "k2", "text": "START"}))
    after = [chain(ledger)[0].send(Message(each, "hello")).reason for each in numbers]

    assert [Reason.OPTED_OUT] * 2 == refused
    assert [None, Reason.OPTED_OUT] == after


@pytest.fixture(params=["wsgi", "asgi"])
def running(request: pytest.FixtureRequest, ledger: Ledger, heard: Heard) -> Iterator[Running]:
    """A receiver behind a server."""
    with serve(request.param, make_receiver(ledger, heard)) as server:
        yield server


def deliver(running: Running, text: str, sid: str, mount: str = "") -> int:
    """The status that Twilio's callback of a text gets."""
    arrival = from_twilio(text_of(text, sid))
    headers: Mapping[str, Any] = {name.title(): value for name, value in arrival.headers}
    return running.ask("POST", mount + arrival.target, headers, arrival.body or b"")[0]


def test_a_stop_over_the_wire_stops_a_chain_and_a_start_lifts_it(
    running: Running, ledger: Ledger
) -> None:
    """No provider of the chain gets a request in between."""
    sender, backends = chain(ledger)

    assert 200 == deliver(running, "Stop!", "SM1")
    refused = sender.send(Message(NUMBER, "hello"))
    sent = [len(each.outbox) for each in backends]
    assert 200 == deliver(running, "start", "SM2")
    accepted = sender.send(Message(NUMBER, "hello"))

    assert (Outcome.REJECTED, Reason.OPTED_OUT) == (refused.outcome, refused.reason)
    assert [0, 0] == sent
    assert Outcome.ACCEPTED is accepted.outcome


def test_what_is_asked_in_between_is_no_consent(ledger: Ledger, heard: Heard) -> None:
    """A text that only speaks of stopping takes nothing away."""
    receiver = make_receiver(ledger, heard)
    fields = {"from": NUMBER, "to": "74700", "id": "k1", "text": "when do you stop?"}
    receiver.receive(from_kannel(fields))

    assert Outcome.ACCEPTED is chain(ledger)[0].send(Message(NUMBER, "hello")).outcome
