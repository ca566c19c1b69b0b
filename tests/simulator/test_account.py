"""What the simulator keeps of an account at SUMOTEXT beside texts, over real sockets."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from simulator_client import MOBILE, call

from sumotext_backend.simulator import Simulator

pytestmark = pytest.mark.once

GROUP = {"country": "USA", "shortcode": "74700", "key": "SUMO", "group": "vip", "mobile": ""}
FORM = {
    "country": "USA",
    "shortcode": "74700",
    "key": "SUMO",
    "phone": MOBILE,
    **{f"txt{index}": "" for index in range(1, 12)},
}


def get(simulator: Simulator, path: str, **query: str) -> None:
    """Ask for a page."""
    assert call(simulator.port, "GET", f"{path}?{urlencode(query, quote_via=quote)}")[0] == 200


def look_up(simulator: Simulator, mobile: str) -> None:
    """Ask for a carrier."""
    get(simulator, "/secure/sumoLookup.aspx", mobile=mobile, shortcode="74700")


def change(simulator: Simulator, action: str, mobile: str = "") -> dict[str, tuple[str, ...]]:
    """The groups after a change."""
    get(simulator, "/secure/sumoGroup.aspx", **{**GROUP, "action": action, "mobile": mobile})
    return simulator.account.groups("74700", "SUMO")


def test_look_ups_are_counted_as_they_would_be_billed(simulator: Simulator) -> None:
    """One that is refused costs nothing, one without a carrier does; other processes may read."""
    for mobile in (MOBILE, MOBILE, "5015550102", "5015550103"):
        look_up(simulator, mobile)
    _, _, body = call(simulator.port, "GET", "/api/lookups")

    assert simulator.account.lookups == (MOBILE, MOBILE, "5015550102")
    assert json.loads(body) == [*simulator.account.lookups]


def test_the_newer_api_is_billed_too(simulator: Simulator) -> None:
    """Not without a key, nor for a body that is announced as something else."""
    for fields, kind in (
        ({"apikey": "k", "mobile": MOBILE}, "application/json"),
        ({"mobile": MOBILE}, "application/json"),
        ({"apikey": "k", "mobile": MOBILE}, "application/json/mt"),
    ):
        body = b"json=" + json.dumps(fields).encode()
        call(simulator.port, "POST", "/api/sumolookup/lookup", body, kind)

    assert simulator.account.lookups == (MOBILE,)


def test_a_group_is_made_filled_cleared_and_deleted(simulator: Simulator) -> None:
    """Of a keyword; what is not there is not made on the way."""
    assert change(simulator, "addmember", MOBILE) == {}
    assert change(simulator, "add") == {"vip": ()}
    assert change(simulator, "addmember", MOBILE) == {"vip": (MOBILE,)}
    assert change(simulator, "clear") == {"vip": ()}
    assert change(simulator, "delete") == {}
    assert simulator.account.groups("74700", "OTHER") == {}


def test_an_opt_in_wants_all_fifteen_parameters(simulator: Simulator) -> None:
    """One that lacks some is passed over."""
    get(simulator, "/mOptinMO.aspx", **{**FORM, "txt1": "Ann"})
    get(simulator, "/mOptinMO.aspx", **{k: v for k, v in FORM.items() if k != "txt11"})
    (opt_in,) = simulator.account.opt_ins

    assert (opt_in.phone, opt_in.fields) == (MOBILE, ("Ann",))
    assert MOBILE not in repr(opt_in)
    assert "Ann" not in repr(opt_in)


def test_clearing_forgets_all_of_it(simulator: Simulator) -> None:
    """As it does the texts."""
    change(simulator, "add")
    look_up(simulator, MOBILE)
    get(simulator, "/mOptinMO.aspx", **FORM)
    simulator.clear()

    assert (simulator.account.lookups, simulator.account.opt_ins) == ((), ())
    assert simulator.account.groups("74700", "SUMO") == {}
