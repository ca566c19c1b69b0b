"""The first line of the legacy gateway's answers, which is all that they say; pure.

Tolerant of a byte order mark, blank lines before it and any line end. HTML follows it.
"""

from __future__ import annotations

import re
from typing import Final

_BEFORE: Final = "\ufeff \t\r\n"
_LINE_END: Final = re.compile(r"[\r\n]")

# The pages for sending, looking up and groups say it each in words of its own; the last one with
# two spaces, as SUMOTEXT's own client has it.
_UNREGISTERED: Final = re.compile(
    r"IP NOT REGISTERED|(?:ERROR:)?NOTIP(?:\s+IP Address Not Registered with sumotext\.?)?",
    re.ASCII | re.IGNORECASE,
)
UNREGISTERED: Final = "the gateway does not know this caller's IP address"


def has_line(body: bytes) -> bool:
    """Whether ``body`` holds a complete line that is not blank: no more need be read."""
    line = begin_line(body)
    return "\r" in line or "\n" in line


def begin_line(body: bytes) -> str:
    """``body`` as text from its first line that is not blank on."""
    return body.decode("utf-8", "replace").lstrip(_BEFORE)


def cut_line(text: str) -> str:
    """The first line of ``text``, without spaces around it."""
    return _LINE_END.split(text, maxsplit=1)[0].strip()


def take_line(body: bytes, *, ended: bool) -> str | None:
    """The first line of ``body``; None where it may be half a line.

    ``ended`` tells that the body surely ended there.
    """
    return cut_line(begin_line(body)) if ended or has_line(body) else None


def is_unregistered(line: str) -> bool:
    """Whether ``line`` says that the caller's IP address is not registered."""
    return bool(_UNREGISTERED.fullmatch(line))
