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

TEXT = {
    "mobile": "5015551234",
    "carrier": "ATTUS",
    "shortcode": "74700",
    "key": "SUMO",
    "msg": "hey",
}
PLACE = {"country": "USA", "shortcode": "74700", "key": "SUMO"}

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
    error, said = client.call("sendMt", **(TEXT | {"mobile": mobile}))
    assert error is None
    smsid: str = said["smsid"]
    return smsid


def test_it_sends_and_reads_the_report_of_the_text(client: Client, gateway: Simulator) -> None:
    """The id that it was given is the one that the report is about, as far as the text got."""
    smsid = send(client)
    told = []
    for _ in range(3):
        told.append(client.call("deliveryReport", smsid=smsid, shortcode="74700"))
        gateway.advance(1.1)

    assert [text.body for text in gateway.messages] == ["hey"]
    assert told == [
        [None, {"smsid": smsid, "sent": "TRUE", "message": words}]
        for words in (
            "Sent by Sumotext to Aggregator.",
            "Message successfully sent to carrier.",
            "Message successfully delivered to handset.",
        )
    ]


@pytest.mark.parametrize("words", ["Your table is ready.", "Łódź, 7 €", "a%20b", "?=/;,"])
def test_its_words_arrive_as_they_were(client: Client, gateway: Simulator, words: str) -> None:
    """What it leaves to Node.js to encode; of the rest it encodes nothing: `&` and `#` end a text.

    A percent sign before two digits is taken for an encoding, as by any server.
    """
    client.call("sendMt", **(TEXT | {"msg": words}))

    assert [text.body for text in gateway.messages] == [words.replace("%20", " ")]


@pytest.mark.parametrize("mobile", ["5015550103", "5015550104"])
def test_an_address_that_is_not_registered_is_an_error_to_it(client: Client, mobile: str) -> None:
    """With the number before the word, and with ERROR there."""
    assert client.call("sendMt", **(TEXT | {"mobile": mobile})) == [
        "IP not registered with Sumotext"
    ]


@pytest.mark.parametrize(("mobile", "word"), [("5015550101", "NOTOPT"), ("5015550102", "NOTFOUND")])
def test_it_takes_another_refusal_for_an_id(client: Client, mobile: str, word: str) -> None:
    """It looks for one word alone, so that its caller is handed a refusal where an id would be."""
    said = client.call("sendMt", **(TEXT | {"mobile": mobile}))

    assert said == [None, {"mobile": mobile, "smsid": word}]


@pytest.mark.parametrize(
    "mobile", ["5015550117", "5015550118", "5015550119", "5015550120", "5015550121"]
)
def test_a_text_that_failed_is_an_error_to_it(
    client: Client, gateway: Simulator, mobile: str
) -> None:
    """Whyever it failed."""
    smsid = send(client, mobile)
    gateway.advance(10)

    assert client.call("deliveryReport", smsid=smsid, shortcode="74700") == ["Sent status is FALSE"]


def test_a_text_that_is_not_there_is_no_error_to_it(client: Client) -> None:
    """It reads the one space as the words of the report."""
    missing = "7A2D2AF7-6851-4D22-BD41-BD8EE94C061E"

    assert client.call("deliveryReport", smsid=missing, shortcode="74700") == [
        None,
        {"smsid": missing, "sent": "NOTFOUND", "message": " "},
    ]


def test_an_answer_with_no_line_in_it_ends_its_program(client: Client) -> None:
    """It takes what is not there apart."""
    with pytest.raises(subprocess.CalledProcessError) as raised:
        client.call("sendMt", **(TEXT | {"mobile": "5015550108"}))

    assert "TypeError" in raised.value.stderr


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
    """It has no place for the number of a member, so it can make, empty and delete them only.

    It hands on the line with its end, half of which it cut off.
    """
    made = client.call("manageGroups", **PLACE, group="vip", action="add")
    groups = gateway.account.groups("74700", "SUMO")
    emptied = client.call("manageGroups", **PLACE, group="vip", action="clear")
    deleted = client.call("manageGroups", **PLACE, group="vip", action="delete")
    again = client.call("manageGroups", **PLACE, group="vip", action="clear")

    assert groups == {"vip": ()}
    assert [made, emptied, deleted] == [
        [None, f"Action {action} OK\r"] for action in ("Add", "Clear", "Delete")
    ]
    assert again[1].startswith("Action clear Error: ")


def test_an_address_that_may_not_change_groups_is_an_error_to_it(client: Client) -> None:
    """The number that stands for that goes behind the group: the client encodes nothing."""
    said = client.call("manageGroups", **PLACE, group="vip&mobile=5015550103", action="addmember")

    assert said == ["IP not registered with Sumotext"]
