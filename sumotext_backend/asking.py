"""Questions to a provider about a text that was sent before: by its id, or by our reference.

A question changes nothing, so it needs no mark; the time-out of the backend bounds it, and the
deadline of whoever asks. What a provider can be asked it says by two protocols, both pure:
`Reporter` (what became of the text of an id) and `Answerer` (what became of our reference).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, Protocol, TypeVar, runtime_checkable

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.deadline import within
from sumotext_backend.events import DeliveryReport
from sumotext_backend.http import HttpBackend, NoResponse, Request, Response, classify_status
from sumotext_backend.models import Reason
from sumotext_backend.msisdn import Msisdn

T = TypeVar("T")

FIRST_WAIT_SECONDS: Final = 1.0
LONGEST_WAIT_SECONDS: Final = 30.0


@attrs.frozen
class NoAnswer:
    """A question got no answer, and why. It says nothing of the text that it was about.

    ``detail`` holds nothing private, ``retry_after`` is in seconds.
    """

    reason: Reason
    detail: str
    retry_after: float | None = None


@attrs.frozen(kw_only=True)
class Question:
    """One text whose fate is not known, as it was sent at ``sent_at`` (with its time zone).

    ``reference`` is what the provider was given as `Message.reference`. ``text`` and ``sender``
    are for a provider that keeps no reference. ``known_ids`` are ids of other texts of yours: a
    record under one of them is not this text.
    """

    reference: str
    number: Msisdn
    sent_at: datetime
    text: str | None = attrs.field(default=None, repr=False)
    sender: str | None = attrs.field(default=None, repr=False)
    known_ids: frozenset[str] = attrs.field(factory=frozenset, repr=False)


@attrs.frozen
class Found:
    """The provider has a record of the text, so it was accepted. ``report`` is what came along.

    ``alike`` tells that the record bears no reference of ours: a text of the same words to the
    same number, of which `Question.known_ids` does not know, may have left it.
    """

    provider_id: str
    report: DeliveryReport | None = None
    alike: bool = False


@runtime_checkable
class Reporter(Protocol):
    """A backend whose provider can be asked for the report of an id."""

    def report_request(self, provider_id: str, number: Msisdn | None) -> Request:
        """The request for the report of ``provider_id``. Pure."""
        ...

    def read_report(self, response: Response, provider_id: str) -> DeliveryReport | NoAnswer:
        """The report in ``response``, a 2xx. Pure; never raises."""
        ...


@runtime_checkable
class Answerer(Protocol):
    """A backend whose provider can be asked what became of a reference."""

    def ask_request(self, question: Question) -> Request | None:
        """The request that asks ``question``; None where it lacks what this provider needs. Pure.

        A text, for one.
        """
        ...

    def read_ask(self, response: Response, question: Question) -> Found | NoAnswer | None:
        """The record in ``response``, a 2xx. Pure; never raises.

        A record proves that the text was accepted. None, no record, proves nothing.
        """
        ...


def fetch_report(
    backend: SmsBackend, provider_id: str, number: Msisdn | None = None
) -> DeliveryReport | NoAnswer:
    """What ``backend`` says became of the text that it accepted under ``provider_id``.

    Never raises for what a network or a server does.
    """
    if not (isinstance(backend, HttpBackend) and isinstance(backend, Reporter)):
        return NoAnswer(Reason.UNSUPPORTED, f"{backend.name!r} cannot be asked for a report")
    response = backend.exchange(backend.report_request(provider_id, number))
    return read_answer(response, lambda got: backend.read_report(got, provider_id))


def ask(backend: SmsBackend, question: Question) -> Found | NoAnswer | None:
    """Whether the provider of ``backend`` has a record of ``question``; None where it has none.

    Never raises for what a network or a server does.
    """
    if not (isinstance(backend, HttpBackend) and isinstance(backend, Answerer)):
        return NoAnswer(Reason.UNSUPPORTED, f"{backend.name!r} cannot be asked for a reference")
    request = backend.ask_request(question)
    if request is None:
        detail = f"{backend.name!r} can be asked only while the text is known"
        return NoAnswer(Reason.UNSUPPORTED, detail)
    return read_answer(backend.exchange(request), lambda got: backend.read_ask(got, question))


def read_answer(response: Response | NoResponse, read: Callable[[Response], T]) -> T | NoAnswer:
    """What ``read`` makes of the body of a 2xx; why there is no answer for anything else."""
    if isinstance(response, NoResponse):
        return NoAnswer(response.reason, response.detail)
    status = classify_status(response)
    if status and status.reason:
        return NoAnswer(status.reason, status.detail, status.retry_after)
    if response.cut:
        return NoAnswer(response.cut, "the answer broke off before it was whole")
    return read(response)


_HOPELESS: Final = (
    Reason.CONFIGURATION,
    Reason.UNAUTHORIZED,
    Reason.UNSUPPORTED,
    Reason.TLS,
)
"""Why an answer did not come that will not come later either."""


def poll(
    fetch: Callable[[], DeliveryReport | NoAnswer],
    deadline: float,
    *,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[DeliveryReport | NoAnswer]:
    """What ``fetch`` says again and again, the last time before ``deadline`` (of ``clock``).

    It ends early with a report that is final, or where asking again is of no use. Between two
    questions it waits twice as long as the time before, or as long as the provider asks.
    """
    wait = FIRST_WAIT_SECONDS
    while True:
        said = within(deadline, deadline, fetch)
        yield said
        asked = said.retry_after if isinstance(said, NoAnswer) else None
        pause = max(wait, asked or 0.0)
        if _is_over(said) or clock() + pause >= deadline:
            return
        sleep(pause)
        wait = min(2 * wait, LONGEST_WAIT_SECONDS)


def _is_over(said: DeliveryReport | NoAnswer) -> bool:
    return said.reason in _HOPELESS if isinstance(said, NoAnswer) else said.final
