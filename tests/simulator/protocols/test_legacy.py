"""SUMOTEXT's legacy page, as the simulator speaks it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from simulator_client import MOBILE, SENT, STATUS, call, send, target

from sumotext_backend.simulator import Simulator

pytestmark = pytest.mark.once


GUID = r"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}"


def test_an_accepted_text_gets_its_number_and_an_id(simulator: Simulator) -> None:
    """First line ``{mobile}:{GUID}``, CR LF, then a form; as HTML of a declared length."""
    status, headers, body = send(simulator)
    line, _, tail = body.partition("\r\n")

    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert len(body) == int(headers["content-length"])
    assert "set-cookie" not in headers
    assert re.fullmatch(f"{MOBILE}:{GUID}", line)
    assert "<form" in tail


@pytest.mark.parametrize("prefix", ["", "1", "+1"])
def test_a_number_is_echoed_as_it_was_asked(simulator: Simulator, prefix: str) -> None:
    """Ten digits, or after 1 or +1: the answer names the number as the request did."""
    _, _, body = send(simulator, mobile=prefix + MOBILE)

    assert body.startswith(f"{prefix}{MOBILE}:")


@pytest.mark.parametrize("name", SENT)
def test_a_parameter_that_is_empty_or_missing_gets_the_form_alone(
    simulator: Simulator, name: str
) -> None:
    """Without all five parameters, in lower case, there is no first line and no text."""
    empty = send(simulator, **{name: ""})
    upper = call(simulator.port, "GET", target().replace(f"{name}=", f"{name.upper()}="))

    assert [200, 200] == [empty[0], upper[0]]
    assert empty[2] == upper[2]
    assert empty[2].startswith("<!DOCTYPE html>")
    assert ":" not in empty[2].partition("\n")[0]
    assert simulator.messages == ()
    assert ["incomplete"] * 2 == [seen.name for seen in simulator.requests]


@pytest.mark.parametrize("mobile", ["501555123", "1115551234", "+4930123456", "<b>5015551234</b>"])
def test_what_is_no_number_is_not_found(simulator: Simulator, mobile: str) -> None:
    """Anything but a North American number is refused; only its digits come back."""
    _, _, body = send(simulator, mobile=mobile)
    echo, _, code = body.partition("\r\n")[0].partition(":")

    assert code == "NOTFOUND"
    assert "".join(re.findall("[0-9]", mobile)) == echo
    assert simulator.messages == ()


LINES = {
    "5015550101": "5015550101:NOTOPT",
    "5015550102": "5015550102:NOTFOUND",
    "5015550103": "5015550103:NOTIP",
    "5015550104": "ERROR:NOTIP",
    "5015550110": f"2125551212:{GUID}",
    "5015550111": "5015550111:NOTACTIVE",
    "5015550116": f"5015550116:{GUID}",
}


@pytest.mark.parametrize(("mobile", "line"), LINES.items())
def test_a_magic_number_has_its_line(simulator: Simulator, mobile: str, line: str) -> None:
    """HTTP 200, the line of that number, CR LF and the form."""
    status, _, body = send(simulator, mobile=mobile)
    first, _, tail = body.partition("\r\n")

    assert status == 200
    assert re.fullmatch(line, first)
    assert "<form" in tail


@pytest.mark.parametrize(("mobile", "expected"), STATUS.items())
def test_a_magic_number_has_its_status(
    simulator: Simulator, mobile: str, expected: tuple[int, str | None]
) -> None:
    """The status of that number, with Retry-After where it has one, and no first line."""
    status, headers, body = send(simulator, mobile=mobile)

    assert expected == (status, headers.get("retry-after"))
    assert body.startswith("<!DOCTYPE html>")


def test_the_redirect_leads_to_a_login_page_and_carries_the_query(simulator: Simulator) -> None:
    """As ASP.NET does, ``Location`` holds all that was asked, so a client must not show it."""
    _, headers, _ = send(simulator, mobile="5015550109")
    location = urlsplit(headers["location"])

    assert location.path == "/login.aspx"
    assert parse_qs(location.query)["ReturnUrl"] == [target(mobile="5015550109")]


def test_the_page_is_html_alone(simulator: Simulator) -> None:
    """0108 answers HTTP 200 without a first line."""
    status, _, body = send(simulator, mobile="5015550108")

    assert status == 200
    assert body.startswith("<!DOCTYPE html>")


def test_the_cut_id_ends_the_answer(simulator: Simulator) -> None:
    """0107 ends within the id: no line end, no form."""
    _, _, body = send(simulator, mobile="5015550107")

    assert re.fullmatch("5015550107:[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}", body)
