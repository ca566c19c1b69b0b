"""What a gateway can be made to do, in no provider's words, and which number makes it do what.

The numbers are ``ABC 555 01xx`` with any area code, those that the North American Numbering Plan
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


@attrs.frozen(kw_only=True)
class Behaviour:
    """One behaviour of a gateway, and what a client should make of it.

    ``digits`` are the last four of the number, empty where no number stands for it.
    ``reason`` None means accepted.
    The faults are the same in every protocol: ``status``; ``retry_after`` and ``wait`` in seconds,
    ``wait`` infinite for no response at all; ``reset`` breaks the connection off instead of
    responding; ``page`` is an HTML page and nothing else.
    What has none of them is for the protocol to say, which knows it by its ``name``.
    """

    digits: str = ""
    name: str
    does: str
    reason: Reason | None = None
    status: int = 200
    retry_after: int | None = None
    wait: float = 0.0
    reset: bool = False
    page: bool = False

    @property
    def outcome(self) -> Outcome:
        """How a send to this number should end."""
        return self.reason.outcome if self.reason else Outcome.ACCEPTED

    @property
    def number(self) -> str:
        """One number that stands for this behaviour, 10 digits."""
        return f"501555{self.digits}"

    @property
    def is_worded(self) -> bool:
        """Whether a protocol has to say it in words of its own."""
        return self.status == 200 and not (self.page or self.reset or math.isinf(self.wait))


MAGIC: Final = (
    Behaviour(
        digits="0101",
        name="not-opted-in",
        does="has not opted in to the keyword",
        reason=Reason.NOT_OPTED_IN,
    ),
    Behaviour(
        digits="0102",
        name="not-found",
        does="is not in the keyword",
        reason=Reason.NOT_SUBSCRIBED,
    ),
    Behaviour(
        digits="0103",
        name="no-ip",
        does="IP address not registered",
        reason=Reason.UNAUTHORIZED,
    ),
    Behaviour(
        digits="0104",
        name="error-no-ip",
        does="the same, without the number",
        reason=Reason.UNAUTHORIZED,
    ),
    Behaviour(
        digits="0105",
        name="no-answer",
        does="no response until the client gives up",
        reason=Reason.TIMEOUT,
        wait=math.inf,
    ),
    Behaviour(
        digits="0106",
        name="reset",
        does="connection reset after the request",
        reason=Reason.NO_ANSWER,
        reset=True,
    ),
    Behaviour(
        digits="0107",
        name="cut-id",
        does="the response ends within the id",
        reason=Reason.BAD_ANSWER,
    ),
    Behaviour(
        digits="0108",
        name="page",
        does="an HTML page and nothing else",
        reason=Reason.BAD_ANSWER,
        page=True,
    ),
    Behaviour(
        digits="0109",
        name="login",
        does="HTTP 302 to a login page",
        reason=Reason.REDIRECTED,
        status=302,
    ),
    Behaviour(digits="0110", name="other-number", does="an id, with another number echoed"),
    Behaviour(
        digits="0111",
        name="unknown-code",
        does="a code that nobody documented",
        reason=Reason.BAD_ANSWER,
    ),
    Behaviour(digits="0112", name="error", does="HTTP 500", reason=Reason.SERVER_ERROR, status=500),
    Behaviour(
        digits="0113",
        name="unavailable",
        does="HTTP 503 with Retry-After: 1",
        reason=Reason.SERVER_ERROR,
        status=503,
        retry_after=1,
    ),
    Behaviour(
        digits="0114",
        name="throttled",
        does="HTTP 429 with Retry-After: 1",
        reason=Reason.THROTTLED,
        status=429,
        retry_after=1,
    ),
    Behaviour(
        digits="0115",
        name="missing",
        does="HTTP 404",
        reason=Reason.REFUSED_REQUEST,
        status=404,
    ),
    Behaviour(digits="0116", name="slow", does="accepted after 1 s", wait=1.0),
    Behaviour(digits="0117", name="no-credit", does="no money left, told later"),
    Behaviour(digits="0118", name="sender", does="not from this sender, told later"),
    Behaviour(digits="0119", name="content", does="a filter holds the text, told later"),
    Behaviour(digits="0120", name="undelivered", does="accepted, and never delivered"),
    Behaviour(digits="0121", name="expired", does="accepted, and not delivered in time"),
    Behaviour(digits="0122", name="silent", does="accepted, and never reported"),
)
"""What the simulator does for the magic numbers, by their last four digits."""
"""Every magic number, in ascending order."""

ACCEPT: Final = Behaviour(name="accepted", does="accepted")
"""What every other number gets."""

OPTED_OUT: Final = Behaviour(
    name="opted-out", does="said STOP to this sender", reason=Reason.OPTED_OUT
)
"""What a handset gets no text for, until it says START."""

STRANGER: Final = Behaviour(
    name="not-a-number", does="is not in the keyword", reason=Reason.NOT_SUBSCRIBED
)
"""What something gets that is not a North American number of 10 digits."""

BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    each.name: each for each in (ACCEPT, OPTED_OUT, *MAGIC)
}
"""What can be chosen for requests to come, by name."""

_BY_DIGITS: Final[Mapping[str, Behaviour]] = {each.digits: each for each in MAGIC}
_WRITTEN: Final = re.compile(r"\+?[0-9]{10,11}")
_RESERVED: Final = re.compile(r"[0-9]{3}555(01[0-9]{2})")


def behaviour_of(mobile: str) -> Behaviour:
    """What a gateway does for ``mobile``: 10 digits, perhaps after ``1`` or ``+1``."""
    try:
        national = parse(mobile).national if _WRITTEN.fullmatch(mobile) else None
    except InvalidNumberError:
        national = None
    if national is None:
        return STRANGER
    reserved = _RESERVED.fullmatch(national)
    return _BY_DIGITS.get(reserved[1], ACCEPT) if reserved else ACCEPT


def find_fate(behaviour: Behaviour) -> str:
    """The name of ``behaviour`` where it has a say in what becomes of a text; else nothing."""
    return "" if behaviour.name == ACCEPT.name else behaviour.name
