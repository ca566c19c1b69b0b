"""What one request brought back, as values; pure."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from sumotext_backend.models import Outcome, Reason, Verdict, clamped


@attrs.frozen
class NoAnswer:
    """No answer came. ``reason`` belongs to `FAILED` if surely no byte of the request left."""

    reason: Reason
    detail: str


@attrs.frozen
class Answer:
    """An answer came, perhaps not whole.

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


def wait_of(header: str | None) -> float | None:
    """Seconds of a ``Retry-After`` in its delay form, clamped to 0-300; None otherwise."""
    words = (header or "").strip()
    return clamped(float(words[:9])) if words.isascii() and words.isdigit() else None


def judged(
    answer: Answer | NoAnswer, read: Callable[[Answer], Verdict], *, trust_4xx: bool = True
) -> Verdict:
    """What ``answer`` proves, where ``read`` says what its body would mean with HTTP status 200.

    A refusal in the body of a 4xx stays a refusal, so that no chain goes on after an opt-out;
    an id in it is a doubt, and so is a line that ``read`` kept in ``raw`` without knowing what it
    says. Otherwise the status decides (`by_status`).
    """
    if isinstance(answer, NoAnswer):
        return Verdict(reason=answer.reason, detail=answer.detail)
    status = by_status(answer, trust_4xx=trust_4xx)
    if status is None:
        return _weighed(read(answer), answer)
    return _refused(read(answer), status, answer) if answer.body else status


def _weighed(said: Verdict, answer: Answer) -> Verdict:
    """What the body of a 2xx says, with what is known of how its reading ended."""
    if said.reason is Reason.BAD_ANSWER and answer.cut:
        return attrs.evolve(
            said, reason=answer.cut, detail="the answer broke off before it was whole"
        )
    if not said.reason and not answer.ended:
        detail = f"{said.detail}; " if said.detail else ""
        return attrs.evolve(said, detail=f"{detail}the rest of the answer was not read")
    return said


def _refused(said: Verdict, status: Verdict, answer: Answer) -> Verdict:
    """What the body of a 4xx says beside its status."""
    if said.reason is None or said.message_id:
        detail = f"an id came with HTTP status {answer.status}"
        return Verdict(reason=Reason.BAD_ANSWER, message_id=said.message_id, detail=detail)
    # A line of the provider's own that is not understood, or not whole, may be a refusal.
    if said.reason.outcome is Outcome.UNKNOWN and not said.raw:
        return status
    return attrs.evolve(said, retry_after=said.retry_after or answer.retry_after)


def by_status(answer: Answer, *, trust_4xx: bool = True) -> Verdict | None:
    """What the status alone proves; None for a 2xx, whose body has the word.

    A 4xx is taken to mean that the provider's page did not run, so surely nothing was sent;
    ``trust_4xx=False`` withdraws that assumption. A 408 tells of time, and proves nothing.
    """
    if 200 <= answer.status < 300:
        return None
    reason = _reason_of(answer.status)
    if 400 <= answer.status < 500 and not trust_4xx:
        reason = Reason.BAD_ANSWER
    return Verdict(
        reason=reason, detail=f"HTTP status {answer.status}", retry_after=answer.retry_after
    )


def _reason_of(status: int) -> Reason:
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
