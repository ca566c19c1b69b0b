"""Answers that prove something: accepted (S), and refused (R)."""

from __future__ import annotations

from typing import Final

from sumotext_backend.testing.hostile.faults.response import FLOOD, MB
from sumotext_backend.testing.hostile.script import FORM, LINE, End, Fault, Reply, Send

_HTML: Final = b"Content-Type: text/html; charset=utf-8"
_ID: Final = b"{mobile}:{smsid}"
_BROKEN: Final = b"X-Broken header line without a colon"
_SHAPES: Final = {
    "bom": ("a byte order mark before it", b"\xef\xbb\xbf" + LINE),
    "blank": ("blank lines before it", b"\r\n\n \r\n" + LINE),
    "crlf": ("CR LF after it", _ID + b"\r\n"),
    "lf": ("LF after it", _ID + b"\n"),
    "cr": ("CR after it", _ID + b"\r"),
    "spaces": ("spaces around it", b"  " + _ID + b" \t\r\n"),
}
_REFUSED: Final = {
    "400": "Bad Request",
    "404": "Not Found",
    "405": "Method Not Allowed",
    "414": "URI Too Long",
    "431": "Request Header Fields Too Large",
}
_WAITS: Final = {
    "after": ("`Retry-After: 120`", b"120"),
    "date": ("a date in `Retry-After`", b"Wed, 21 Oct 2065 07:28:00 GMT"),
    "huge": ("`Retry-After: 86400`", b"86400"),
}


def _ok(name: str, does: str, *steps: Reply | Send | End) -> Fault:
    return Fault(name, "ok", does, steps)


def _code(name: str, line: str) -> Fault:
    shown = line.replace("{mobile}", "(number)")
    return Fault(name, "code", f"Answers `{shown}`.", (Reply(line.encode() + b"\r\n" + FORM),))


def _status(name: str, status: str, does: str = "", *headers: bytes) -> Fault:
    sentence = f"Answers {status.partition(' ')[0]}{does}."
    return Fault(name, "status", sentence, (Reply(FORM, status, (_HTML, *headers)),))


ACCEPTED: Final = (
    _ok("S01", "Accepts: number, colon, id, CR LF, then a page of HTML.", Reply()),
    *(
        _ok(f"S02-{name}", f"Accepts; the line has {does}.", Reply(line + FORM))
        for name, (does, line) in _SHAPES.items()
    ),
    _ok("S04-lower", "Accepts with an id in lower case.", Reply(encode=bytes.lower)),
    _ok("S04-plus1", "Accepts; the number is echoed with +1.", Reply(b"+1" + LINE + FORM)),
    _ok("S04-1", "Accepts; the number is echoed with 1.", Reply(b"1" + LINE + FORM)),
    _ok("S05-hang", "Accepts, then the page never comes.", Reply(LINE, missing=512), End.HANG),
    _ok("S05-rst", "Accepts, then resets before the page.", Reply(LINE, missing=512), End.RST),
    _ok("S05-short", "Accepts, then closes before the page.", Reply(LINE, missing=512), End.CLOSE),
    Fault(
        "S05-52MB",
        "ok",
        "Accepts, then sends 52 MB.",
        (Reply(LINE, missing=52 * MB), FLOOD),
    ),
    _ok("S07", "Accepts; the last header line is malformed.", Reply(headers=(_HTML, _BROKEN))),
    _ok(
        "S07-first",
        "Accepts, then closes; the first header line is malformed, and there is no length.",
        Reply(headers=(_BROKEN, _HTML), missing=None),
        End.CLOSE,
    ),
    _ok(
        "S08",
        "Accepts and sets a cookie.",
        Reply(headers=(_HTML, b"Set-Cookie: ASP.NET_SessionId=hostile; path=/; HttpOnly")),
    ),
    _ok("S09", "Accepts, then closes the idle connection.", Reply(), End.CLOSE),
    _ok(
        "S10",
        "Sends `100 Continue`, then accepts.",
        Send(b"HTTP/1.1 100 Continue\r\n\r\n"),
        Reply(),
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
    *(_status(f"R05-{code}", f"{code} {words}") for code, words in _REFUSED.items()),
    _status("R06-401", "401 Unauthorized", "", b'WWW-Authenticate: Basic realm="gateway"'),
    _status("R06-403", "403 Forbidden"),
    _status(
        "R06-407",
        "407 Proxy Authentication Required",
        "",
        b'Proxy-Authenticate: Basic realm="proxy"',
    ),
    _status("R07", "429 Too Many Requests"),
    *(
        _status(
            f"R07-retry-{name}", "429 Too Many Requests", f" with {does}", b"Retry-After: " + value
        )
        for name, (does, value) in _WAITS.items()
    ),
)
