"""SUMOTEXT's newer API: a POST of ``json={...}``, and JSON with an ``ErrNum``.

Source: SUMOTEXT's public pages on the newer API (2015).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote_plus

from sumotext_backend.models import Reason
from sumotext_backend.simulator.behaviour import Behaviour, behaviour_of
from sumotext_backend.simulator.protocols.dialect import Dialect, Fields, Page, Request

ERRORS: Final[Mapping[str, int]] = {
    "not-opted-in": 27,
    "opted-out": 27,
    "not-found": 27,
    "not-a-number": 27,
    "no-ip": 28,
    "error-no-ip": 28,
    "unknown-code": 999,
    "no-key": 258,
    "no-carrier": 9,
}
"""``ErrNum`` by name of the behaviour; whatever is not here is 0, with an id."""

_WORDS: Final[Mapping[int, str]] = {
    0: "",
    9: "Carrier not supplied",
    27: "Not opted in",
    28: "IP address not found for this key",
    258: "Key does not exist",
    999: "Not active",
}

# [open] What the gateway answers to a request that it cannot read is not documented.
_UNREADABLE: Final = Behaviour(
    name="unreadable", does="HTTP 400", reason=Reason.REFUSED_REQUEST, status=400
)
_NO_KEY: Final = Behaviour(name="no-key", does="ErrNum 258", reason=Reason.UNAUTHORIZED)
_NO_CARRIER: Final = Behaviour(name="no-carrier", does="ErrNum 9", reason=Reason.CONFIGURATION)
_NEEDED: Final = ("mobile", "shortcode", "key", "msg")


def read(request: Request) -> Fields:
    """The texts of the object after ``json=``; empty where there is none."""
    return read_object(request.content_type, request.body, "application/json/mt")


def read_object(content_type: str, body: bytes, wanted: str) -> Fields:
    """The texts of the object after ``json=`` in a body of the type ``wanted``; empty for others.

    [open] Whether the gateway undoes percent-encoding is not documented; both are understood.
    """
    kind, _, _ = content_type.partition(";")
    name, _, rest = body.partition(b"=")
    if name != b"json" or kind.strip().lower() != wanted:
        return {}
    value = _parse(rest.decode("utf-8", "replace"))
    fields = value if isinstance(value, dict) else {}
    return {name: each for name, each in fields.items() if isinstance(each, str)}


def _parse(text: str) -> Any:
    """The value that ``text`` is in JSON; None where it is not one that can be texted."""
    try:
        value = json.loads(text if text.lstrip().startswith("{") else unquote_plus(text))
        # A lone surrogate may stand in JSON but in no text.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value


def choose(fields: Fields) -> Behaviour:
    """What is done for ``fields``."""
    if not fields:
        return _UNREADABLE
    if not fields.get("apikey"):
        return _NO_KEY
    if not fields.get("carrier"):
        return _NO_CARRIER
    whole = all(fields.get(name) for name in _NEEDED)
    return behaviour_of(fields["mobile"]) if whole else _UNREADABLE


def respond(behaviour: Behaviour, fields: Fields, smsid: str) -> Page:
    """An id, whole or cut, or the number of an error and its words."""
    number = ERRORS.get(behaviour.name, 0)
    sumo_id = "" if number else smsid[:18] if behaviour.name == "cut-id" else smsid
    err = {"ErrNum": number, "ErrMessage": _WORDS[number]}
    return Page(
        json.dumps({"sumoId": sumo_id, "Err": err}, separators=(",", ":")), "application/json"
    )


V2: Final = Dialect(
    method="POST",
    path="/api/sumopost/post",
    read=read,
    choose=choose,
    respond=respond,
    # ErrNum 27 says no more than that.
    reasons=dict.fromkeys(("not-found", "not-a-number", "opted-out"), Reason.NOT_OPTED_IN),
)
