"""Who may be tried next, and what several attempts say together. Pure but for the sends.

Everything that keeps a chain from texting twice is here.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Literal

import attrs

from sumotext_backend.backend import SmsBackend, send_through
from sumotext_backend.deadline import limits, within
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.models import Message, Outcome, Reason, SendResult, Verdict, amend
from sumotext_backend.routing.health import write

OnUnknown = Literal["stop", "may_text_twice"]

EXEMPT: Final = ("NOT_SUBSCRIBED",)
"""Refusals that an owner whose consent is kept elsewhere may take as a reason to go on.
NOT_OPTED_IN is not among them, and no configuration can put it there."""


@attrs.frozen
class Policy:
    """What may follow: after a doubt, and after which refusals by name."""

    on_unknown: OnUnknown = "stop"
    also_after: tuple[str, ...] = ()


def check_exempt(_: object, field: attrs.Attribute[Any], value: tuple[str, ...]) -> None:
    """Validate ``also_after``. Raises `ConfigurationError` for anything but `EXEMPT`."""
    for name in value:
        if name not in EXEMPT:
            raise ConfigurationError(
                f"option {field.name!r} may hold {' and '.join(EXEMPT)} only: "
                "no provider may be used to get round a refusal"
            )


def check_not_empty(_: object, field: attrs.Attribute[Any], value: Sequence[object]) -> None:
    """Validate that there is at least one provider. Raises `ConfigurationError`."""
    if not value:
        raise ConfigurationError(f"option {field.name!r} wants at least one provider")


def may_go_on(result: SendResult, policy: Policy = Policy()) -> bool:
    """Whether another provider may be tried after ``result``.

    The whole trail counts, not only its end: a refusal or a doubt inside a nested chain stops
    the outer chain too, unless the outer chain's own policy says otherwise.
    """
    if result.reason is None:  # as nearly every send ends
        return False
    trail = list_attempts(result)
    return _may_follow(result, policy) and all(_may_follow(each, policy) for each in trail)


def _may_follow(attempt: SendResult, policy: Policy) -> bool:
    if attempt.outcome is Outcome.UNKNOWN:
        return policy.on_unknown == "may_text_twice"
    if attempt.outcome is Outcome.REJECTED:
        return attempt.reason in policy.also_after
    return attempt.outcome is Outcome.FAILED


def list_attempts(result: SendResult) -> Iterator[SendResult]:
    """The attempts in which a provider was asked, in order; ``result`` itself if it has none."""
    if not result.attempts:
        yield result
    for attempt in result.attempts:
        yield from list_attempts(attempt)


def conclude(attempts: Sequence[SendResult]) -> SendResult:
    """What ``attempts`` say together: the last one, unless an earlier one left a doubt.

    A doubt is not undone by a later provider that failed or refused: the text may be out.
    Raises `ValueError` for no attempts.
    """
    if not attempts:
        raise ValueError("no attempts")
    told = _weigh(attempts) if len(attempts) > 1 else attempts[0]
    return amend(told, attempts=tuple(attempts))


def _weigh(attempts: Sequence[SendResult]) -> SendResult:
    """The attempt that speaks for all of them."""
    last = attempts[-1]
    doubts = [attempt for attempt in attempts if attempt.outcome is Outcome.UNKNOWN]
    if doubts and last.outcome is Outcome.ACCEPTED:
        return amend(last, detail="accepted, but an earlier provider may have sent it too")
    return doubts[0] if doubts else last


def fail_over(
    backends: Sequence[SmsBackend],
    message: Message,
    timeout: float,
    policy: Policy,
    clock: Callable[[], float] = time.monotonic,
) -> SendResult:
    """Try ``backends`` in order, each once, until one is not to be followed by another.

    All share one deadline of ``timeout`` seconds, and each may spend on connecting at most its
    even share of what is left, so that a black hole does not eat the others' time. Where a doubt
    may be followed, the share holds for the whole attempt, since silence is a doubt.
    """
    outer = limits()
    kept = {} if outer.kept is None else outer.kept
    now = clock()
    deadline = min(now + timeout, outer.deadline)
    attempts: list[SendResult] = []
    try:
        for index, backend in enumerate(backends):
            share = now + (deadline - now) / (len(backends) - index)
            end = share if policy.on_unknown == "may_text_twice" else deadline
            send = functools.partial(send_through, backend, message)
            attempts.append(within(share, end, send, kept))
            if not may_go_on(attempts[-1], policy):
                break
            now = clock()
            if now >= deadline:
                break
    finally:
        if kept and outer.kept is None:
            write(kept)
    return conclude(attempts)


def hold(name: str, message: Message, detail: str) -> SendResult:
    """``message`` was held back by a rule of the owner."""
    return SendResult.of(name, message, Verdict(reason=Reason.HELD, detail=detail))
