"""An exception of the program's own, at each line of a send in turn: as an alarm raises one.

`test_once` lets the clock choose the moment. Here none is left out, and every run has the same.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import logging
import queue
import threading
import time
from contextlib import closing
from pathlib import Path

import attrs
import pytest
import urllib3
from alarms import Alarm, AlarmError, in_thread, told
from plain_backend import TARGET, PlainBackend, backend, has_line

from sumotext_backend import http
from sumotext_backend.http import NoResponse, Request, Response
from sumotext_backend.http.dial import Lookup
from sumotext_backend.models import Outcome
from sumotext_backend.testing import HostileGateway

PLACES = (
    str(Path(http.__file__).parent),
    str(urllib3.connectionpool.__file__),
    str(queue.__file__),
    str(threading.__file__),
)
"""Where the lines are: of ours, and of those that could take a lock for us."""

# A connection that is taken out of our hands is closed as garbage, or by a finalizer.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@attrs.frozen
class Swept:
    """How the sends ended, by their targets, and the targets that arrived."""

    broken: dict[str, Response | NoResponse | None] = attrs.field(factory=dict)
    """Sends that were broken off; None is for those that raised."""
    after: dict[str, Response | NoResponse] = attrs.field(factory=dict)
    """Sends that came next."""
    arrived: list[str] = attrs.field(factory=list)
    silenced: list[str] = attrs.field(factory=list)
    """Sends after which urllib3's own log was no longer heard."""


def ask(sender: PlainBackend, target: str) -> Response | NoResponse:
    """Send one request."""
    return sender.exchange(Request(target=target, enough=has_line))


def break_off(sender: PlainBackend, target: str, alarm: Alarm) -> Response | NoResponse | None:
    """Send one request while ``alarm`` is set; None where it raised."""
    try:
        with told(alarm):
            return ask(sender, target)
    except AlarmError:
        return None


def is_heard() -> bool:
    """Whether what urllib3 logs for others passes its logger."""
    record = logging.makeLogRecord({"msg": "of another client"})
    return bool(logging.getLogger("urllib3.connectionpool").filter(record))


def sweep(sender: PlainBackend, *, kept: bool) -> Swept:
    """Break a send off at its first line, another at its second, and so on."""
    swept = Swept()
    for nth in itertools.count(1):
        if kept:
            ask(sender, f"{TARGET}&before={nth}")
        else:
            sender.close()
        alarm = Alarm(nth, PLACES)
        ended = break_off(sender, f"{TARGET}&broken={nth}", alarm)
        if not alarm.rang:
            break
        swept.broken[f"{TARGET}&broken={nth}"] = ended
        if not is_heard():
            swept.silenced.append(f"{TARGET}&broken={nth}")
        swept.after[f"{TARGET}&after={nth}"] = ask(sender, f"{TARGET}&after={nth}")
    return swept


@pytest.fixture(scope="module", params=[True, False], ids=["kept", "new"])
def kept(request: pytest.FixtureRequest) -> bool:
    """Whether the connection has served before."""
    return bool(request.param)


@pytest.fixture(scope="module", params=[False, True], ids=["http", "https"])
def swept(request: pytest.FixtureRequest, transport: str, kept: bool) -> Swept:
    """What came of every moment."""
    with HostileGateway("S01", tls=request.param) as gateway:
        url = gateway.url.replace("localhost", "127.0.0.1")  # which takes no thread
        with closing(backend(gateway, transport, base_url=url)) as sender:
            ended = in_thread(lambda: sweep(sender, kept=kept))
        gc.collect()
    ended.arrived.extend(request.target for request in gateway.requests)
    return ended


def test_every_moment_is_among_them(swept: Swept) -> None:
    """Before the request, while its answer is awaited, and after all of that was read."""
    ends = {
        ended.reason.outcome if isinstance(ended, NoResponse) else type(ended)
        for ended in swept.broken.values()
    }

    assert {type(None), Outcome.FAILED, Outcome.UNKNOWN} <= ends


def test_the_next_send_works(swept: Swept) -> None:
    """Nothing that was broken off is in its way: no lock, and no socket that waits."""
    failed = [target for target, ended in swept.after.items() if not isinstance(ended, Response)]

    assert [] == failed


def test_others_keep_their_logs(swept: Swept) -> None:
    """What is held back of ours is held back no longer than a send lasts."""
    assert [] == swept.silenced


def test_each_request_is_made_once_at_most(swept: Swept) -> None:
    """Those that were broken off too."""
    assert sorted(set(swept.arrived)) == sorted(swept.arrived)


def test_what_arrived_did_not_fail(swept: Swept) -> None:
    """What is called surely not sent was not sent."""
    failed = {
        target
        for target, ended in swept.broken.items()
        if isinstance(ended, NoResponse) and ended.reason.outcome is Outcome.FAILED
    }

    assert set() == failed & set(swept.arrived)


def ends_for_others(lookup: Lookup, alarm: Alarm) -> bool:
    """Whether ``lookup`` ends, and has its addresses, once ``alarm`` has met one who waited."""
    with contextlib.suppress(AlarmError, TimeoutError), told(alarm):
        lookup.wait(time.monotonic() + 0.01)
    runner = threading.Thread(target=lookup.run, daemon=True)
    runner.start()
    runner.join(5)
    return not runner.is_alive() and bool(lookup.wait(time.monotonic() + 5))


def test_who_stops_waiting_for_a_name_holds_up_nobody() -> None:
    """The thread that looks it up ends, and others have the addresses."""
    ended = in_thread(stop_waiting)

    assert len(ended) > 3
    assert all(ended)


def stop_waiting() -> list[bool]:
    """Whether a look-up ends for others, for each moment in which one may stop to wait."""
    ended = []
    for nth in itertools.count(1):
        alarm = Alarm(nth, PLACES)
        ended.append(ends_for_others(Lookup("127.0.0.1", 80), alarm))
        if not alarm.rang:
            break
    return ended
