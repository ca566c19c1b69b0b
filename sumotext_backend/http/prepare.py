"""A send without its exchange: what goes out, and what the response to it means; pure.

A driver, synchronous or not, is these two with an exchange between them::

    ready = prepare(backend, message)
    verdict = ready if isinstance(ready, Verdict) else conclude(ready, exchange(ready.request))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from sumotext_backend.backend import check
from sumotext_backend.http.request import Request
from sumotext_backend.http.response import NoResponse, Response, judge
from sumotext_backend.models import Message, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.overrides import override
from sumotext_backend.transliteration import as_sent

if TYPE_CHECKING:
    from sumotext_backend.http.backend import HttpBackend


@attrs.frozen
class Prepared:
    """One text that is ready to go.

    ``backend`` is the one that was asked, with the message's own options; it has no connections.
    """

    backend: HttpBackend
    number: Msisdn
    request: Request


def prepare(backend: HttpBackend, message: Message) -> Prepared | Verdict:
    """The one request that ``backend`` makes for ``message``, or why it makes none.

    Nothing is sent. Never raises for what a message may hold.
    """
    number = check(message)
    if isinstance(number, Verdict):
        return number
    effective = override(backend, message)
    if isinstance(effective, Verdict):
        return effective
    if (text := as_sent(message.text, effective)) is not message.text:
        message = attrs.evolve(message, text=text)
    request = effective.request(message, number)
    return request if isinstance(request, Verdict) else Prepared(effective, number, request)


def conclude(prepared: Prepared, response: Response | NoResponse) -> Verdict:
    """What ``response`` proves of the text that was ``prepared``.

    Where it is `Verdict.out_of_step`, the connection that it came over must be closed.
    """
    backend, number, request = prepared.backend, prepared.number, prepared.request
    verdict = judge(
        response,
        lambda got: backend.read(got, number),
        enough=request.enough,
        trust_4xx=backend.trust_4xx,
    )
    if verdict.reason or verdict.message_id or not request.reference:
        return verdict
    return attrs.evolve(verdict, message_id=request.reference)
