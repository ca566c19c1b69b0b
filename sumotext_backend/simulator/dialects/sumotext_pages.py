"""SUMOTEXT's pages beside Send MT: delivery report, carrier look-up, groups, web-form opt-in.

Source: SUMOTEXT's public legacy documentation (2014), and its pages on the newer API (2015). What
the opt-in answers, and what may go wrong with a group, is not documented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from sumotext_backend.models import Reason
from sumotext_backend.simulator.behaviour import behaviour_of
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.pages import FORM
from sumotext_backend.simulator.simulation import Simulation
from sumotext_backend.simulator.store import State, Step

CARRIER: Final = "ATTUS"
"""Everybody's."""

_TOLD: Final[Mapping[State, tuple[str, str]]] = {
    State.SUBMITTED: ("TRUE", "Sent by Sumotext to Aggregator."),
    State.ENROUTE: ("TRUE", "Message successfully sent to carrier."),
    State.DELIVERED: ("TRUE", "Message successfully delivered to handset."),
    State.EXPIRED: ("FALSE", "EXPIRED: We are unable to deliver this message."),
}
_FAILED: Final[Mapping[str, str]] = {
    Reason.NO_CREDIT: "Not Delivered, Billing failed, Billing.",
    Reason.INVALID_RECIPIENT: "Not Delivered, Invalid destination, Destination permanent.",
    Reason.SENDER: "Not Delivered, Invalid source address, Source.",
}
_NO_INFORMATION: Final = "Not Delivered, No Information, No information."
_NO_CARRIER: Final = 625
_NO_KEY: Final = 256


def answer_legacy(received: Received, sim: Simulation) -> Answer | None:
    """The answer of one of the legacy pages."""
    page = _PAGES.get(received.path) if received.method == "GET" else None
    if page is None:
        return None
    body = f"{page(received.parameters, sim)}\r\n{FORM}".encode()
    return Answer(headers=(("content-type", "text/html; charset=utf-8"),), body=body)


def report(asked: Mapping[str, str], sim: Simulation) -> str:
    """What became of a text: its id, TRUE, FALSE or NOTFOUND, and words."""
    text_id = asked.get("smsid", "")
    text = sim.find(text_id, "sumotext")
    # Only what is an id is echoed: it would be part of a page.
    shown = text_id if text else "".join(each for each in text_id if each.isalnum() or each == "-")
    verdict, words = _tell(text.trail[-1]) if text else ("NOTFOUND", " ")
    return f"{shown}:{verdict}:{words}"


def _tell(step: Step) -> tuple[str, str]:
    if step.state in _TOLD:
        return _TOLD[step.state]
    return "FALSE", _FAILED.get(step.detail, _NO_INFORMATION)


def look_up(asked: Mapping[str, str], sim: Simulation) -> str:
    """The carrier's code of a number."""
    mobile = asked.get("mobile", "")
    behaviour = behaviour_of(mobile)
    if behaviour.reason is Reason.UNAUTHORIZED:
        return "IP NOT REGISTERED"
    if behaviour.reason is Reason.NOT_SUBSCRIBED:
        return f"ERROR CARRIER NOT FOUND FOR: {''.join(filter(str.isdigit, mobile))}"
    return CARRIER


def change_group(asked: Mapping[str, str], sim: Simulation) -> str:
    """That a group was made, emptied, given a member, or removed; nobody can read one."""
    action = asked.get("action", "")
    if behaviour_of(asked.get("mobile", "")).reason is Reason.UNAUTHORIZED:
        return "NOTIP  IP Address Not Registered with sumotext."
    if action not in ("add", "delete", "clear", "addmember"):
        return "Action Error: unknown action"
    whole = all(asked.get(name) for name in ("shortcode", "key", "group"))
    member = action != "addmember" or asked.get("mobile")
    done = "OK" if whole and member else "Error: a parameter is missing"
    return f"Action {action.capitalize()} {done}"


def opt_in(asked: Mapping[str, str], sim: Simulation) -> str:
    """Nothing, and the number has opted in: the handset's own yes is not waited for."""
    if asked.get("phone") and asked.get("shortcode"):
        sim.opt_in(handset=asked["phone"], sender=asked["shortcode"])
    return ""


_PAGES: Final[Mapping[str, Callable[[Mapping[str, str], Simulation], str]]] = {
    "/secure/sumoReport.aspx": report,
    "/secure/sumoLookup.aspx": look_up,
    "/secure/sumoGroup.aspx": change_group,
    "/mOptinMO.aspx": opt_in,
}


def answer_v2(received: Received, sim: Simulation) -> Answer | None:
    """The newer API's answer to a look-up."""
    if (received.method, received.path) != ("POST", "/api/sumolookup/lookup"):
        return None
    given = _read(received.body)
    found = look_up({"mobile": given["mobile"]}, sim)
    number = 0 if found == CARRIER else _NO_CARRIER
    number = number if given["apikey"] else _NO_KEY
    words = {0: "", _NO_KEY: "Key does not exist", _NO_CARRIER: "Carrier not found"}[number]
    carrier = "" if number else CARRIER
    err = {"ErrNum": number, "ErrMessage": words}
    return answer_json({"MobileNumber": given["mobile"], "Carrier": carrier, "Err": err})


def _read(body: bytes) -> dict[str, str]:
    """The two fields of the object after ``json=``; empty where they are not text."""
    try:
        value: Any = json.loads(body.partition(b"=")[2])
    except (ValueError, RecursionError):
        value = None
    given = value if isinstance(value, dict) else {}
    fields = {name: given.get(name) for name in ("apikey", "mobile")}
    return {name: each if isinstance(each, str) else "" for name, each in fields.items()}
