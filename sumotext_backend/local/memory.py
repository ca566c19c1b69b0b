"""`MemoryBackend`: an outbox for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Final

import attrs

from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.local.base import LocalBackend, accept
from sumotext_backend.models import Message, Outcome, Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.options import shown


class Outbox(list[Message]):
    """The messages that may have left, oldest first. Pickles and copies as empty: texts stay."""

    def __reduce__(self) -> tuple[type[Outbox], tuple[()]]:
        """Pickle as empty."""
        return (Outbox, ())


_records: Final[list[Outbox]] = []


@contextmanager
def record() -> Iterator[Outbox]:
    """The messages that any `MemoryBackend` of this process keeps while the block runs.

    So a test sees what a program sent that made its backends by itself.
    """
    outbox = Outbox()
    _records.append(outbox)
    try:
        yield outbox
    finally:
        # By identity: two empty outboxes are equal.
        _records[:] = [each for each in _records if each is not outbox]


def _reason(word: str | None) -> Reason | None:
    if word is None:
        return None
    if word in Reason.__members__:
        return Reason(word)
    meant = did_you_mean(str(word), Reason.__members__)
    raise ConfigurationError(f"option 'reason' wants a reason, not {shown(str(word))}{meant}")


@attrs.frozen(kw_only=True)
class MemoryBackend(LocalBackend):
    """Keeps messages in `outbox`, a list without a bound; `clear` empties it.

    With ``reason`` every send ends so. The outbox holds what may have left: messages that were
    accepted, and those of an ``UNKNOWN`` end. Threads may share it; a pickled copy is empty.
    Raises `ConfigurationError` for a reason that does not exist.
    """

    name: ClassVar[str] = "memory"
    dsn: ClassVar[str] = "memory://"

    reason: Reason | None = attrs.field(
        default=None,
        converter=_reason,
        metadata={"help": "how every send ends, such as UNREACHABLE; accepted if unset"},
    )
    outbox: Outbox = attrs.field(init=False, factory=Outbox, eq=False, repr=False)

    def clear(self) -> None:
        """Forget all messages."""
        self.outbox.clear()

    def _take(self, message: Message, number: Msisdn) -> Verdict:
        if self.reason is None or self.reason.outcome is Outcome.UNKNOWN:
            for outbox in (self.outbox, *_records):
                outbox.append(message)
        if self.reason is None:
            return accept()
        return Verdict(reason=self.reason, detail="the option 'reason' says so")
