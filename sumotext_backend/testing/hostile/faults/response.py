"""Faults in an answer that speaks no provider's language: heads, statuses and bodies."""

from __future__ import annotations

import functools
import gzip
import zlib
from typing import Final

from sumotext_backend.testing.hostile.script import (
    HTML,
    PAGE,
    End,
    Fault,
    Pace,
    Repeat,
    Reply,
    Send,
)

MB: Final = 1_000_000
HELD_BACK: Final = 512
"""Bytes of a body that are announced and do not come."""
FLOOD: Final = Repeat(b"\0" * 65_000, 800)
"""52 MB."""
_GZIP: Final = (HTML, b"Content-Encoding: gzip")
_LOCATION: Final = b"Location: {target}"
_REDIRECTS: Final = {
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
}
_SERVER_ERRORS: Final = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
    501: "Not Implemented",
    505: "HTTP Version Not Supported",
    507: "Insufficient Storage",
    599: "Network Connect Timeout",
}


def gzipped(body: bytes) -> bytes:
    """``body``, gzipped."""
    return gzip.compress(body, mtime=0)


def corrupt(body: bytes) -> bytes:
    """``body``, gzipped, and its compressed part overwritten."""
    whole = gzipped(body)
    return whole[:10] + b"\xff" * (len(whole) - 10)


@functools.cache
def bomb(_body: bytes) -> bytes:
    """64 MB of zeros in some 65 kB of gzip."""
    packer = zlib.compressobj(wbits=31)
    zeros = bytes(MB)
    return b"".join([*(packer.compress(zeros) for _ in range(64)), packer.flush()])


def _page(status: str, *headers: bytes) -> Reply:
    return Reply(PAGE, status, (HTML, *headers))


def _html(title: bytes, words: bytes) -> Reply:
    page = b"<!DOCTYPE html>\r\n<html><head><title>%b</title></head><body>%b</body></html>\r\n"
    return Reply(page % (title, words), headers=(HTML,))


HEAD: Final = (
    Fault(
        "U09",
        "head",
        "Sends a status line, then nothing.",
        (Send(b"HTTP/1.1 200 OK\r\n"), End.HANG),
    ),
    Fault(
        "U10",
        "head",
        "Resets within the headers.",
        (Send(b"HTTP/1.1 200 OK\r\nContent-Type: text/ht"), End.RST),
    ),
    Fault(
        "U11",
        "head",
        "Greets as an SSH server, then closes.",
        (Send(b"SSH-2.0-OpenSSH_9.6\r\n"), End.CLOSE),
    ),
    Fault(
        "U13",
        "head",
        "Drips an endless header, a byte every 0.2 s.",
        (Send(b"HTTP/1.1 200 OK\r\nX-Slow: "), Pace(b"0", 0.2)),
    ),
    Fault(
        "U14",
        "head",
        "Sends `100 Continue` for ever, 100 a second.",
        (Pace(b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),),
    ),
)

STATUS: Final = (
    *(
        Fault(
            f"U17-{code}",
            "status",
            f"Redirects with {code} to the same address.",
            (_page(f"{code} {words}", _LOCATION),),
        )
        for code, words in _REDIRECTS.items()
    ),
    Fault(
        "U18",
        "status",
        "Redirects to a login page; the address asked for stands in its query.",
        (_page("302 Found", b"Location: /login.aspx?ReturnUrl={escaped}"),),
    ),
    Fault(
        "U19-52MB",
        "status",
        "Redirects with 302 and a body of 52 MB.",
        (Reply(b"", "302 Found", (HTML, _LOCATION), missing=52 * MB), FLOOD),
    ),
    Fault(
        "U19-gzip",
        "status",
        "Redirects with 302 and a body of 64 MB, gzipped to 65 kB.",
        (Reply(b"", "302 Found", (*_GZIP, _LOCATION), encode=bomb),),
    ),
    *(
        Fault(f"U21-{code}", "status", f"Answers {code}.", (_page(f"{code} {words}"),))
        for code, words in _SERVER_ERRORS.items()
    ),
    Fault("U22", "status", "Answers 503.", (_page("503 Service Unavailable"),)),
    Fault(
        "U22-retry-after",
        "status",
        "Answers 503 with `Retry-After: 120`.",
        (_page("503 Service Unavailable", b"Retry-After: 120"),),
    ),
)

BODY: Final = (
    Fault("U24", "body", "Answers 200 with an empty body.", (Reply(b"", headers=(HTML,)),)),
    Fault(
        "U24-close",
        "body",
        "Answers 200 without a length, then closes without a body.",
        (Reply(b"", headers=(HTML,), missing=None), End.CLOSE),
    ),
    Fault(
        "U25-portal",
        "body",
        "Answers 200 with the page of a captive portal.",
        (_html(b"Sign in", b"Accept the terms to use this network."),),
    ),
    Fault(
        "U25-proxy",
        "body",
        "Answers 200 with the error page of a proxy.",
        (_html(b"ERROR", b"The requested URL could not be retrieved."),),
    ),
    Fault(
        "U25-aspnet",
        "body",
        "Answers 200 with the error page of ASP.NET.",
        (_html(b"Runtime Error", b"<h1>Server Error in '/' Application.</h1>"),),
    ),
    Fault(
        "U27-empty",
        "body",
        "Closes before the first byte of an announced body.",
        (Reply(b"", headers=(HTML,), missing=HELD_BACK), End.CLOSE),
    ),
    Fault(
        "U29",
        "body",
        "Sends the head, then nothing.",
        (Reply(b"", headers=(HTML,), missing=HELD_BACK), End.HANG),
    ),
    Fault(
        "U31-corrupt",
        "body",
        "Answers with gzip that is corrupt.",
        (Reply(PAGE, headers=_GZIP, encode=corrupt),),
    ),
    Fault(
        "U31-bomb",
        "body",
        "Answers with 64 MB of zeros, gzipped to 65 kB.",
        (Reply(b"", headers=_GZIP, encode=bomb),),
    ),
)
