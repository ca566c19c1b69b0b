"""How long a connection may wait for its next use: what a server says of it, and what it does.

A server closes what has been idle for too long, and a request that goes out in that moment is a
doubt. To look first makes the moment short, but over a network it stays as long as the way there
and back. So a connection that is near its end is not used at all: a handshake costs less than a
doubt, and it comes once in so many seconds of idleness at most.
"""

from __future__ import annotations

import math
import re
from typing import Final

import attrs

from sumotext_backend.http.response import NoResponse
from sumotext_backend.models import Reason

MAX_IDLE_SECONDS: Final = 4.0
"""That a connection is idle where the server announces nothing: Apache, Node.js and uvicorn close
after 5 seconds unless told otherwise, proxies and load balancers later."""

MAX_ANNOUNCED_SECONDS: Final = 30.0
"""That a connection is idle, however long the server says it may be."""

MAX_CLOSINGS: Final = 64
"""That are remembered: so many that those which tell little do not soon displace the others."""

MEMORY_SECONDS: Final = 600.0
"""For which a closing counts: what a restart taught, or another server at that address, passes."""

MIN_UNANSWERED_SECONDS: Final = 1.0
"""Of idleness, below which an end without an answer is put down to the request, not to idleness."""

_ANNOUNCED: Final = re.compile(r"(?:^|[,;\s])timeout\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)


def parse_keep_alive(header: str | None) -> float:
    """Seconds that a connection may be idle by the server's header ``Keep-Alive: timeout=N``.

    A second less than N, for the way there; half of it where N is short. N is in whole seconds.
    """
    announced = _ANNOUNCED.search(header) if header else None
    if not announced:
        return MAX_IDLE_SECONDS
    seconds = int(announced[1])
    return min(max(seconds - 1, seconds / 2), MAX_ANNOUNCED_SECONDS)


@attrs.frozen
class Closing:
    """A connection was found closed, ``at`` a moment, when it had been ``idle`` for so long.

    Both are in seconds, the moment is of `time.monotonic`. The server's own limit is at most
    ``idle``, unless something else than idleness made it close.
    """

    idle: float
    at: float


def note(known: tuple[Closing, ...], new: Closing) -> tuple[Closing, ...]:
    """``known``, oldest first, and ``new``, unless the moment of the last explains it too.

    A server that restarts closes many connections at once, and that tells nothing of idleness.
    """
    if known and new.at - new.idle < known[-1].at:
        return known
    return (*known, new)[-MAX_CLOSINGS:]


def find_limit(known: tuple[Closing, ...], now: float) -> float:
    """Seconds beyond which a connection is not used: half of what was too long, twice, of late.

    Infinite where it was not. What is known is an upper bound of the server's limit, and half of
    it leads there in a few steps where a closing was noticed long after it happened.
    """
    idle = sorted(one.idle for one in known if now - one.at < MEMORY_SECONDS)
    return idle[1] / 2 if len(idle) > 1 else math.inf


class IdleLimit:
    """What the closings of one server tell. No lock: what is known is replaced as a whole."""

    __slots__ = ("_known", "seconds")

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: tuple[Closing, ...] = ()
        self.seconds = math.inf
        """Beyond which a connection is to be judged by `admits`; any other may serve."""

    def admits(self, idle: float, now: float, *, is_open: bool) -> bool:
        """Whether a connection that was ``idle``, and is found open or not, may serve; learns."""
        if is_open and idle <= self.seconds:
            return True
        if not is_open:
            self._known = note(self._known, Closing(idle, now))
        elif idle > 4 * self.seconds:  # twice of what was too long: so that was no limit
            self._known = ()
        self.seconds = find_limit(self._known, now)
        return is_open and idle <= self.seconds

    def learn(self, ended: NoResponse, idle: float, now: float) -> None:
        """Learn from an exchange that ``ended`` so, and whose connection was ``idle`` before it.

        Who sends at the pace of the server's limit finds no connection closed, but meets the
        race again and again.
        """
        if ended.reason is Reason.NO_ANSWER and idle >= MIN_UNANSWERED_SECONDS:
            self.admits(idle, now, is_open=False)
