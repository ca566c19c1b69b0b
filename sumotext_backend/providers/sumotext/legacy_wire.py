"""The legacy gateway's text as pure functions: a message to a query, a first line to a verdict.

Source: SUMOTEXT's public legacy documentation (2014). A text is sent by one GET; the answer's
first line is ``{mobile}:{smsid}`` or ``{mobile}:{code}``, HTML follows, and refusals come with
HTTP 200. The documented sample answers with another number than the one asked for.

Tolerant where the protocol is sloppy (byte order mark, blank lines, line ends, case), strict
where it matters: an id counts only as a whole GUID, a code only on a complete line.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

import attrs

from sumotext_backend.models import Reason, Verdict
from sumotext_backend.providers.sumotext.line import UNREGISTERED, begin_line, cut_line, has_line
from sumotext_backend.providers.sumotext.mt import GUID, Mt

SEND_MT: Final = "/secure/sumoSend.aspx"

MAX_QUERY_BYTES: Final = 2048
"""The default limit of IIS, under which the gateway's pages run."""

_MOBILE: Final = re.compile(r"\+?[0-9]{7,15}")
_CODES: Final[Mapping[str, tuple[Reason, str]]] = {
    "NOTIP": (Reason.UNAUTHORIZED, f"{UNREGISTERED} (NOTIP)"),
    "NOTOPT": (Reason.NOT_OPTED_IN, "the number has not opted in to the keyword (NOTOPT)"),
    "NOTFOUND": (Reason.NOT_SUBSCRIBED, "the number is not in the keyword (NOTFOUND)"),
}
_NO_IP: Final = "IP NOT REGISTERED"
_NOT_DOCUMENTED: Final = "the gateway refused with a code that is not documented"
# Only a line of the protocol's own shape is kept: an error page may hold the text.
_KEPT: Final = re.compile(r"(?:\+?[0-9]{1,15}|ERROR):[A-Za-z0-9_-]{0,64}", re.IGNORECASE)


def encode(mt: Mt) -> str:
    """The query of a Send MT, in the documented order, as UTF-8 percent-encoding.

    Raises `UnicodeEncodeError` for a lone surrogate.
    """
    account = _encode_account(mt.carrier, mt.shortcode, mt.keyword)
    return f"mobile={quote(mt.mobile, safe='')}&{account}&msg={quote(mt.text, safe='')}"


@functools.lru_cache(maxsize=128)
def _encode_account(carrier: str, shortcode: str, keyword: str) -> str:
    """What is the same for most texts of a program."""
    fields = {"carrier": carrier, "shortcode": shortcode, "key": keyword}
    return urlencode(fields, safe="", quote_via=quote)


def read(
    body: bytes,
    mobile: str,
    *,
    ended: bool,
    strict_echo: bool = False,
    client_error: bool = False,
) -> Verdict:
    """What the response's ``body`` proves about a text to ``mobile`` (10 digits). Never raises.

    ``ended`` tells that the body surely ended there, so that a last line without a line end is
    complete. ``strict_echo`` makes an id that came with another number a doubt. ``client_error``
    tells that it came under an HTTP 4xx: a code that is not documented is a refusal there.
    """
    first = cut_line(begin_line(body))
    complete = ended or has_line(body)
    if first.upper() == _NO_IP and first.isascii() and complete:
        reason, detail = _CODES["NOTIP"]
        return Verdict(reason=reason, detail=detail, raw=_NO_IP)
    echo, colon, word = (part.strip() for part in first.partition(":"))
    if not colon:
        return _doubt("the answer's first line is neither an id nor a known refusal")
    raw = first if _KEPT.fullmatch(first) else ""
    if GUID.fullmatch(word):
        said = _read_id(echo, mobile, word, raw, strict_echo=strict_echo)
    else:
        said = _read_code(echo, mobile, word, raw, complete=complete)
        if client_error and ended and raw and said.reason is Reason.BAD_ANSWER:
            said = attrs.evolve(said, reason=Reason.REFUSED, detail=_NOT_DOCUMENTED)
    astray = raw and _is_of_another(echo, mobile)
    return attrs.evolve(said, out_of_step=True) if astray else said


def _read_id(echo: str, mobile: str, smsid: str, raw: str, *, strict_echo: bool) -> Verdict:
    if not _MOBILE.fullmatch(echo):
        return _doubt("an id came, but not after a number", raw, smsid)
    if _is_same(echo, mobile):
        return Verdict(message_id=smsid, raw=raw)
    detail = "the id came with another number than the one texted"
    if strict_echo:
        return Verdict(reason=Reason.ECHO_MISMATCH, message_id=smsid, detail=detail, raw=raw)
    return Verdict(message_id=smsid, detail=f"warning: {detail}", raw=raw)


def _read_code(echo: str, mobile: str, word: str, raw: str, *, complete: bool) -> Verdict:
    code = word.upper() if word.isascii() else word
    if code not in _CODES or not complete:
        return _doubt("the answer's first line is neither an id nor a known refusal", raw)
    if _is_same(echo, mobile) or (code == "NOTIP" and echo.upper() == "ERROR"):
        reason, detail = _CODES[code]
        return Verdict(reason=reason, detail=detail, raw=raw)
    if not _MOBILE.fullmatch(echo):
        return _doubt("a refusal came, but not after a number", raw)
    detail = f"a refusal ({code}) came for another number than the one texted"
    return Verdict(reason=Reason.ECHO_MISMATCH, detail=detail, raw=raw)


def _is_of_another(echo: str, mobile: str) -> bool:
    """Whether the line is about another number: perhaps the response to another request."""
    return not _is_same(echo, mobile) and bool(_MOBILE.fullmatch(echo))


def _doubt(detail: str, raw: str = "", smsid: str | None = None) -> Verdict:
    return Verdict(reason=Reason.BAD_ANSWER, detail=detail, raw=raw, message_id=smsid)


def _is_same(echo: str, mobile: str) -> bool:
    return echo == mobile or echo in (f"1{mobile}", f"+1{mobile}")
