"""From the page to a program: an answer typed there reaches a receiver, and its STOP binds."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commandline import environment, spawned

from sumotext_backend.inbound import make_path
from sumotext_backend.simulator import Pace, Simulator

pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: tox run -e browser has it"
)

GUEST = "+15015550142"
SECRET = "Vx2mC9qLr7Tn4Wd8KzE1hYbP"
TOKEN = "0123456789abcdef0123456789abcdef"
CONFIGURATION = """
[providers.default]
backend = "fallback"
chain = ["main", "backup"]

[providers.main]
backend = "twilio"
account_sid = "AC0123456789abcdef0123456789abcdef"
auth_token = "{token}"
sender = "+15550001111"
base_url = "{url}/twilio"

[providers.backup]
backend = "telnyx"
api_key = "key"
sender = "+15550001111"
base_url = "{url}/telnyx"

[inbound]
secrets = ["{secret}"]
"""


def find_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


@pytest.fixture
def ports() -> tuple[int, int]:
    """Those of the simulator and of the receiver."""
    return find_port(), find_port()


@pytest.fixture
def simulator(ports: tuple[int, int]) -> Iterator[Simulator]:
    """One that tells the receiver of what handsets answer to Twilio's texts."""
    callback = f"http://127.0.0.1:{ports[1]}{make_path(SECRET, 'main')}"
    with Simulator(ports[0], pace=Pace(callbacks={"twilio": callback})) as running:
        yield running


@pytest.fixture
def listener(
    simulator: Simulator, ports: tuple[int, int], tmp_path: Path
) -> Iterator[subprocess.Popen[str]]:
    """``sumotext listen``, which runs until the test is over."""
    path = tmp_path / "sumotext.toml"
    path.write_text(CONFIGURATION.format(token=TOKEN, secret=SECRET, url=simulator.url))
    command = [sys.executable, "-u", "-m", "sumotext_backend.cli", "listen", "--json"]
    with subprocess.Popen(
        [*command, "--show-texts", "--config", str(path), "--port", str(ports[1])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as program:
        assert program.stderr
        assert "ready" in program.stderr.readline()
        yield program
        program.terminate()
        program.communicate(timeout=60)


def test_a_stop_typed_in_the_page_binds_every_provider(
    listener: subprocess.Popen[str], simulator: Simulator, open_page: Any, tmp_path: Path
) -> None:
    """It is told by the running receiver, and the next text is refused without a request."""
    send = ("send", "--config", str(tmp_path / "sumotext.toml"), "--json", GUEST)
    first = json.loads(spawned(*send, "Your table is ready.").stdout)
    page = open_page()
    page.get_by_role("listbox", name="Conversations").get_by_role("option").first.click()
    page.get_by_label("Reply as the handset").fill("On our way")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="STOP").click()
    assert listener.stdout
    told = [
        each
        for each in itertools.takewhile(
            lambda event: event["event"] != "OptOut", map(json.loads, listener.stdout)
        )
        if each["event"] == "InboundMessage"
    ]
    asked = len(simulator.requests)
    second = json.loads(spawned(*send, "One more").stdout)

    assert "ACCEPTED" == first["outcome"]
    assert ["On our way", "STOP"] == [each["text"] for each in told]
    assert ("REJECTED", "OPTED_OUT") == (second["outcome"], second["reason"])
    assert asked == len(simulator.requests)
