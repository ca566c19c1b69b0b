"""`ResponseReader`: how much of a response is read, and what it comes to; pure.

The drivers, with threads or without, feed it what came until it is ``done``.
"""

from __future__ import annotations

import math
from typing import Final

from sumotext_backend.http.failures import explain_unanswered, is_alarm
from sumotext_backend.http.head import BadResponseError, Head
from sumotext_backend.http.idle_limit import parse_keep_alive
from sumotext_backend.http.parser import ResponseParser
from sumotext_backend.http.request import Request
from sumotext_backend.http.response import NoResponse, Response, parse_retry_after
from sumotext_backend.models import Reason

REFUSAL_SECONDS: Final = 1.0
"""To wait at most for the body of a 4xx, whose status speaks for itself."""


class ResponseReader:
    """What came back for one request."""

    def __init__(self, request: Request) -> None:
        """Nothing has come yet."""
        self.done = False
        """Whether no more need be read."""
        self._parser = ResponseParser(bodiless=request.method == "HEAD")
        self._enough = request.enough
        self._none: NoResponse | None = None
        self._cut: Reason | None = None

    @property
    def refuses(self) -> bool:
        """Whether the status is a 4xx, so that its body is not waited for long."""
        head = self._parser.head
        return head is not None and 400 <= head.status < 500

    @property
    def reusable(self) -> bool:
        """Whether the connection may serve again."""
        return self.done and self._cut is None and self._none is None and self._parser.reusable

    @property
    def max_idle(self) -> float:
        """Seconds that the connection may wait until it serves again."""
        head = self._parser.head
        return parse_keep_alive(head.keep_alive) if head else 0.0

    @property
    def awaits_tail(self) -> bool:
        """Whether all that lacks for the connection to serve again is the rest of the body."""
        head = self._parser.head
        unread = self._cut is None and self._none is None and not self._parser.done
        return unread and head is not None and head.framed and head.lasting and _is_wanted(head)

    def feed(self, data: bytes) -> None:
        """Take what came; no bytes mean that the server closed the connection."""
        bad = None
        try:
            if data:
                self._parser.feed(data)
        except BadResponseError as error:
            bad = error
        head = self._parser.head
        if head and not _is_wanted(head):
            self.done = True
        elif head and head.encoded:
            self._stop(NoResponse(Reason.BAD_ANSWER, "the answer is encoded, which was not asked"))
        elif head and (self._is_whole(head) or self._enough(self._parser.body)):
            self.done = True
        elif self._parser.done:
            self._stop(NoResponse(Reason.BAD_ANSWER, "a header line of the answer is malformed"))
        elif bad:
            self._stop(NoResponse(Reason.BAD_ANSWER, f"the answer is not proper HTTP: {bad}"))
        elif self._parser.full:
            self._cut, self.done = Reason.BAD_ANSWER, True
        elif not data:
            self._end(head)

    def feed_tail(self, data: bytes) -> bool:
        """Take more after `done`, to clear the connection; whether yet more is to come."""
        try:
            self._parser.feed(data)
        except BadResponseError:
            return False
        return bool(data) and self.awaits_tail

    def fail(self, error: Exception, deadline: float = -math.inf) -> None:
        """Reading or writing, which was to end by ``deadline``, raised ``error``."""
        if self._parser.head is None:
            self._stop(explain_unanswered(error, deadline))
        elif not self.done:
            timed_out = isinstance(error, TimeoutError) and not is_alarm(error, deadline)
            self._cut, self.done = Reason.TIMEOUT if timed_out else Reason.BAD_ANSWER, True

    def result(self) -> Response | NoResponse:
        """What was read, once it is ``done``."""
        head = self._parser.head
        if self._none or not head:
            return self._none or NoResponse(Reason.NO_ANSWER, "nothing was read")
        return Response(
            status=head.status,
            body=self._parser.body if _is_wanted(head) else b"",
            ended=self._parser.done and head.framed and _is_wanted(head),
            cut=self._cut,
            retry_after=parse_retry_after(head.retry_after) if head.retry_after else None,
        )

    def _is_whole(self, head: Head) -> bool:
        """Whether the body is at its end; a 4xx decides only where that is certain."""
        return self._parser.done and (head.sound or not self.refuses)

    def _stop(self, none: NoResponse) -> None:
        self._none, self.done = none, True

    def _end(self, head: Head | None) -> None:
        """The server closed the connection before the response was at its end."""
        if head is None:
            self._stop(NoResponse(Reason.NO_ANSWER, "the connection ended with no answer"))
            return
        unframed = head.length is None and not head.chunked
        self._cut, self.done = None if unframed else Reason.BAD_ANSWER, True


def _is_wanted(head: Head) -> bool:
    """Whether the body is read: that of any other status proves nothing."""
    return 200 <= head.status < 300 or 400 <= head.status < 500
