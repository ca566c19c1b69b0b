"""Statuses by which a server refuses a request, whatever the provider."""

from __future__ import annotations

from typing import Final

from sumotext_backend.testing.hostile.script import HTML, PAGE, Fault, Reply

_STATUSES: Final = {
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


def _status(name: str, status: str, does: str = "", *headers: bytes) -> Fault:
    sentence = f"Answers {status.partition(' ')[0]}{does}."
    return Fault(name, "status", sentence, (Reply(PAGE, status, (HTML, *headers)),))


REFUSED: Final = (
    *(_status(f"R05-{code}", f"{code} {words}") for code, words in _STATUSES.items()),
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
