"""The gateway over HTTP: its faults, what it keeps of a text, and where that is shown."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime

import pytest
from simulator_client import MOBILE, PATIENCE, TEXT, call, connect, post, send, target, until

from sumotext_backend.simulator import Simulator

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

    assert ["5015550116"] == [message.recipient for message in simulator.messages]


def test_an_accepted_text_is_kept_whole(simulator: Simulator) -> None:
    """Id, both ends, text, what else was told, segments and encoding on the air, time in UTC."""
    before = datetime.now(UTC)
    _, _, body = send(simulator, msg="ł" * 71)
    (kept,) = simulator.messages

    assert body.startswith(f"{MOBILE}:{kept.id}\r\n")
    assert {"carrier": "ATTUS", "key": "KEYCANARY"} == kept.fields
    assert ("74700", MOBILE, "ł" * 71) == (kept.sender, kept.recipient, kept.body)
    assert (2, "UCS-2", "sumotext") == (kept.segments, kept.encoding, kept.dialect)
    assert before <= kept.at <= datetime.now(UTC)


def test_the_request_is_kept_without_secrets(simulator: Simulator) -> None:
    """What is named as a secret is masked, in the body too."""
    post(simulator, apikey="SECRETCANARY")
    request = simulator.messages[0].request

    assert request
    assert ("POST", "/api/sumopost/post") == (request.method, request.path)
    assert TEXT.encode() in request.body
    assert b"SECRETCANARY" not in request.body


def test_a_provider_is_spoken_below_its_name_too(simulator: Simulator) -> None:
    """SUMOTEXT's paths are those at the root, and the same below ``/sumotext``."""
    status, _, body = call(simulator.port, "GET", f"/sumotext{target()}")

    assert 200 == status
    assert body.startswith(f"{MOBILE}:{simulator.messages[0].id}")


@pytest.mark.parametrize("path", ["/nobody", "/nobody/2010-04-01", "/sumotext", "/sumotext/x"])
def test_a_path_that_no_provider_has_is_not_found(simulator: Simulator, path: str) -> None:
    """HTTP 404 in one line of JSON."""
    status, _, body = call(simulator.port, "POST", path)

    assert 404 == status
    assert "no provider has this path" in json.loads(body)["error"]
