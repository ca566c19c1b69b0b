"""Faults in the words of SUMOTEXT's legacy gateway: accepted (S), refused (R01-R04), doubts (U)."""

from __future__ import annotations

from typing import Final

from sumotext_backend.testing.hostile.faults.response import FLOOD, HELD_BACK, MB, gzipped
from sumotext_backend.testing.hostile.script import HTML, End, Fault, Pace, Reply, Send, Step

FORM: Final = (
    b"<!DOCTYPE html>\r\n<html><body>\r\n"
    b'<form method="post" action="./sumoSend.aspx" id="form1"><div></div></form>\r\n'
    b"</body></html>\r\n"
)
"""The HTML that follows the first line."""
LINE: Final = b"{mobile}:{message_id}\r\n"
"""The first line of an answer that accepts."""

_ID: Final = b"{mobile}:{message_id}"
_CUT: Final = b"{mobile}:ACAEEBE7-DFC3-4837-8E49-AAEB04"
_NOT_A_HEADER: Final = b"X-Broken header line without a colon"
_SHAPES: Final = {
    "bom": ("a byte order mark before it", b"\xef\xbb\xbf" + LINE),
    "blank": ("blank lines before it", b"\r\n\n \r\n" + LINE),
    "crlf": ("CR LF after it", _ID + b"\r\n"),
    "lf": ("LF after it", _ID + b"\n"),
    "cr": ("CR after it", _ID + b"\r"),
    "spaces": ("spaces around it", b"  " + _ID + b" \t\r\n"),
}


def page(body: bytes = LINE + FORM, *headers: bytes, missing: int | None = 0) -> Reply:
    """An answer of the legacy gateway, which calls everything HTML; the canonical acceptance."""
    return Reply(body, headers=(HTML, *headers), missing=missing)


def _ok(name: str, does: str, *steps: Step) -> Fault:
    return Fault(name, "ok", does, steps)


def _short(name: str, does: str, end: End) -> Fault:
    return _ok(name, does, page(LINE, missing=HELD_BACK), end)


def _code(name: str, line: str) -> Fault:
    shown = line.replace("{mobile}", "(number)")
    return Fault(name, "code", f"Answers `{shown}`.", (page(line.encode() + b"\r\n" + FORM),))


def _doubt(name: str, does: str, line: bytes) -> Fault:
    return Fault(name, "body", does, (page(line + b"\r\n" + FORM),))


def _held(name: str, does: str, body: bytes, end: End) -> Fault:
    """A body of which some announced bytes do not come."""
    return Fault(name, "body", does, (page(body, missing=HELD_BACK), end))


ACCEPTED: Final = (
    _ok("S01", "Accepts: number, colon, id, CR LF, then a page of HTML.", page()),
    *(
        _ok(f"S02-{name}", f"Accepts; the line has {does}.", page(line + FORM))
        for name, (does, line) in _SHAPES.items()
    ),
    _ok(
        "S04-lower",
        "Accepts with an id in lower case.",
        Reply(LINE + FORM, headers=(HTML,), encode=bytes.lower),
    ),
    _ok("S04-plus1", "Accepts; the number is echoed with +1.", page(b"+1" + LINE + FORM)),
    _ok("S04-1", "Accepts; the number is echoed with 1.", page(b"1" + LINE + FORM)),
    _short("S05-hang", "Accepts, then the page never comes.", End.HANG),
    _short("S05-rst", "Accepts, then resets before the page.", End.RST),
    _short("S05-short", "Accepts, then closes before the page.", End.CLOSE),
    _ok("S05-52MB", "Accepts, then sends 52 MB.", page(LINE, missing=52 * MB), FLOOD),
    _ok("S07", "Accepts; the last header line is malformed.", page(LINE + FORM, _NOT_A_HEADER)),
    _ok(
        "S07-first",
        "Accepts, then closes; the first header line is malformed, and there is no length.",
        Reply(LINE + FORM, headers=(_NOT_A_HEADER, HTML), missing=None),
        End.CLOSE,
    ),
    _ok(
        "S08",
        "Accepts and sets a cookie.",
        page(LINE + FORM, b"Set-Cookie: ASP.NET_SessionId=hostile; path=/; HttpOnly"),
    ),
    _ok("S09", "Accepts, then closes the idle connection.", page(), End.CLOSE),
    _ok(
        "S10",
        "Sends `100 Continue`, then accepts.",
        Send(b"HTTP/1.1 100 Continue\r\n\r\n"),
        page(),
    ),
)

REFUSED: Final = (
    _code("R01", "{mobile}:NOTIP"),
    _code("R01-lower", "{mobile}:notip"),
    _code("R02-error", "ERROR:NOTIP"),
    _code("R02-line", "IP NOT REGISTERED"),
    _code("R03", "{mobile}:NOTOPT"),
    _code("R03-lower", "{mobile}:notopt"),
    _code("R04", "{mobile}:NOTFOUND"),
    _code("R04-lower", "{mobile}:notfound"),
)

DOUBTS: Final = (
    Fault(
        "U26",
        "body",
        "Answers without a length and closes within the id.",
        (page(_CUT, missing=None), End.CLOSE),
    ),
    _held("U27", "Closes within the id, before the announced length.", _CUT, End.CLOSE),
    _held(
        "U27-code",
        "Closes after a refusal without a line end, before the announced length.",
        b"{mobile}:NOTOPT",
        End.CLOSE,
    ),
    _held("U29-number", "Sends the number and the colon, then nothing.", b"{mobile}:", End.HANG),
    _held("U29-id", "Sends a part of the id, then nothing.", _CUT, End.HANG),
    _held(
        "U29-code",
        "Sends a refusal without a line end, then nothing.",
        b"{mobile}:NOTOPT",
        End.HANG,
    ),
    Fault(
        "U30",
        "body",
        "Drips an endless first line, a byte every 0.2 s.",
        (page(b"{mobile}:", missing=MB), Pace(b"0", 0.2)),
    ),
    Fault(
        "U31-gzip",
        "body",
        "Answers as S01, but gzipped, whatever was asked for.",
        (Reply(LINE + FORM, headers=(HTML, b"Content-Encoding: gzip"), encode=gzipped),),
    ),
    _doubt("U34", "Answers with a code that nobody knows.", b"{mobile}:NOTACTIVE"),
    _doubt("U34-id", "Answers with an id that is no GUID.", b"{mobile}:2xgh679okl34x"),
    _doubt("U34-cut", "Answers with a whole line, but its id cut.", _CUT),
    _doubt("U34-empty", "Answers with nothing after the colon.", b"{mobile}:"),
    _doubt("U35", "Accepts, but names another number.", b"{other}:{message_id}"),
    *(
        _doubt(
            f"U36-{code.lower()}",
            f"Refuses with {code}, but names another number.",
            b"{other}:%b" % code.encode(),
        )
        for code in ("NOTOPT", "NOTFOUND")
    ),
    _doubt("U37-none", "Answers with a line that has no colon.", b"{mobile} {message_id}"),
    _doubt("U37-two", "Answers with a line that has two.", b"{mobile}:{message_id}:TRUE"),
    _held("U38", "Resets after a refusal without a line end.", b"{mobile}:NOTOPT", End.RST),
)
