"""Threads and forks: no answer is taken for another's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sumotext_backend import Message, Outcome, Sender
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.testing import HostileGateway

THREADS = 16


@pytest.fixture
def gateway() -> Iterator[HostileGateway]:
    """A gateway that answers well."""
    with HostileGateway("S01") as gateway:
        yield gateway


def backend_of(gateway: HostileGateway, transport: str, **options: Any) -> SumotextBackend:
    """A backend that sends to the gateway, by the driver named."""
    fields: dict[str, Any] = {"shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS"}
    return SumotextBackend(base_url=gateway.url, transport=transport, **fields | options)


@pytest.mark.parametrize("sends", [50, pytest.param(500, marks=pytest.mark.once)])
def test_threads_share_a_sender(gateway: HostileGateway, sends: int, transport: str) -> None:
    """16 threads x 500 sends through one sender: every answer is its own, each text went once."""
    backend = backend_of(gateway, transport, echo="strict")

    def work(thread: int) -> int:
        own = 0
        for count in range(sends):
            number = f"501{2000000 + thread * sends + count}"
            result = sms.send(Message(number, "hello"))
            own += result.outcome is Outcome.ACCEPTED and result.raw.startswith(number)
        return own

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # as if on many more processors
    try:
        with Sender(backend) as sms, ThreadPoolExecutor(THREADS) as pool:
            own = sum(pool.map(work, range(THREADS)))
    finally:
        sys.setswitchinterval(interval)

    assert THREADS * sends == own
    assert THREADS * sends == gateway.gets


# Plain processes: pytest's own has threads, which a fork must not meet.
FORKER = """
import json, os, sys
url, kind, trials, number = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
if number == "one":
    os.getpid = lambda: 1

if kind == "control":
    import requests
    session = requests.Session()
    def send(number):
        try:
            query = {"mobile": number, "msg": "x"}
            answer = session.get(url + "/secure/sumoSend.aspx", params=query, timeout=0.5)
            return answer.text.split(":")[0]
        except requests.RequestException:
            return ""
else:
    from sumotext_backend import Message, connect
    sms = connect(f"sumotext://74700/SUMO?carrier=ATTUS&timeout=5&transport={kind}&base_url={url}")
    def send(number):
        return sms.send(Message(number, "x")).raw.split(":")[0]

crossed = unsure = 0
for trial in range(trials):
    mine, theirs = f"501{2000000 + trial}", f"501{3000000 + trial}"
    send("5015551234")
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, send(theirs).encode())
        os._exit(0)
    os.close(writer)
    got = send(mine)
    with open(reader, "rb") as pipe:
        theirs_got = pipe.read().decode()
    os.waitpid(child, 0)
    crossed += got not in (mine, "") or theirs_got not in (theirs, "")
    unsure += "" in (got, theirs_got)
    if kind == "control" and crossed:
        break
print(json.dumps({"crossed": crossed, "unsure": unsure}))
"""


def fork(gateway: HostileGateway, kind: str, trials: int, number: str = "") -> dict[str, int]:
    """Run the trials in a process of their own; with ``number="one"`` all have the same number."""
    command = [sys.executable, "-c", FORKER, gateway.url, kind, str(trials), number]
    # A measuring coverage would hold the children back, so that they meet less often.
    environ = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=True, env=environ
    )
    found: dict[str, int] = json.loads(ended.stdout)
    return found


def test_a_fork_crosses_no_answers(gateway: HostileGateway, transport: str) -> None:
    """100 forks of a process with a warm connection: parent and child each get their own."""
    assert {"crossed": 0, "unsure": 0} == fork(gateway, transport, 100)


def test_a_child_that_is_process_1_as_its_parent_is(
    gateway: HostileGateway, transport: str
) -> None:
    """In a PID namespace of its own a child may have its parent's number: it is told apart."""
    assert {"crossed": 0, "unsure": 0} == fork(gateway, transport, 50, "one")


def test_control_a_shared_session_crosses_answers() -> None:
    """A requests session that crosses a fork hands one recipient's answer to the other."""
    crossed = 0
    for delay in (0.0, 0.005, 0.02, 0.0):  # who meets whom is up to the machine
        with HostileGateway("S01", delay=delay) as gateway:
            crossed = crossed or fork(gateway, "control", 100)["crossed"]

    assert crossed > 0


def test_closing_while_others_send(gateway: HostileGateway, transport: str) -> None:
    """A backend that is closed in the middle of its work loses no send."""
    backend = backend_of(gateway, transport)
    with Sender(backend) as sms, ThreadPoolExecutor(4) as pool:
        sends = [pool.submit(sms.send, Message("5015551234", "hello")) for _ in range(400)]
        for each in sends[::4]:
            each.result()
            sms.close()
        outcomes = {each.result().outcome for each in sends}

    assert {Outcome.ACCEPTED} == outcomes
