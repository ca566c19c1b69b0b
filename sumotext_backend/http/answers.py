"""What one request brought back, as values; pure."""

from __future__ import annotations

from typing import Final

import attrs

from sumotext_backend.models import Reason, Verdict

LONGEST_WAIT: Final = 300.0
"""Seconds; a server that asks for a longer wait is taken to ask for this much."""


@attrs.frozen
class NoAnswer:
    """No answer came. ``reason`` belongs to `FAILED` if surely no byte of the request left."""

    reason: Reason
    detail: str


@attrs.frozen
class Answer:
    """An answer came, perhaps not whole.

    ``status`` is the HTTP status. ``body`` is what was read of it, at most the byte cap, and only
    for a 2xx. ``ended`` tells that the body ended where its framing said (its length, or the last
    chunk); it is False where more was to come and was not waited for, and where a body without a
    length just stopped. ``cut`` says why reading broke off, None where it did not.
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
    if not (words.isascii() and words.isdigit()):
        return None
    return min(float(words[:9]), LONGEST_WAIT)


def by_status(answer: Answer, *, trust_4xx: bool = True) -> Verdict | None:
    """What the status alone proves; None for a 2xx, whose body has the word.

    A 4xx is taken to mean that the provider's page did not run, so surely nothing was sent;
    ``trust_4xx=False`` withdraws that assumption.
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
    if status == 429:
        return Reason.THROTTLED
    if 400 <= status < 500:
        return Reason.REFUSED_REQUEST
    if 300 <= status < 400:
        return Reason.REDIRECTED
    return Reason.SERVER_ERROR if status >= 500 else Reason.BAD_ANSWER
