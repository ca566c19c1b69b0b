"""What one request brought back, as values, and what it proves; pure."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from sumotext_backend.http.request import Enough
from sumotext_backend.models import Outcome, Reason, Verdict, clamp_wait


@attrs.frozen
class NoResponse:
    """No response came. ``reason`` belongs to `FAILED` if surely no byte of the request left."""

    reason: Reason
    detail: str


@attrs.frozen
class Response:
    """A response came, perhaps not whole.

    ``status`` is the HTTP status. ``body`` is what was read, at most the byte cap, and only of a
    2xx or 4xx. ``ended`` tells that the body ended where its framing said (its length, or the
    last chunk); it is False where more was to come and was not waited for, and where a body
    without a length just stopped. ``cut`` says why reading broke off, None where it did not.
    ``retry_after`` is in seconds, clamped.
    """

    status: int
    body: bytes = attrs.field(default=b"", repr=False)
    ended: bool = False
    cut: Reason | None = None
    retry_after: float | None = None

    @property
    def is_client_error(self) -> bool:
        """Whether the status is a 4xx: the provider's server says that it took nothing."""
        return 400 <= self.status < 500


def parse_retry_after(header: str | None) -> float | None:
    """Seconds of a ``Retry-After`` in its delay form, clamped to 0-300; None otherwise."""
    words = (header or "").strip()
    return clamp_wait(float(words[:9])) if words.isascii() and words.isdigit() else None


def judge(
    response: Response | NoResponse,
    read: Callable[[Response], Verdict],
    *,
    enough: Enough = lambda _body: False,
    trust_4xx: bool = True,
) -> Verdict:
    """What ``response`` proves, where ``read`` says what its body means.

    The body of a 2xx and of a 4xx has the word, so that a refusal stays one under any status and
    no chain goes on after an opt-out. Where ``read`` makes nothing of it (`Reason.BAD_ANSWER`),
    a 2xx is a doubt, and a 4xx goes by its status (`classify_status`), with two exceptions:
    a body that broke off (neither ``ended`` nor ``enough``) may be half a refusal, and what
    ``read`` kept in ``raw`` is the provider's own language. An id in a 4xx is a doubt too.
    """
    if isinstance(response, NoResponse):
        return Verdict(reason=response.reason, detail=response.detail)
    status = classify_status(response, trust_4xx=trust_4xx)
    if status is None:
        return _judge_success(read(response), response)
    if not response.is_client_error:
        return status
    whole = response.ended or enough(response.body)
    return _judge_refusal(read(response), response, status if whole else _broke_off(response))


def _judge_success(said: Verdict, response: Response) -> Verdict:
    """What the body of a 2xx says, with what is known of how its reading ended."""
    if said.reason is Reason.BAD_ANSWER and response.cut:
        return attrs.evolve(
            said, reason=response.cut, detail="the answer broke off before it was whole"
        )
    if not said.reason and not response.ended:
        detail = f"{said.detail}; " if said.detail else ""
        return attrs.evolve(said, detail=f"{detail}the rest of the answer was not read")
    return said


def _judge_refusal(said: Verdict, response: Response, otherwise: Verdict) -> Verdict:
    """What the body of a 4xx says, and ``otherwise`` where it says nothing."""
    if said.reason is None or said.message_id:
        detail = f"an id came with HTTP status {response.status}"
        return attrs.evolve(said, reason=Reason.BAD_ANSWER, detail=detail, raw="")
    if said.reason.outcome is Outcome.UNKNOWN and not said.raw:
        return otherwise
    return attrs.evolve(said, retry_after=said.retry_after or response.retry_after)


def _broke_off(response: Response) -> Verdict:
    detail = f"HTTP status {response.status}, and the answer broke off before it was whole"
    return Verdict(reason=response.cut or Reason.BAD_ANSWER, detail=detail)


def classify_status(response: Response, *, trust_4xx: bool = True) -> Verdict | None:
    """What the status alone proves; None for a 2xx, whose body has the word.

    A 4xx is taken to mean that the provider's page did not run, so surely nothing was sent;
    ``trust_4xx=False`` withdraws that assumption. A 408 tells of time, and proves nothing.
    """
    if 200 <= response.status < 300:
        return None
    reason = _find_reason(response.status)
    if response.is_client_error and not trust_4xx:
        reason = Reason.BAD_ANSWER
    return Verdict(
        reason=reason, detail=f"HTTP status {response.status}", retry_after=response.retry_after
    )


def _find_reason(status: int) -> Reason:
    if status in (401, 403, 407):
        return Reason.UNAUTHORIZED
    if status == 408:
        return Reason.TIMEOUT
    if status == 429:
        return Reason.THROTTLED
    if 400 <= status < 500:
        return Reason.REFUSED_REQUEST
    if 300 <= status < 400:
        return Reason.REDIRECTED
    return Reason.SERVER_ERROR if status >= 500 else Reason.BAD_ANSWER
