"""Carrier look-ups as pure functions, of the legacy gateway and of the newer API.

Source: SUMOTEXT's public legacy documentation (2014) and its pages on the newer API (2015). Each
look-up costs US$0.005, so that one whose answer was lost is never made again by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.http import Request, Response
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.models import Reason
from sumotext_backend.providers.rest import make_target
from sumotext_backend.providers.sumotext import v2_wire
from sumotext_backend.providers.sumotext.line import (
    UNREGISTERED,
    has_line,
    is_unregistered,
    take_line,
)

LOOKUP: Final = "/secure/sumoLookup.aspx"
LOOKUP_V2: Final = "/sumolookup/lookup"
COST_USD: Final = Decimal("0.005")
"""Of one look-up."""

CARRIER: Final = re.compile(r"[A-Z][A-Z0-9]{1,31}", re.ASCII)
"""The form of a carrier code."""

_NOT_FOUND: Final = re.compile(r"ERROR CARRIER NOT FOUND FOR: ?(\+?[0-9]*)", re.ASCII)
_UNREADABLE: Final = "the answer is neither a carrier nor a known refusal"
_HEADERS_V2: Final[Mapping[str, str]] = {
    "Content-Type": "application/json",
    "Accept": "application/json",
}
_NO_ERROR: Final = "ErrNoErr"
_REFUSALS_V2: Final[Mapping[int, str]] = {
    26: "the account is not active",
    28: "this caller's IP address is not registered for the API key",
    256: "the API key does not exist",
    258: "the API key does not exist",
    624: "the API key may not look up",
}


@attrs.frozen
class Carrier:
    """The carrier code of a number, such as ``"ATTUS"``; None where SUMOTEXT knows none.

    ``paid`` tells that a look-up was made for it, and not one remembered.
    """

    code: str | None
    paid: bool = True


def make_request(mobile: str, shortcode: str) -> Request:
    """The legacy gateway's look-up of ``mobile``, 10 digits."""
    target = make_target(LOOKUP, {"mobile": mobile, "shortcode": shortcode})
    return Request(target=target, enough=has_line)


def read(response: Response, mobile: str) -> Carrier | NoAnswer:
    """What the first line says of the carrier of ``mobile``. Never raises."""
    line = take_line(response.body, ended=response.ended)
    if line is None:
        return NoAnswer(Reason.NO_ANSWER, "the answer broke off before it was whole")
    if is_unregistered(line):
        return NoAnswer(Reason.UNAUTHORIZED, UNREGISTERED)
    if found := _NOT_FOUND.fullmatch(line):
        return _check_echo(found[1], mobile) or Carrier(None)
    # One word in capitals: HTML and words of errors are not.
    return Carrier(line) if CARRIER.fullmatch(line) else NoAnswer(Reason.BAD_ANSWER, _UNREADABLE)


def make_request_v2(mobile: str, apikey: str) -> Request:
    """The newer API's look-up of ``mobile``, 10 digits."""
    return Request(
        target=LOOKUP_V2,
        method="POST",
        body=v2_wire.write_object({"apikey": apikey, "mobile": mobile}),
        headers=_HEADERS_V2,
        enough=v2_wire.has_object,
    )


def read_v2(response: Response, mobile: str) -> Carrier | NoAnswer:
    """What the JSON object says of the carrier of ``mobile``. Never raises.

    [open] What it says of a number without a carrier: no code and no error is taken for that.
    """
    answer = parse_object(response.body)
    number = _find_error(answer.get("Err")) if answer else None
    if answer is None or number is None:
        return NoAnswer(Reason.BAD_ANSWER, "the answer has no ErrNum")
    if number:
        reason = Reason.UNAUTHORIZED if number in _REFUSALS_V2 else Reason.BAD_ANSWER
        words = _REFUSALS_V2.get(number, "the look-up was refused")
        return NoAnswer(reason, f"{words} (ErrNum {number})")
    code = answer.get("Carrier") or ""
    astray = _check_echo(str(answer.get("MobileNumber") or ""), mobile)
    if astray or not isinstance(code, str) or not (CARRIER.fullmatch(code) or not code):
        return astray or NoAnswer(Reason.BAD_ANSWER, _UNREADABLE)
    return Carrier(code or None)


def _find_error(err: object) -> int | None:
    """The number of an error, 0 for none; look-ups in XML have a word for that."""
    if isinstance(err, dict) and err.get("ErrNum") == _NO_ERROR:
        return 0
    return v2_wire.find_number(err)


def _check_echo(echo: str, mobile: str) -> NoAnswer | None:
    """Why an answer that names the number ``echo`` is not about ``mobile``; None where it is."""
    if echo in ("", mobile, f"1{mobile}", f"+1{mobile}"):
        return None
    return NoAnswer(Reason.ECHO_MISMATCH, "the answer is about another number")
