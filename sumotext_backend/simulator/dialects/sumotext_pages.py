"""SUMOTEXT's pages beside Send MT: delivery report, carrier look-up, groups, web-form opt-in.

Source: SUMOTEXT's public legacy documentation (2014), and its pages on the newer API (2015). What
the opt-in answers, and what may go wrong with a group, is not documented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from sumotext_backend.models import Reason
from sumotext_backend.simulator.account import Groups, WebForm
from sumotext_backend.simulator.behaviour import behaviour_of
from sumotext_backend.simulator.exchange import Answer, Received, answer_json
from sumotext_backend.simulator.pages import FORM
from sumotext_backend.simulator.protocols.dialect import Fields
from sumotext_backend.simulator.protocols.v2 import read_object
from sumotext_backend.simulator.simulation import Simulation
from sumotext_backend.simulator.states import State, Step

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

OPT_IN_TEXTS: Final = tuple(f"txt{number}" for number in range(1, 12))
OPT_IN_FIELDS: Final = ("country", "shortcode", "key", "phone", *OPT_IN_TEXTS)
"""All must be there, unused ones empty."""

MAX_ID: Final = 36
"""Characters of an id."""

_STRANGER: Final = "NOTIP  IP Address Not Registered with sumotext."

_NO_IP: Final = 28
_NO_KEY: Final = 256
_ERRORS: Final[Mapping[int, str]] = {
    0: "",
    _NO_IP: "IP address not found for this key",
    _NO_KEY: "Key does not exist",
}


def answer_legacy(received: Received, sim: Simulation) -> Answer | None:
    """The answer of one of the legacy pages."""
    page = _PAGES.get(received.path) if received.method == "GET" else None
    if page is None:
        return None
    line = page(received.parameters, sim)
    # SUMOTEXT's own client, which is all that tells of this line, knows it with no CR at its end.
    end = "\n" if line == _STRANGER else "\r\n"
    body = f"{line}{end}{FORM}".encode()
    return Answer(headers=(("content-type", "text/html; charset=utf-8"),), body=body)


def report(asked: Fields, sim: Simulation) -> str:
    """What became of a text: its id, TRUE, FALSE or NOTFOUND, and words."""
    text_id = asked.get("smsid", "")
    text = sim.find(text_id.upper(), "sumotext")
    mine = text and text.sender == asked.get("shortcode")
    # Only what is an id is echoed: it would be part of a page.
    shown = "".join(filter(_is_of_an_id, text_id))[:MAX_ID]
    verdict, words = _tell(text.trail[-1]) if text and mine else ("NOTFOUND", " ")
    return f"{shown}:{verdict}:{words}"


def _is_of_an_id(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "-")


def _tell(step: Step) -> tuple[str, str]:
    if step.state in _TOLD:
        return _TOLD[step.state]
    return "FALSE", _FAILED.get(step.detail, _NO_INFORMATION)


def look_up(asked: Fields, sim: Simulation) -> str:
    """The carrier's code of a number."""
    mobile = asked.get("mobile", "")
    carrier = _find_carrier(mobile, sim)
    if carrier is None:
        return "IP NOT REGISTERED"
    return carrier or f"ERROR CARRIER NOT FOUND FOR: {''.join(filter(str.isdigit, mobile))[:15]}"


def _find_carrier(mobile: str, sim: Simulation) -> str | None:
    """The carrier's code, empty where there is none; None where nobody is told, nor billed."""
    reason = behaviour_of(mobile).reason
    if reason is Reason.UNAUTHORIZED:
        return None
    sim.account.add_lookup(mobile)
    return "" if reason is Reason.NOT_SUBSCRIBED else CARRIER


def change_group(asked: Fields, sim: Simulation) -> str:
    """That a group was made, emptied, given a member, or removed; else what is wrong.

    [open] What is an error, and in which words, is not documented.
    """
    if behaviour_of(asked.get("mobile", "")).reason is Reason.UNAUTHORIZED:
        return _STRANGER
    whole = all(asked.get(name) for name in ("country", "shortcode", "key", "group"))
    wrong = "A parameter is missing"
    if whole:
        wrong = sim.account.change(asked["shortcode"], asked["key"], partial(_edit, asked))
    action = "".join(filter(str.isalpha, asked.get("action", "")))[:20]
    return f"Action {action} Error: {wrong}" if wrong else f"Action {action.title()} OK"


def _edit(asked: Fields, groups: Groups) -> str:
    """Do what is asked; what is wrong with it, empty if nothing."""
    action, name, mobile = asked.get("action", ""), asked["group"], asked.get("mobile", "")
    if action == "add":
        groups.setdefault(name, set())
        return ""
    if name not in groups:
        return "Group does not exist"
    if action == "addmember" and not mobile:
        return "Mobile is missing"
    if action == "addmember":
        groups[name].add(mobile)
    elif action == "clear":
        groups[name].clear()
    elif action == "delete":
        del groups[name]
    else:
        return "Action is unknown"
    return ""


def opt_in(asked: Fields, sim: Simulation) -> str:
    """Nothing, and the number has opted in: the handset's own yes is not waited for.

    A form that lacks one of the parameters is passed over. [open] What is answered.
    """
    if all(name in asked for name in OPT_IN_FIELDS) and asked["phone"]:
        texts = tuple(filter(None, (asked[name] for name in OPT_IN_TEXTS)))
        form = WebForm(asked["shortcode"], asked["key"], asked["phone"], texts)
        sim.account.add_opt_in(form)
        sim.opt_in(handset=form.phone, sender=form.shortcode)
    return ""


_PAGES: Final[Mapping[str, Callable[[Fields, Simulation], str]]] = {
    "/secure/sumoReport.aspx": report,
    "/secure/sumoLookup.aspx": look_up,
    "/secure/sumoGroup.aspx": change_group,
    "/mOptinMO.aspx": opt_in,
}


def answer_v2(received: Received, sim: Simulation) -> Answer | None:
    """The newer API's answer to a look-up. [open] What it says of a number without a carrier."""
    if (received.method, received.path) != ("POST", "/api/sumolookup/lookup"):
        return None
    given = read_object(received.header("content-type"), received.body, "application/json")
    mobile = given.get("mobile", "")
    carrier = _find_carrier(mobile, sim) if given.get("apikey") else ""
    number = 0 if given.get("apikey") else _NO_KEY
    number = _NO_IP if carrier is None else number
    err = {"ErrNum": number, "ErrMessage": _ERRORS[number]}
    return answer_json({"MobileNumber": mobile, "Carrier": carrier or "", "Err": err})
