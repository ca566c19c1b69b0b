"""What becomes of an accepted text in time."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from simulated_providers import make
from simulator_client import until

from sumotext_backend import Message
from sumotext_backend.simulator import Pace, Simulator, State
from sumotext_backend.simulator.life import FATES, plan

pytestmark = pytest.mark.once


def send(simulator: Simulator, number: str = "+15015551234", name: str = "twilio") -> str:
    """Send one text, which is accepted: its id."""
    with closing(make(name, simulator.url)) as backend:
        result = backend.send(Message(number, "hello"))
    assert result.reason is None
    return simulator.messages[-1].id


def states(simulator: Simulator) -> list[tuple[str, str]]:
    """The states of the last text, with what there is to say about each."""
    return [(step.state.value, step.detail) for step in simulator.messages[-1].trail]


def test_a_text_is_delivered_after_a_while(simulator: Simulator) -> None:
    """It is with the carrier first, and each state is entered when its time has come."""
    send(simulator)
    seen = [states(simulator)]
    for _ in range(4):
        simulator.advance(0.6)
        seen.append(states(simulator))
    names = [[state for state, _ in each][-1] for each in seen]

    assert ["SUBMITTED", "SUBMITTED", "ENROUTE", "ENROUTE", "DELIVERED"] == names


def test_time_stands_still_by_itself(simulator: Simulator) -> None:
    """So that what a test asserts about a state is true however slow the machine is."""
    send(simulator)
    simulator.advance(0.9)

    assert [("SUBMITTED", "")] == states(simulator)


@pytest.mark.parametrize(
    ("number", "last"),
    [
        ("+15015550117", ("UNDELIVERABLE", "NO_CREDIT")),
        ("+15015550119", ("UNDELIVERABLE", "CONTENT")),
        ("+15015550120", ("UNDELIVERABLE", "")),
        ("+15015550121", ("EXPIRED", "")),
        ("+15015550122", ("SUBMITTED", "silent")),
        ("+15015550116", ("DELIVERED", "")),
    ],
)
def test_a_magic_number_decides_how_a_text_ends(
    simulator: Simulator, number: str, last: tuple[str, str]
) -> None:
    """What its provider has no word for is told by the end, and why."""
    send(simulator, number)
    simulator.advance(3600)

    assert last == states(simulator)[-1]


def test_an_opt_out_that_is_not_told_at_once_is_told_later(simulator: Simulator) -> None:
    """Vonage accepts a text to who said STOP; it ends as undeliverable for that reason."""
    send(simulator, name="vonage")
    simulator.reply(simulator.messages[-1], "STOP")
    send(simulator, name="vonage")
    simulator.advance(10)

    assert [("SUBMITTED", "opted-out"), ("ENROUTE", ""), ("UNDELIVERABLE", "OPTED_OUT")] == states(
        simulator
    )


def test_every_fate_ends(simulator: Simulator) -> None:
    """A text that no provider delivers does not stay on its way, but for a silent one."""
    assert {State.UNDELIVERABLE} == {plan(fate)[-1].state for fate in FATES}
    assert () == plan("silent")
    assert State.DELIVERED is plan("a name that nobody knows")[-1].state


def test_what_is_moved_by_hand_stays_where_it_is(simulator: Simulator) -> None:
    """A text that was failed on the page is not delivered a moment later."""
    text_id = send(simulator)
    simulator._sim.move(text_id, State.UNDELIVERABLE)
    simulator.advance(10)

    assert ["SUBMITTED", "UNDELIVERABLE"] == [state for state, _ in states(simulator)]


def test_a_text_that_was_forgotten_does_not_come_back(simulator: Simulator) -> None:
    """What was to become of it is forgotten too."""
    send(simulator)
    simulator.clear()
    simulator.advance(10)

    assert simulator.messages == ()


def test_time_can_run_fast() -> None:
    """A thousand seconds in one: a text is delivered without anybody's doing."""
    with Simulator(pace=Pace(speed=1000)) as simulator:
        send(simulator)
        until(lambda: states(simulator)[-1][0] == "DELIVERED")


def test_a_text_lives_on_after_a_restart(tmp_path: Path) -> None:
    """The file keeps what is to become of it."""
    with Simulator(db=tmp_path / "texts.db") as simulator:
        send(simulator, "+15015550121")
        simulator.advance(1.5)
    with Simulator(db=tmp_path / "texts.db") as simulator:
        simulator.advance(60)
        kept = states(simulator)

    assert [("SUBMITTED", "expired"), ("ENROUTE", ""), ("EXPIRED", "")] == kept
