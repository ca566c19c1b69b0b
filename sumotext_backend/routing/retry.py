"""`Retry`: the same provider again, only for failures that can pass."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import ClassVar, Final

import attrs

from sumotext_backend.backend import SmsBackend, send_through
from sumotext_backend.deadline import limits, within
from sumotext_backend.models import Message, Reason, SendResult
from sumotext_backend.routing import failover

CAN_PASS: Final = (Reason.UNREACHABLE, Reason.THROTTLED)
"""Reasons of ``FAILED`` that waiting can mend; `failover.may_go_on` must permit it as well."""


class Budget:
    """Keeps retries below a share of the traffic, so that they do not make an outage worse.

    Each send earns ``share`` of a retry, up to ``most``; each retry costs one. Starts full.
    Pickles as full. There is no lock, which a fork could leave held: threads that meet here may
    miscount by one, which a budget can bear.
    """

    def __init__(self, share: float, most: float = 10.0) -> None:
        """Start full."""
        self._share, self._most, self._have = share, most, most

    def earn(self) -> None:
        """One send was made."""
        self._have = min(self._most, self._have + self._share)

    def spend(self) -> bool:
        """Take one retry; False where none is left."""
        affordable = self._have >= 1
        self._have -= affordable
        return affordable

    def __reduce__(self) -> tuple[type[Budget], tuple[float, float]]:
        """Pickle as full."""
        return (Budget, (self._share, self._most))


def backoffs(base: float, cap: float) -> Iterator[float]:
    """Seconds to wait before each retry: exponential up to ``cap``, with full jitter."""
    ceiling = base
    while True:
        yield random.uniform(0, ceiling)  # noqa: S311 - jitter, not a secret
        ceiling = min(cap, ceiling * 2)


@attrs.frozen(kw_only=True)
class Retry(SmsBackend):
    """Tries one provider again after ``FAILED`` for a reason that can pass, and nothing else.

    Waits as long as the provider asks where it does, else capped exponential backoff with full
    jitter, all inside one deadline: a wait that would not fit ends the trying.
    """

    name: ClassVar[str] = "retry"
    dsn: ClassVar[str] = "retry://"

    of: SmsBackend = attrs.field(metadata={"help": "the provider to try again, by alias"})
    tries: int = attrs.field(
        default=3, validator=attrs.validators.ge(1), metadata={"help": "attempts at most"}
    )
    base: float = attrs.field(
        default=0.5,
        validator=attrs.validators.gt(0),
        metadata={"help": "ceiling of the first wait, in seconds; doubles each time"},
    )
    cap: float = attrs.field(
        default=8.0,
        validator=attrs.validators.gt(0),
        metadata={"help": "ceiling of any wait, in seconds"},
    )
    timeout: float = attrs.field(
        default=30.0,
        validator=attrs.validators.gt(0),
        metadata={"help": "deadline of all attempts and waits together, in seconds"},
    )
    budget: float = attrs.field(
        default=0.1,
        validator=[attrs.validators.ge(0), attrs.validators.le(1)],
        metadata={"help": "retries as a share of the sends, after a first burst of 10"},
    )
    _budget: Budget = attrs.field(init=False, eq=False, repr=False)

    @_budget.default
    def _full(self) -> Budget:
        return Budget(self.budget)

    def send(self, message: Message) -> SendResult:
        """Send ``message``, again where that is safe and sensible; all tries in ``attempts``."""
        deadline = min(time.monotonic() + self.timeout, limits().deadline)
        attempts = within(deadline, deadline, lambda: self._try(message, deadline))
        return failover.conclude(attempts)

    def _try(self, message: Message, deadline: float) -> list[SendResult]:
        # Inside a chain, waiting may not eat the time of the next provider.
        wait_by = min(deadline, limits().connect_by)
        self._budget.earn()
        waits = backoffs(self.base, self.cap)
        attempts = [send_through(self.of, message)]
        while len(attempts) < self.tries and self._again(attempts[-1]):
            asked = attempts[-1].retry_after
            wait = next(waits) if asked is None else asked
            if time.monotonic() + wait >= wait_by or not self._budget.spend():
                break
            time.sleep(wait)
            attempts.append(send_through(self.of, message))
        return attempts

    def _again(self, result: SendResult) -> bool:
        return result.reason in CAN_PASS and failover.may_go_on(result)

    def close(self) -> None:
        """Close the provider."""
        self.of.close()
