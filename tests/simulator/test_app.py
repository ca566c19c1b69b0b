"""The gateway over HTTP: its faults, what it keeps of a text, and where that is shown."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from simulator_client import MOBILE, PATIENCE, SENT, call, connect, send, until

from sumotext_backend.simulator import MAGIC, Simulator

pytestmark = pytest.mark.once


def test_the_reset_comes_after_the_request_and_before_any_byte(simulator: Simulator) -> None:
    """0106 ends the connection by a TCP reset, and the request was seen."""
    with (
        connect(simulator, mobile="5015550106") as connection,
        pytest.raises(ConnectionResetError),
    ):
        connection.recv(1)

    assert ["reset"] == [seen.name for seen in simulator.requests]


def test_no_answer_lasts_until_the_client_leaves(simulator: Simulator) -> None:
    """0105 sends no byte; once the client left, nothing of it stays behind."""
    before = threading.active_count()
    with connect(simulator, mobile="5015550105") as connection:
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)

    assert send(simulator)[0] == 200
    assert before == threading.active_count()


def test_a_slow_answer_comes_after_a_second(simulator: Simulator) -> None:
    """0116 is silent at first and accepts then."""
    with connect(simulator, mobile="5015550116") as connection:
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(PATIENCE)

        assert connection.recv(15) == b"HTTP/1.1 200 OK"


def test_a_client_that_leaves_early_was_served_all_the_same(simulator: Simulator) -> None:
    """A text is kept when it arrives, so giving up on an answer does not take it back."""
    with connect(simulator, mobile="5015550116"):
        until(lambda: simulator.requests)

    assert ["5015550116"] == [message.mobile for message in simulator.messages]


def test_an_accepted_text_is_kept_whole(simulator: Simulator) -> None:
    """Id, the five parameters, segments and encoding on the air, and the time in UTC."""
    before = datetime.now(UTC)
    _, _, body = send(simulator, msg="ł" * 71)
    (kept,) = simulator.messages

    assert body.startswith(f"{MOBILE}:{kept.id}\r\n")
    assert ("ATTUS", "74700", "KEYCANARY") == (kept.carrier, kept.shortcode, kept.key)
    assert (MOBILE, "ł" * 71) == (kept.mobile, kept.msg)
    assert (2, "UCS-2") == (kept.segments, kept.encoding)
    assert before <= kept.received_at <= datetime.now(UTC)


def test_texts_are_listed_as_json(simulator: Simulator) -> None:
    """``GET /_simulator/messages`` shows what `messages` holds."""
    send(simulator)
    (kept,) = simulator.messages
    (shown,) = json.loads(call(simulator.port, "GET", "/_simulator/messages")[2])

    assert shown.pop("received_at") == kept.received_at.isoformat()
    assert kept.received_at.utcoffset() == timedelta(0)
    assert {"id": kept.id, **SENT, "segments": 1, "encoding": "GSM-7"} == shown


def test_every_request_is_listed_with_its_result(simulator: Simulator) -> None:
    """``/_simulator/requests`` counts accepted and refused ones alike; only texts are messages."""
    for mobile in (MOBILE, "5015550101", "5015550112"):
        send(simulator, mobile=mobile)
    shown = json.loads(call(simulator.port, "GET", "/_simulator/requests")[2])

    assert [
        ("GET", MOBILE, "accepted", "ACCEPTED", None),
        ("GET", "5015550101", "not-opted-in", "REJECTED", "NOT_OPTED_IN"),
        ("GET", "5015550112", "error", "UNKNOWN", "SERVER_ERROR"),
    ] == [
        tuple(one[name] for name in ("method", "mobile", "name", "outcome", "reason"))
        for one in shown
    ]
    assert [MOBILE] == [message.mobile for message in simulator.messages]


def test_looking_is_no_request(simulator: Simulator) -> None:
    """Pages of the simulator itself are not counted."""
    for page in ("", "messages", "requests"):
        call(simulator.port, "GET", f"/_simulator/{page}")

    assert simulator.requests == ()


@pytest.mark.parametrize("page", ["messages", "requests"])
def test_delete_forgets_all(simulator: Simulator, page: str) -> None:
    """``DELETE`` on either list empties both."""
    send(simulator)
    status, _, body = call(simulator.port, "DELETE", f"/_simulator/{page}")

    assert (204, "") == (status, body)
    assert ((), ()) == (simulator.messages, simulator.requests)


def test_the_index_names_the_magic_numbers(simulator: Simulator) -> None:
    """``/_simulator/`` is a page for people, found without the slash too."""
    _, _, body = call(simulator.port, "GET", "/_simulator/")

    assert all(magic.number in body for magic in MAGIC)
    assert call(simulator.port, "GET", "/_simulator")[0] == 307


def test_the_index_shows_the_texts_newest_first(simulator: Simulator) -> None:
    """Number, short code and text of what was accepted, and nothing of what was refused."""
    send(simulator, msg="the first")
    send(simulator, msg="<b>the second</b>")
    send(simulator, mobile="5015550101", msg="the refused")
    _, _, body = call(simulator.port, "GET", "/_simulator/")

    assert f"<td>{MOBILE}</td><td>74700</td><td>the first</td>" in body
    assert body.index("&lt;b&gt;the second&lt;/b&gt;") < body.index("the first")
    assert "<b>the second" not in body
    assert "the refused" not in body


def test_the_index_shows_the_last_hundred_texts(simulator: Simulator) -> None:
    """A page for people has an end; the lists in JSON have all."""
    for number in range(101):
        send(simulator, msg=f"text-{number}-")
    _, _, body = call(simulator.port, "GET", "/_simulator/")

    assert "text-0-" not in body
    assert "text-1-" in body
    assert "text-100-" in body
