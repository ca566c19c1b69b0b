"""`AskFirst`: stands around a provider that must know a number's carrier, and has it looked up.

It stands inside of the circuit and of the gate: nothing is paid for a text that would not go, and
a look-up that finds no answer speaks of the route as a text does.
"""

from __future__ import annotations

import time
from operator import attrgetter
from typing import Any

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.deadline import within
from sumotext_backend.lookups import LooksUp, LookupMemory
from sumotext_backend.models import Message, SendResult, Verdict


@attrs.frozen(kw_only=True)
class AskFirst(SmsBackend):
    """The provider ``of``, a `LooksUp`, whose look-ups ``lookups`` remembers.

    ``name`` is that of ``of``.
    """

    of: SmsBackend
    lookups: LookupMemory = attrs.field(repr=False)
    name = property(attrgetter("of.name"))

    def send(self, message: Message) -> SendResult:
        """Send ``message``, once; before it, have its carrier looked up if that is due.

        Both keep one deadline. Where the look-up fails, the text was surely not sent.
        """
        asks: Any = self.of
        if not asks.wants_lookup(message):
            return self.of.send(message)
        by = time.monotonic() + asks.timeout
        return within(by, by, lambda: self._ask_and_send(asks, message))

    def _ask_and_send(self, asks: LooksUp, message: Message) -> SendResult:
        ready = asks.add_carrier(message, self.lookups)
        if isinstance(ready, Verdict):
            return SendResult.of(self.name, message, ready)
        return self.of.send(ready)

    def close(self) -> None:
        """Close the provider."""
        self.of.close()
