"""SUMOTEXT's pages beside Send MT, as its documentation has them."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from simulator_client import call, send

from sumotext_backend.simulator import Simulator

pytestmark = pytest.mark.once

REPORT, LOOKUP = "/secure/sumoReport.aspx", "/secure/sumoLookup.aspx"
GROUP = "/secure/sumoGroup.aspx"
STRANGER = "NOTIP  IP Address Not Registered with sumotext."
OPT_IN = {
    "country": "USA",
    "shortcode": "74700",
    "key": "SUMO",
    **{f"txt{number}": "" for number in range(1, 12)},
}


def ask(simulator: Simulator, page: str, **asked: str) -> str:
    """The first line of a legacy page; a form follows, which is to be ignored."""
    target = f"{page}?{urlencode(asked, quote_via=quote)}"
    status, headers, body = call(simulator.port, "GET", target)
    line, _, rest = body.partition("\n")
    line = line.removesuffix("\r")
    assert (200, "text/html; charset=utf-8") == (status, headers["content-type"])
    assert "<form" in rest
    return line


def report(simulator: Simulator, text_id: str) -> str:
    """What became of a text, after its id."""
    line = ask(simulator, REPORT, smsid=text_id, shortcode="74700")
    assert line.startswith(f"{text_id}:")
    return line.removeprefix(f"{text_id}:")


def test_a_report_tells_how_far_a_text_is(simulator: Simulator) -> None:
    """In the documented words of each state."""
    send(simulator)
    (text,) = simulator.messages
    told = [report(simulator, text.id)]
    for _ in range(2):
        simulator.advance(1.1)
        told.append(report(simulator, text.id))

    assert [
        "TRUE:Sent by Sumotext to Aggregator.",
        "TRUE:Message successfully sent to carrier.",
        "TRUE:Message successfully delivered to handset.",
    ] == told


@pytest.mark.parametrize(
    ("mobile", "words"),
    [
        ("5015550117", "Not Delivered, Billing failed, Billing."),
        ("5015550118", "Not Delivered, Invalid source address, Source."),
        ("5015550120", "Not Delivered, No Information, No information."),
        ("5015550121", "EXPIRED: We are unable to deliver this message."),
    ],
)
def test_a_report_tells_why_a_text_was_not_delivered(
    simulator: Simulator, mobile: str, words: str
) -> None:
    """In the documented words."""
    send(simulator, mobile=mobile)
    simulator.advance(10)

    assert f"FALSE:{words}" == report(simulator, simulator.messages[0].id)


def test_a_report_on_a_text_that_is_not_there(simulator: Simulator) -> None:
    """NOTFOUND and one space; nothing but an id is echoed."""
    assert report(simulator, "2xgh679okl34x") == "NOTFOUND: "
    assert ask(simulator, REPORT, smsid="<b>1") == "b1:NOTFOUND: "


def test_a_text_is_found_by_its_id_and_its_short_code(simulator: Simulator) -> None:
    """In any case; of another account it is not there."""
    send(simulator)
    text_id = simulator.messages[0].id
    other = ask(simulator, REPORT, smsid=text_id, shortcode="99999")

    assert report(simulator, text_id.lower()).startswith("TRUE:")
    assert other == f"{text_id}:NOTFOUND: "


@pytest.mark.parametrize(
    ("mobile", "line"),
    [
        ("5015551234", "ATTUS"),
        ("5015550102", "ERROR CARRIER NOT FOUND FOR: 5015550102"),
        ("hello 12", "ERROR CARRIER NOT FOUND FOR: 12"),
        ("5015550103", "IP NOT REGISTERED"),
    ],
)
def test_a_look_up_tells_the_carrier(simulator: Simulator, mobile: str, line: str) -> None:
    """Or in the documented words why not."""
    assert line == ask(simulator, LOOKUP, mobile=mobile, shortcode="74700")


@pytest.mark.parametrize(
    ("body", "number", "carrier"),
    [
        ({"apikey": "k", "mobile": "5015551234"}, 0, "ATTUS"),
        ({"mobile": "5015551234"}, 256, ""),
        ({"apikey": "k", "mobile": "5015550102"}, 0, ""),
        ({"apikey": "k", "mobile": "5015550103"}, 28, ""),
    ],
    ids=["carrier", "no key", "none", "no address"],
)
@pytest.mark.parametrize("below", ["", "/sumotext-v2"])
def test_the_newer_api_looks_up_too(
    simulator: Simulator, body: dict[str, str], number: int, carrier: str, below: str
) -> None:
    """With an ErrNum; at the root as below the backend's name."""
    data = b"json=" + json.dumps(body).encode()
    target = f"{below}/api/sumolookup/lookup"
    answer = json.loads(call(simulator.port, "POST", target, data, "application/json")[2])

    assert (number, carrier) == (answer["Err"]["ErrNum"], answer["Carrier"])


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"action": "add"}, "Action Add OK"),
        ({"action": "addmember", "mobile": "5015551234"}, "Action Addmember OK"),
        ({"action": "clear"}, "Action Clear OK"),
        ({"action": "delete"}, "Action Delete OK"),
        ({"action": "addmember"}, "Action addmember Error: Mobile is missing"),
        ({"action": "add", "group": ""}, "Action add Error: A parameter is missing"),
        ({"action": "add", "country": ""}, "Action add Error: A parameter is missing"),
        ({"action": "clear", "group": "new"}, "Action clear Error: Group does not exist"),
        ({"action": "delete", "group": "new"}, "Action delete Error: Group does not exist"),
        ({"action": "<b>read"}, "Action bread Error: Action is unknown"),
        ({"action": "addmember", "mobile": "5015550103"}, STRANGER),
    ],
)
def test_a_group_is_changed(simulator: Simulator, changes: dict[str, str], line: str) -> None:
    """Each answer names the action; what cannot be done is an error, after a colon."""
    known = {"country": "USA", "shortcode": "74700", "key": "SUMO", "group": "vip", "mobile": ""}
    ask(simulator, GROUP, **known, action="add")
    said = ask(simulator, GROUP, **{**known, **changes})

    assert line == said


def test_an_opt_in_lets_a_number_be_texted(simulator: Simulator) -> None:
    """0101 has not opted in, until it does; another short code's texts it gets none of."""
    before = send(simulator, mobile="5015550101")[2]
    ask(simulator, "/mOptinMO.aspx", **OPT_IN, phone="5015550101")
    after = send(simulator, mobile="5015550101")[2]
    elsewhere = send(simulator, mobile="5015550101", shortcode="74701")[2]

    assert [True, False, True] == [
        "NOTOPT" in answer.partition("\r\n")[0] for answer in (before, after, elsewhere)
    ]


def test_an_opt_in_lifts_a_stop_and_a_stop_an_opt_in(simulator: Simulator) -> None:
    """What was said last holds."""
    send(simulator, mobile="5015550101")
    ask(simulator, "/mOptinMO.aspx", **OPT_IN, phone="5015550101")
    send(simulator, mobile="5015550101")
    simulator.reply(simulator.messages[-1], "STOP")
    stopped = send(simulator, mobile="5015550101")[2]
    ask(simulator, "/mOptinMO.aspx", **OPT_IN, phone="5015550101")
    again = send(simulator, mobile="5015550101")[2]

    assert ("NOTOPT" in stopped, "NOTOPT" in again) == (True, False)
