"""Groups and opt-ins: what goes out, what answers mean, and that nothing is done twice."""

from __future__ import annotations

from typing import get_args
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import Outcome, Reason
from sumotext_backend.models import Verdict
from sumotext_backend.providers import Response, parse_number
from sumotext_backend.providers.sumotext import SumotextBackend, groups
from sumotext_backend.providers.sumotext.changes import change_group, opt_in
from sumotext_backend.testing import FAULTS, HostileGateway, Reply, fault

PROGRAMME = groups.Programme("74700", "SOME KEY")
MEMBER = parse_number("5015551234")
PAGE = "\r\n<!DOCTYPE html>\r\n<form></form>\r\n"
# Two spaces, and a full stop: as SUMOTEXT's own client has it.
TWO_SPACES = "NOTIP  IP Address Not Registered with sumotext."

# What a gateway that never learned of the request does; everything else may have done it.
SURE = ("UNREACHABLE", "TLS", "UNAUTHORIZED", "THROTTLED", "REFUSED_REQUEST", "UNAVAILABLE")


def read(line: str, action: groups.Action = "add", *, ended: bool = True) -> Verdict:
    """What a first line means."""
    return groups.read(Response(status=200, body=line.encode(), ended=ended), action)


def query(target: str) -> dict[str, str]:
    """The parameters in a target."""
    return dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))


def account(url: str, **options: object) -> SumotextBackend:
    """An account at the gateway there."""
    own = {"shortcode": "74700", "keyword": "SUMO", "base_url": url, "timeout": 2.0}
    return SumotextBackend(**(own | options))  # type: ignore[arg-type]


def test_a_change_names_all_six_parameters() -> None:
    """The number is there and empty where there is none; all is percent-encoded."""
    added = groups.make_request(PROGRAMME, "addmember", "group & co", "5015551234")
    made = groups.make_request(PROGRAMME, "add", "g")

    assert added.target.startswith("/secure/sumoGroup.aspx?country=USA&shortcode=74700&")
    assert query(added.target) == {
        "country": "USA",
        "shortcode": "74700",
        "key": "SOME KEY",
        "group": "group & co",
        "action": "addmember",
        "mobile": "5015551234",
    }
    assert query(made.target)["mobile"] == ""
    assert " " not in added.target


@pytest.mark.parametrize("action", get_args(groups.Action))
def test_ok_is_done(action: groups.Action) -> None:
    """In whatever case the gateway writes the action."""
    assert read(f"Action {action.title()} OK{PAGE}", action).reason is None
    assert read(f"Action {action} ok{PAGE}", action).reason is None


def test_an_error_is_a_refusal_whose_words_are_kept_out_of_sight() -> None:
    """They may hold the number."""
    said = read("Action add Error: 5015551234 is no group\r\n")

    assert said.reason is Reason.REFUSED
    assert "5015551234" in said.raw
    assert "5015551234" not in repr(said)


@pytest.mark.parametrize("line", [TWO_SPACES, "NOTIP", "IP NOT REGISTERED", "ERROR:NOTIP"])
def test_an_address_that_is_not_registered_is_told(line: str) -> None:
    """The two-space line of SUMOTEXT's own client, and the words of other pages."""
    assert read(line + PAGE).reason is Reason.UNAUTHORIZED


@pytest.mark.parametrize("line", ["", PAGE, "OK", "Action OK", "Action add", "Action clear OK"])
def test_anything_else_is_a_doubt(line: str) -> None:
    """An answer to another action too."""
    assert read(line).reason is Reason.BAD_ANSWER


@given(st.integers(0, 40))
def test_half_a_line_is_a_doubt(length: int) -> None:
    """OK cut out of a longer line would be a guess."""
    assert read("Action Add Error: no"[:length], ended=False).reason is Reason.BAD_ANSWER


def test_an_opt_in_has_all_fifteen_parameters() -> None:
    """The unused ones empty, as SUMOTEXT wants them."""
    request = groups.make_opt_in(PROGRAMME, "5015551234", ["Ann", "", "72201"])
    found = query(request.target)

    assert request.target.startswith("/mOptinMO.aspx?")
    assert len(found) == 15
    assert (found["phone"], found["country"]) == ("5015551234", "USA")
    assert [found[f"txt{n}"] for n in (1, 2, 3, 11)] == ["Ann", "", "72201", ""]


def test_a_web_form_has_eleven_fields_at_most() -> None:
    """A twelfth would go nowhere."""
    with pytest.raises(ValueError, match="11 fields"):
        groups.make_opt_in(PROGRAMME, "5015551234", ["x"] * 12)


@pytest.mark.parametrize("line", ["<html>", "Thank you", "", "5015551234:OK"])
def test_no_answer_to_an_opt_in_is_a_yes(line: str) -> None:
    """What it answers is not documented."""
    said = groups.read_opt_in(Response(status=200, body=line.encode(), ended=True))

    assert said.reason is Reason.BAD_ANSWER


def test_a_number_goes_with_addmember_alone() -> None:
    """Nothing is asked otherwise, nor for a number that SUMOTEXT does not serve."""
    with HostileGateway() as gateway:
        ours = account(gateway.url)
        said = [
            change_group(ours, "addmember", "g"),
            change_group(ours, "clear", "g", MEMBER),
            change_group(ours, "addmember", "g", parse_number("+4915112345678")),
            opt_in(ours, parse_number("+4915112345678")),
        ]

        assert [each.reason.outcome for each in said if each.reason] == [Outcome.FAILED] * 4
        assert gateway.requests == ()


@pytest.mark.once
@pytest.mark.parametrize("name", [name for name in FAULTS if not fault(name).tls_only])
def test_whatever_the_network_does_a_change_is_asked_for_once(name: str) -> None:
    """One request at most; where it may have arrived, the end is a doubt and no failure."""
    with HostileGateway(name) as gateway:
        ours = account(gateway.url, timeout=0.6, connect_timeout=0.3)
        said = change_group(ours, "delete", "g")
        ours.close()

        assert gateway.gets <= 1
        if gateway.gets and said.reason and said.reason.outcome is Outcome.FAILED:
            assert said.reason.value in SURE


def test_a_change_by_https_goes_by_http_only_where_that_is_permitted() -> None:
    """Where no https came about, no byte has left; in between, nothing was asked for."""
    with HostileGateway(Reply(b"Action Add OK\r\n")) as gateway:
        https = gateway.url.replace("http://", "https://")
        kept = change_group(account(https), "add", "g")
        permitted = change_group(account(https, allow_plain_http=True), "add", "g")

        assert kept.reason in (Reason.TLS, Reason.UNREACHABLE)
        assert permitted.reason is None
        assert gateway.gets == 1
