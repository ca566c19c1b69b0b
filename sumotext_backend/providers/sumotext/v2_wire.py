"""The newer API's text as pure functions: a text to a POST's body, a response's body to a verdict.

Source: SUMOTEXT's public pages on the newer API (2015). The body is ``json=`` and an object; the
answer is ``{"sumoId": "<GUID>", "Err": {"ErrNum": 0, "ErrMessage": ""}}``.

``ErrMessage`` is never kept: free text may hold the API key, the number or the text. What is kept
of an answer is its id, where it is a whole GUID, and its error number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Reason, Verdict
from sumotext_backend.providers.sumotext.mt import GUID, Mt

SEND_MT: Final = "/sumopost/post"
HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "application/json/mt",
    "Accept": "application/json",
}

# Whether the server undoes percent-encoding after "json=" is not documented. These characters
# would come out differently; as JSON escapes they read the same either way.
_ESCAPES: Final = {ord(each): f"\\u{ord(each):04x}" for each in "%+&;=<>#"}

# A longer number is not an error number, and might be somebody's.
_ERR_NUM: Final = re.compile(r"[0-9]{1,5}")
_REFUSALS: Final[Mapping[int, tuple[Reason, str]]] = {
    9: (Reason.CONFIGURATION, "the carrier was not supplied"),
    26: (Reason.UNAUTHORIZED, "the account is not active"),
    27: (Reason.NOT_OPTED_IN, "the number has not opted in to the keyword"),
    28: (Reason.UNAUTHORIZED, "this caller's IP address is not registered for the API key"),
    128: (Reason.UNAUTHORIZED, "the API key may not send"),
    258: (Reason.UNAUTHORIZED, "the API key does not exist"),
}


def encode(mt: Mt, apikey: str) -> bytes:
    """The body of a Send MT, ASCII only.

    It means the same whether or not the server undoes form encoding (`+` and `%xx`).
    """
    fields = {
        "apikey": apikey,
        "mobile": mt.mobile,
        "carrier": mt.carrier,
        "shortcode": mt.shortcode,
        "key": mt.keyword,
        "msg": mt.text,
    }
    return write_object(fields)


def write_object(fields: Mapping[str, str]) -> bytes:
    """``fields`` as the body of a request: ASCII that reads the same decoded or not."""
    return b"json=" + json.dumps(fields).translate(_ESCAPES).encode("ascii")


def has_object(body: bytes) -> bool:
    """Whether ``body`` begins with a complete JSON object: no more need be read."""
    return b"}" in body and parse_object(body) is not None


def read(body: bytes, apikey: str, *, client_error: bool = False) -> Verdict:
    """What the response's ``body`` proves. Never raises.

    Only a complete object counts, so it does not matter whether the body ended there.
    An "id" that is the caller's own ``apikey`` is not one, and is not kept. ``client_error``
    tells that it came under an HTTP 4xx: a number that is not documented is a refusal there.
    """
    answer = parse_object(body)
    if answer is None:
        return _doubt("the answer is not one whole JSON object")
    unknown = Reason.REFUSED if client_error else Reason.BAD_ANSWER
    sumo_id, number = _find_id(answer.get("sumoId"), apikey), find_number(answer.get("Err"))
    return _read_pair(sumo_id, number, unknown)


def _read_pair(sumo_id: str | None, number: int | None, unknown: Reason) -> Verdict:
    raw = json.dumps({"sumoId": sumo_id, "ErrNum": number})
    if number is None:
        return _doubt("the answer has no ErrNum", raw, sumo_id)
    if number == 0 and sumo_id:
        return Verdict(message_id=sumo_id, raw=raw)
    if number == 0:
        return _doubt("ErrNum 0 came without a whole id", raw)
    if sumo_id:
        return _doubt(f"an id came together with ErrNum {number}", raw, sumo_id)
    if number not in _REFUSALS:
        return Verdict(reason=unknown, detail=f"ErrNum {number} is not documented", raw=raw)
    reason, detail = _REFUSALS[number]
    return Verdict(reason=reason, detail=f"{detail} (ErrNum {number})", raw=raw)


def _doubt(detail: str, raw: str = "", sumo_id: str | None = None) -> Verdict:
    return Verdict(reason=Reason.BAD_ANSWER, detail=detail, raw=raw, message_id=sumo_id)


def _find_id(value: object, apikey: str) -> str | None:
    """``value`` where it is a whole GUID, and not the key."""
    whole = isinstance(value, str) and GUID.fullmatch(value.strip())
    if not whole or whole[0].lower() == apikey.lower():
        return None
    return whole[0]


def find_number(err: object) -> int | None:
    """The error number of ``err``, the object ``Err`` of an answer; None where there is none."""
    value = err.get("ErrNum") if isinstance(err, dict) else None
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return int(value) if _ERR_NUM.fullmatch(str(value)) else None
