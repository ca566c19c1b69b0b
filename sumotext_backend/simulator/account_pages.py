"""SUMOTEXT's pages beside sending: reports, carriers, groups and opt-ins; no HTTP in it.

Source: SUMOTEXT's public legacy documentation (2014) and its pages on the newer API (2015).
[open] marks what is not documented, and what is answered here in its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sumotext_backend.simulator.account import Account, Query, WebForm
from sumotext_backend.simulator.behaviour import behaviour_of
from sumotext_backend.simulator.pages import FORM
from sumotext_backend.simulator.protocols.dialect import Page
from sumotext_backend.simulator.store import Received

CARRIER: Final = "ATTUS"
"""Of every number that has one."""

ON_THE_WAY: Final = (
    (timedelta(seconds=1), "Sent by Sumotext to Aggregator."),
    (timedelta(seconds=2), "Message successfully sent to carrier."),
)
"""Until what age of a text its report says so; after it, it is delivered."""
DELIVERED: Final = "Message successfully delivered to handset."

FAILURES: Final[Mapping[str, str]] = {
    "0121": "Failed. We are unable to delier this message.",
    "0122": "EXPIRED: We are unable to deliver this message.",
    "0123": "Not Delivered, Invalid destination, Destination permanent.",
    "0124": "Not Delivered, Handset is off: try later.",
}
"""What the report says at once of a number ``ABC 555 01xx`` that ends so. The last is invented."""

OPT_IN_FIELDS: Final = ("country", "shortcode", "key", "phone", *(f"txt{n}" for n in range(1, 12)))
_NO_IP: Final = ("no-ip", "error-no-ip")
_NO_CARRIER: Final = ("not-found", "not-a-number")


def report(query: Query, messages: Iterable[Received], now: datetime) -> Page:
    """The delivery report of one text, which changes with its age."""
    smsid = query.get("smsid", "")
    text = next((each for each in messages if each.id == smsid.upper()), None)
    if text is None or text.shortcode != query.get("shortcode"):
        return _page(f"{''.join(filter(_is_of_an_id, smsid))[:36]}:NOTFOUND: ")
    failure = FAILURES.get(text.mobile[-4:]) if text.mobile[-7:-4] == "555" else None
    if failure:
        return _page(f"{smsid}:FALSE:{failure}")
    age = now - text.received_at
    words = next((words for until, words in ON_THE_WAY if age < until), DELIVERED)
    return _page(f"{smsid}:TRUE:{words}")


def lookup(query: Query, account: Account) -> Page:
    """The carrier of a number by the legacy page."""
    mobile = query.get("mobile", "")
    name = behaviour_of(mobile).name
    if name in _NO_IP:
        return _page("IP NOT REGISTERED")
    account.add_lookup(mobile)
    if name in _NO_CARRIER:
        return _page(f"ERROR CARRIER NOT FOUND FOR: {''.join(filter(str.isdigit, mobile))[:15]}")
    return _page(CARRIER)


def lookup_v2(fields: Query, account: Account) -> Page:
    """The carrier of a number by the newer API."""
    mobile, number, carrier = fields.get("mobile", ""), 0, ""
    name = behaviour_of(mobile).name
    if not fields.get("apikey"):
        number = 256
    elif name in _NO_IP:
        number = 28
    else:
        account.add_lookup(mobile)
        carrier = "" if name in _NO_CARRIER else CARRIER  # [open]
    err = {"ErrNum": number, "ErrMessage": ""}
    answer: dict[str, Any] = {"MobileNumber": mobile, "Carrier": carrier, "Err": err}
    return Page(json.dumps(answer), "application/json")


def group(query: Query, account: Account) -> Page:
    """A change of a group."""
    wrong = account.change(query)
    action = "".join(filter(str.isalpha, query.get("action", "")))[:20]
    return _page(f"Action {action} Error: {wrong}" if wrong else f"Action {action.title()} OK")


def opt_in(query: Query, account: Account) -> Page:
    """An opt-in, if all parameters are there. [open] What is answered: the form and no line."""
    if all(name in query for name in OPT_IN_FIELDS) and query["phone"]:
        fields = tuple(filter(None, (query[name] for name in OPT_IN_FIELDS[4:])))
        account.add_opt_in(WebForm(query["shortcode"], query["key"], query["phone"], fields))
    return Page(FORM)


def _page(line: str) -> Page:
    return Page(f"{line}\r\n{FORM}")


def _is_of_an_id(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "-")
