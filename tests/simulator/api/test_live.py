"""Changes as server-sent events."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from simulator_client import PATIENCE, call, send, until

from sumotext_backend.simulator import Simulator
from sumotext_backend.simulator.api.live import MAX_VIEWERS

pytestmark = pytest.mark.once


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A simulator that has seen nothing."""
    with Simulator() as running:
        yield running


@contextmanager
def watch(
    simulator: Simulator, query: str = "", **headers: str
) -> Iterator[http.client.HTTPResponse]:
    """The stream of events, open."""
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=PATIENCE)
    connection.request("GET", f"/api/events{query}", headers=headers)
    response = connection.getresponse()
    try:
        yield response
    finally:
        response.close()
        connection.close()


def read_event(stream: http.client.HTTPResponse) -> tuple[str, Any]:
    """The next event: its name and its data."""
    lines: dict[str, str] = {}
    while line := stream.readline().decode().strip() or not lines.get("data"):
        if isinstance(line, str):
            name, _, value = line.partition(": ")
            lines[name] = value
    return lines["event"], json.loads(lines["data"])


def test_a_text_is_told_when_it_comes_and_when_it_changes(simulator: Simulator) -> None:
    """Each time as it is then; of one that is gone the id."""
    with watch(simulator) as stream:
        assert stream.getheader("content-type", "").startswith("text/event-stream")
        send(simulator, msg="hello")
        came = read_event(stream)
        (text,) = simulator.messages
        call(simulator.port, "POST", f"/api/messages/{text.id}/deliver")
        changed = read_event(stream)
        call(simulator.port, "DELETE", f"/api/messages/{text.id}")
        gone = read_event(stream)

    assert ("changes", [("hello", "SUBMITTED")]) == (
        came[0],
        [(each["text"], each["state"]) for each in came[1]["texts"]],
    )
    assert ["DELIVERED"] == [each["state"] for each in changed[1]["texts"]]
    assert {"texts": [], "gone": [text.id], "refused": 0} == gone[1]


def test_how_many_requests_came_to_no_text_is_told(simulator: Simulator) -> None:
    """Refusals, faults, and requests to a path that no provider has."""
    counts = []
    with watch(simulator) as stream:
        for mobile in ("5015551234", "5015550101", "5015550112"):
            send(simulator, mobile=mobile)
            counts.append(read_event(stream)[1]["refused"])
        call(simulator.port, "POST", "/2010-04-01/Accounts/AC1/Messages.json")
        counts.append(read_event(stream)[1]["refused"])
    asked = json.loads(call(simulator.port, "GET", "/api/messages")[2])["refused"]
    simulator.clear()
    after = json.loads(call(simulator.port, "GET", "/api/messages")[2])["refused"]

    assert [0, 1, 2, 3] == counts
    assert (3, 0) == (asked, after)


@pytest.mark.parametrize("by", ["query", "header"])
def test_who_comes_back_is_told_what_was_missed(simulator: Simulator, by: str) -> None:
    """From the version that is named, by ``since`` or as a browser does it."""
    send(simulator, msg="known")
    version = json.loads(call(simulator.port, "GET", "/api/messages")[2])["version"]
    send(simulator, msg="missed")
    given = {"Last-Event-ID": str(version)} if by == "header" else {}
    with watch(simulator, "" if given else f"?since={version}", **given) as stream:
        told = read_event(stream)[1]["texts"]

    assert ["missed"] == [each["text"] for each in told]


def test_who_comes_too_late_is_told_to_begin_anew(simulator: Simulator) -> None:
    """What was cleared cannot be told by changes."""
    send(simulator)
    with watch(simulator) as stream:
        simulator.clear()

        assert ("reset", {}) == read_event(stream)


def test_there_are_only_so_many_viewers(simulator: Simulator) -> None:
    """One more is told so, and let in when another has gone."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        for _ in range(MAX_VIEWERS):
            stack.enter_context(watch(simulator))
        until(lambda: 503 == call(simulator.port, "GET", "/api/events")[0])
    send(simulator)
    with watch(simulator, "?since=0") as stream:
        assert 200 == stream.status
