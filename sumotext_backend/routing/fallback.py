"""`Fallback`: the next provider, only after the one before surely did not send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.models import Message, SendResult
from sumotext_backend.options import one_of
from sumotext_backend.routing import failover


# Functions and not `tuple`, whose type says nothing of its items.
def _backends(items: Iterable[SmsBackend]) -> tuple[SmsBackend, ...]:
    return tuple(items)


def _names(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(items)


@attrs.frozen(kw_only=True)
class Chain(SmsBackend):
    """What a fallback and a round robin have in common: several providers and one policy."""

    chain: tuple[SmsBackend, ...] = attrs.field(
        converter=_backends,
        validator=failover.check_not_empty,
        metadata={"help": "the providers, by alias"},
    )
    on_unknown: failover.OnUnknown = attrs.field(
        default="stop",
        validator=one_of,
        metadata={"help": "after a doubt: stop, or go on, which may text twice"},
    )
    also_after: tuple[str, ...] = attrs.field(
        default=(),
        converter=_names,
        validator=failover.check_exempt,
        metadata={"help": "refusals to go on after: NOT_SUBSCRIBED, or nothing"},
    )
    timeout: float = attrs.field(
        default=30.0,
        validator=attrs.validators.gt(0),
        metadata={"help": "deadline of the whole chain, in seconds"},
    )

    policy: failover.Policy = attrs.field(init=False, eq=False, repr=False)

    @policy.default
    def _what_may_follow(self) -> failover.Policy:
        return failover.Policy(self.on_unknown, self.also_after)

    def close(self) -> None:
        """Close every provider."""
        for backend in self.chain:
            backend.close()


@attrs.frozen(kw_only=True)
class Fallback(Chain):
    """The first provider that takes the text.

    The next one is tried only after ``FAILED``: never after ``ACCEPTED`` or ``REJECTED``, after
    ``UNKNOWN`` only with ``on_unknown="may_text_twice"``.
    """

    name: ClassVar[str] = "fallback"
    dsn: ClassVar[str] = "fallback://"

    def send(self, message: Message) -> SendResult:
        """Send ``message`` by the first provider that takes it; the trail is in ``attempts``."""
        return failover.fail_over(self.chain, message, self.timeout, self.policy)
