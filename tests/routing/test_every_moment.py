"""An alarm of the program's own, at each line of a chain and of what bounds its time."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from alarms import Alarm, AlarmError, in_thread, told

from sumotext_backend import Message, Outcome, deadline, routing
from sumotext_backend.deadline import Limits, limits
from sumotext_backend.local import MemoryBackend
from sumotext_backend.routing import Fallback, Retry

PLACES = (str(deadline.__file__), str(routing.__file__).removesuffix("__init__.py"))
TEXT = Message("5015551234", "hello")


# The alarm rings in the generator of waits, too, as that is closed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_bounds_of_a_chain_end_with_it() -> None:
    """Wherever it was broken off: the next send of the thread would have no time left."""
    seen = in_thread(list_bounds)

    assert len(seen) > 20
    assert {Limits()} == {*seen}


def list_bounds() -> list[Limits]:
    """The bounds in force after a chain that an alarm broke off, for each of its moments."""
    chain = Fallback(chain=[Retry(of=MemoryBackend()), MemoryBackend()])
    seen = []
    for nth in itertools.count(1):
        alarm = Alarm(nth, PLACES)
        with contextlib.suppress(AlarmError), told(alarm):
            chain.send(TEXT)
        seen.append(limits())
        if not alarm.rang:
            break
    assert Outcome.ACCEPTED is chain.send(TEXT).outcome
    return seen
