"""Magic numbers: which number makes the gateway do what.

They are ``ABC 555 01xx`` with any area code, the numbers that the North American Numbering Plan
keeps for fiction, so nobody has them. Every other number is accepted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

import attrs

from sumotext_backend.models import Outcome, Reason
from sumotext_backend.msisdn import InvalidNumberError, parse

_ID: Final = "{smsid}"
_CUT_ID: Final = "{smsid:.18}"
_UNDOCUMENTED: Final = 999


@attrs.frozen(kw_only=True)
class Magic:
    """One behaviour of the gateway, and what a client should make of it.

    ``digits`` are the last four of the number, empty where no number stands for it.
    ``reason`` None means accepted.
    ``echo`` and ``word`` make the first line of the legacy answer, as formats of ``mobile`` and
    ``smsid``; without ``word`` there is only a page. ``cut`` ends the answer after ``word``.
    ``err_num`` is the newer API's error number, 0 for none.
    ``wait`` and ``retry_after`` are in seconds, ``wait`` infinite for no answer at all.
    ``reset`` breaks the connection off instead of answering.
    """

    digits: str = ""
    name: str
    does: str
    reason: Reason | None = None
    echo: str = "{mobile}"
    word: str = ""
    cut: bool = False
    err_num: int = 0
    status: int = 200
    retry_after: int | None = None
    wait: float = 0.0
    reset: bool = False

    @property
    def outcome(self) -> Outcome:
        """How a send to this number should end."""
        return self.reason.outcome if self.reason else Outcome.ACCEPTED

    @property
    def number(self) -> str:
        """One number that stands for this behaviour, 10 digits."""
        return f"501555{self.digits}"


MAGIC: Final = (
    Magic(
        digits="0101",
        name="not-opted-in",
        does="NOTOPT: has not opted in to the keyword",
        reason=Reason.NOT_OPTED_IN,
        word="NOTOPT",
        err_num=27,
    ),
    Magic(
        digits="0102",
        name="not-found",
        does="NOTFOUND: not in the keyword",
        reason=Reason.NOT_SUBSCRIBED,
        word="NOTFOUND",
        err_num=27,
    ),
    Magic(
        digits="0103",
        name="no-ip",
        does="NOTIP: IP address not registered",
        reason=Reason.UNAUTHORIZED,
        word="NOTIP",
        err_num=28,
    ),
    Magic(
        digits="0104",
        name="error-no-ip",
        does="ERROR:NOTIP, without the number",
        reason=Reason.UNAUTHORIZED,
        echo="ERROR",
        word="NOTIP",
        err_num=28,
    ),
    Magic(
        digits="0105",
        name="no-answer",
        does="no answer until the client gives up",
        reason=Reason.TIMEOUT,
        wait=math.inf,
    ),
    Magic(
        digits="0106",
        name="reset",
        does="connection reset after the request",
        reason=Reason.NO_ANSWER,
        reset=True,
        wait=math.inf,
    ),
    Magic(
        digits="0107",
        name="cut-id",
        does="the answer ends within the id",
        reason=Reason.BAD_ANSWER,
        word=_CUT_ID,
        cut=True,
    ),
    Magic(
        digits="0108",
        name="page",
        does="an HTML page and nothing else",
        reason=Reason.BAD_ANSWER,
    ),
    Magic(
        digits="0109",
        name="login",
        does="HTTP 302 to a login page",
        reason=Reason.REDIRECTED,
        status=302,
    ),
    Magic(
        digits="0110",
        name="other-number",
        does="an id, with another number echoed",
        # The number of the documentation's sample answer.
        echo="2125551212",
        word=_ID,
    ),
    Magic(
        digits="0111",
        name="unknown-code",
        does="NOTACTIVE, a code nobody documented",
        reason=Reason.BAD_ANSWER,
        word="NOTACTIVE",
        err_num=_UNDOCUMENTED,
    ),
    Magic(digits="0112", name="error", does="HTTP 500", reason=Reason.SERVER_ERROR, status=500),
    Magic(
        digits="0113",
        name="unavailable",
        does="HTTP 503 with Retry-After: 1",
        reason=Reason.SERVER_ERROR,
        status=503,
        retry_after=1,
    ),
    Magic(
        digits="0114",
        name="throttled",
        does="HTTP 429 with Retry-After: 1",
        reason=Reason.THROTTLED,
        status=429,
        retry_after=1,
    ),
    Magic(
        digits="0115",
        name="missing",
        does="HTTP 404",
        reason=Reason.REFUSED_REQUEST,
        status=404,
    ),
    Magic(digits="0116", name="slow", does="accepted after 1 s", word=_ID, wait=1.0),
)
"""Every magic number, in ascending order."""

ACCEPT: Final = Magic(name="accepted", does="accepted", word=_ID)
"""What every other number gets."""

STRANGER: Final = attrs.evolve(MAGIC[1], digits="", name="not-a-number")
"""What something gets that is no North American number of 10 digits."""

_BY_DIGITS: Final[Mapping[str, Magic]] = {magic.digits: magic for magic in MAGIC}
_WRITTEN: Final = re.compile(r"\+?[0-9]{10,11}")
_RESERVED: Final = re.compile(r"[0-9]{3}555(01[0-9]{2})")


def behaviour(mobile: str) -> Magic:
    """What the gateway does for ``mobile``: 10 digits, perhaps after ``1`` or ``+1``."""
    try:
        national = parse(mobile).national if _WRITTEN.fullmatch(mobile) else None
    except InvalidNumberError:
        national = None
    if national is None:
        return STRANGER
    reserved = _RESERVED.fullmatch(national)
    return _BY_DIGITS.get(reserved[1], ACCEPT) if reserved else ACCEPT


def magic_table() -> str:
    """The magic numbers as a Markdown table; no line end after the last row."""
    head = "| Number | Name | What the gateway does | Outcome | Reason | `ErrNum` |\n" + "|---" * 6
    return "\n".join([f"{head}|", *map(_row, MAGIC)])


def _row(magic: Magic) -> str:
    reason = f"`{magic.reason}`" if magic.reason else ""
    err_num = magic.err_num if magic.err_num or magic.word else ""
    return (
        f"| `{magic.number}` | {magic.name} | {magic.does} "
        f"| `{magic.outcome}` | {reason} | {err_num} |"
    )


def magic_text() -> str:
    """The magic numbers as plain lines of less than 80 characters: number, result, what happens."""
    return "\n".join(f"{magic.number}  {_result(magic):<23}  {magic.does}" for magic in MAGIC)


def _result(magic: Magic) -> str:
    return f"{magic.outcome} {magic.reason}" if magic.reason else str(magic.outcome)
