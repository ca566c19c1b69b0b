"""The faults that are the same in every dialect."""

from __future__ import annotations

import math
from urllib.parse import quote, urlencode

from sumotext_backend.simulator.behaviour import Behaviour
from sumotext_backend.simulator.exchange import Answer, Pairs, Received
from sumotext_backend.simulator.pages import FORM, status_page

_HTML: Pairs = (("content-type", "text/html; charset=utf-8"),)


def answer_fault(behaviour: Behaviour, received: Received) -> Answer | None:
    """What ``behaviour`` answers in every dialect; None where the dialect's own words are due.

    The words are to be kept back for ``behaviour.wait``, which is for the dialect to hand on.
    """
    if behaviour.reset or math.isinf(behaviour.wait):
        return Answer(wait=behaviour.wait, reset=behaviour.reset)
    if behaviour.status != 200:
        return _answer_status(behaviour, received)
    return _page(FORM) if behaviour.page else None


def _answer_status(behaviour: Behaviour, received: Received) -> Answer:
    extra: Pairs = ()
    if behaviour.status == 302:
        asked = f"{received.prefix}{received.path}?{urlencode(received.query, quote_via=quote)}"
        extra = (("location", f"/login.aspx?ReturnUrl={quote(asked, safe='')}"),)
    if behaviour.retry_after is not None:
        extra = (*extra, ("retry-after", str(behaviour.retry_after)))
    return _page(status_page(behaviour.status), behaviour.status, extra)


def _page(html: str, status: int = 200, headers: Pairs = ()) -> Answer:
    return Answer(status=status, headers=(*_HTML, *headers), body=html.encode())
