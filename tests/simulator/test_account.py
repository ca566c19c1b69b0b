"""The simulator's pages beside sending, over real sockets."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import pytest
from simulator_client import MOBILE, call, send

from sumotext_backend.providers.sumotext import report_wire
from sumotext_backend.simulator import Simulator, account_pages
from sumotext_backend.simulator.store import Received

pytestmark = pytest.mark.once

SMSID = "7A2D2AF7-6851-4D22-BD41-BD8EE94C061E"
NOW = datetime(2026, 11, 29, 19, 30, tzinfo=UTC)
GROUP = {"country": "USA", "shortcode": "74700", "key": "SUMO", "group": "vip", "mobile": ""}


def get(simulator: Simulator, path: str, **query: str) -> str:
    """The first line of a page."""
    target = f"{path}?{urlencode(query, quote_via=quote)}"
    status, headers, body = call(simulator.port, "GET", target)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    return body.partition("\r\n")[0]


def change(simulator: Simulator, action: str, **changes: str) -> str:
    """The first line after a change of a group."""
    return get(simulator, "/secure/sumoGroup.aspx", **{**GROUP, "action": action, **changes})


def text(mobile: str = MOBILE) -> Received:
    """A text that was accepted at `NOW`."""
    return Received(
        id=SMSID,
        mobile=mobile,
        carrier="ATTUS",
        shortcode="74700",
        key="SUMO",
        msg="hello",
        segments=1,
        encoding="GSM-7",
        received_at=NOW,
    )


def report(age: float, mobile: str = MOBILE) -> str:
    """The report on a text of that age in seconds."""
    query = {"smsid": SMSID, "shortcode": "74700"}
    page = account_pages.report(query, [text(mobile)], NOW + timedelta(seconds=age))
    return page.content.partition("\r\n")[0]


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (0.0, "Sent by Sumotext to Aggregator."),
        (1.5, "Message successfully sent to carrier."),
        (9.0, "Message successfully delivered to handset."),
    ],
)
def test_a_report_changes_with_the_age_of_the_text(age: float, words: str) -> None:
    """Aggregator, carrier, handset."""
    assert report(age) == f"{SMSID}:TRUE:{words}"


@pytest.mark.parametrize("digits", account_pages.FAILURES)
def test_some_numbers_never_get_their_text(digits: str) -> None:
    """In the words of the documentation, but for one that nobody documented."""
    words = account_pages.FAILURES[digits]

    assert report(0, f"501555{digits}") == f"{SMSID}:FALSE:{words}"
    assert (words in report_wire.STATUSES) is (digits != "0124")


def test_a_text_is_found_by_its_id_and_its_short_code(simulator: Simulator) -> None:
    """In any case; of another account it is not there, and the text after it is one space."""
    send(simulator)
    smsid = simulator.messages[0].id
    found = get(simulator, "/secure/sumoReport.aspx", smsid=smsid.lower(), shortcode="74700")
    other = get(simulator, "/secure/sumoReport.aspx", smsid=smsid, shortcode="99999")

    assert found.startswith(f"{smsid.lower()}:TRUE:")
    assert other == f"{smsid}:NOTFOUND: "


def test_what_is_not_an_id_is_not_echoed(simulator: Simulator) -> None:
    """It would be part of a page."""
    assert get(simulator, "/secure/sumoReport.aspx", smsid="<b>:x") == "bx:NOTFOUND: "


@pytest.mark.parametrize(
    ("mobile", "line"),
    [
        (MOBILE, "ATTUS"),
        ("5015550102", "ERROR CARRIER NOT FOUND FOR: 5015550102"),
        ("12", "ERROR CARRIER NOT FOUND FOR: 12"),
        ("5015550103", "IP NOT REGISTERED"),
    ],
)
def test_a_carrier_is_on_the_first_line(simulator: Simulator, mobile: str, line: str) -> None:
    """Or that there is none, or that the address is not registered."""
    assert get(simulator, "/secure/sumoLookup.aspx", mobile=mobile, shortcode="74700") == line


def test_look_ups_are_counted_as_they_would_be_billed(simulator: Simulator) -> None:
    """One that is refused costs nothing; they can be read by other processes."""
    for mobile in (MOBILE, MOBILE, "5015550103"):
        get(simulator, "/secure/sumoLookup.aspx", mobile=mobile, shortcode="74700")
    _, _, body = call(simulator.port, "GET", "/_simulator/lookups")

    assert simulator.account.lookups == (MOBILE, MOBILE)
    assert json.loads(body) == [MOBILE, MOBILE]


@pytest.mark.parametrize(
    ("fields", "carrier", "number"),
    [
        ({"apikey": "k", "mobile": MOBILE}, "ATTUS", 0),
        ({"apikey": "k", "mobile": "5015550102"}, "", 0),
        ({"apikey": "k", "mobile": "5015550103"}, "", 28),
        ({"mobile": MOBILE}, "", 256),
    ],
    ids=["carrier", "none", "no address", "no key"],
)
def test_the_newer_api_looks_up_too(
    simulator: Simulator, fields: dict[str, str], carrier: str, number: int
) -> None:
    """With the number echoed, and an error's number."""
    body = b"json=" + json.dumps(fields).encode()
    path, kind = "/api/sumolookup/lookup", "application/json"
    _, _, answer = call(simulator.port, "POST", path, body, kind)
    said = json.loads(answer)

    assert (said["Carrier"], said["Err"]["ErrNum"]) == (carrier, number)


def test_a_group_is_made_filled_cleared_and_deleted(simulator: Simulator) -> None:
    """Each answer names the action."""
    lines = [
        change(simulator, "add"),
        change(simulator, "addmember", mobile=MOBILE),
    ]
    filled = simulator.account.groups("74700", "SUMO")
    lines += [change(simulator, "clear"), change(simulator, "delete")]

    assert lines == [f"Action {each} OK" for each in ("Add", "Addmember", "Clear", "Delete")]
    assert filled == {"vip": (MOBILE,)}
    assert simulator.account.groups("74700", "SUMO") == {}


@pytest.mark.parametrize(
    ("action", "changes"),
    [
        ("clear", {}),
        ("delete", {}),
        ("addmember", {"mobile": MOBILE}),
        ("add", {"country": ""}),
        ("add", {"group": ""}),
    ],
)
def test_what_cannot_be_done_is_an_error(
    simulator: Simulator, action: str, changes: dict[str, str]
) -> None:
    """After a colon."""
    assert change(simulator, action, **changes).startswith(f"Action {action} Error: ")


def test_an_opt_in_wants_all_fifteen_parameters(simulator: Simulator) -> None:
    """One that lacks some is passed over."""
    fields = {f"txt{index}": "" for index in range(1, 12)}
    whole = {"country": "USA", "shortcode": "74700", "key": "SUMO", "phone": MOBILE, **fields}
    get(simulator, "/mOptinMO.aspx", **{**whole, "txt1": "Ann"})
    get(simulator, "/mOptinMO.aspx", **{k: v for k, v in whole.items() if k != "txt11"})
    (opt_in,) = simulator.account.opt_ins

    assert (opt_in.phone, opt_in.fields) == (MOBILE, ("Ann",))
    assert MOBILE not in repr(opt_in)
    assert "Ann" not in repr(opt_in)


def test_clearing_forgets_all_of_it(simulator: Simulator) -> None:
    """As it does the texts."""
    change(simulator, "add")
    get(simulator, "/secure/sumoLookup.aspx", mobile=MOBILE, shortcode="74700")
    simulator.clear()

    assert simulator.account.lookups == ()
    assert simulator.account.groups("74700", "SUMO") == {}
