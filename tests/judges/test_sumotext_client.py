"""SUMOTEXT's own client for Node.js takes the simulator for the gateway that it was written for."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from judges.fetch import CLIENT_FOLDER

from sumotext_backend.simulator import Simulator

pytestmark = pytest.mark.once

# The client knows one address, of port 80; here every request of its process goes to loopback.
PROGRAM = """
const [client, gateway, name, given] = process.argv.slice(1);
const http = require("http");
const get = http.get;
http.get = (url, done) => get(url.replace("http://mosms.sumotext.com", gateway), done);
require(client)[name](JSON.parse(given), (...said) => {
  console.log(JSON.stringify(said.map((each) => each instanceof Error ? each.message : each)));
});
"""


class Client:
    """The client, each call in a process of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        """Take where it is, and where its gateway is."""
        self._folder, self._url = folder, url

    def call(self, name: str, **given: str) -> list[Any]:
        """What the client calls back with: an error or null, then what it was told."""
        command = ["node", "-e", PROGRAM, str(self._folder), self._url, name, json.dumps(given)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        said: list[Any] = json.loads(ended.stdout)
        return said


@pytest.fixture(scope="module")
def gateway() -> Iterator[Simulator]:
    """The simulator."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def client(judges: Path, gateway: Simulator) -> Client:
    """The client, if it was fetched."""
    folder = next((judges / CLIENT_FOLDER).glob("*/lib"), None)
    if folder is None or not shutil.which("node"):
        pytest.skip("SUMOTEXT's client was not fetched, or there is no node: see fetch.py")
    gateway.clear()
    return Client(folder, gateway.url)


def send(client: Client, mobile: str = "5015551234") -> str:
    """Send one text; its id."""
    error, said = client.call(
        "sendMt", mobile=mobile, carrier="ATTUS", shortcode="74700", key="SUMO", msg="hey"
    )
    assert error is None
    smsid: str = said["smsid"].strip()
    return smsid


def test_it_sends_and_reads_the_report_of_the_text(client: Client, gateway: Simulator) -> None:
    """The id that it was given is the one that the report is about."""
    smsid = send(client)
    error, report = client.call("deliveryReport", smsid=smsid, shortcode="74700")

    assert error is None
    assert (report["smsid"], report["sent"]) == (smsid, "TRUE")
    assert report["message"] in (
        "Sent by Sumotext to Aggregator.",
        "Message successfully sent to carrier.",
        "Message successfully delivered to handset.",
    )
    assert [text.body for text in gateway.messages] == ["hey"]


def test_a_text_that_failed_is_an_error_to_it(client: Client, gateway: Simulator) -> None:
    """And one that is not there is none, as its word is neither."""
    smsid = send(client, "5015550120")
    gateway.advance(10)
    failed = client.call("deliveryReport", smsid=smsid, shortcode="74700")
    missing = client.call(
        "deliveryReport", smsid="7A2D2AF7-6851-4D22-BD41-BD8EE94C061E", shortcode="74700"
    )

    assert failed == ["Sent status is FALSE"]
    assert missing[1]["sent"] == "NOTFOUND"


def test_it_looks_carriers_up(client: Client, gateway: Simulator) -> None:
    """A carrier, none, and an address that is not registered."""
    found = client.call("carrierCodeLookup", mobile="5015551234", shortcode="74700")
    missing = client.call("carrierCodeLookup", mobile="5015550102", shortcode="74700")
    refused = client.call("carrierCodeLookup", mobile="5015550103", shortcode="74700")

    assert found == [None, "ATTUS"]
    assert missing == [None, "ERROR CARRIER NOT FOUND FOR: 5015550102"]
    assert refused == ["Your IP is not registered with Sumotext."]
    assert gateway.account.lookups == ("5015551234", "5015550102")


def test_it_changes_groups(client: Client, gateway: Simulator) -> None:
    """It has no place for the number of a member, so it can make and delete them only."""
    place = {"country": "USA", "shortcode": "74700", "key": "SUMO"}
    made = client.call("manageGroups", **place, group="vip", action="add")
    groups = gateway.account.groups("74700", "SUMO")
    deleted = client.call("manageGroups", **place, group="vip", action="delete")
    again = client.call("manageGroups", **place, group="vip", action="clear")

    assert made == [None, "Action Add OK\r"]
    assert groups == {"vip": ()}
    assert deleted == [None, "Action Delete OK\r"]
    assert again[1].startswith("Action clear Error: ")
