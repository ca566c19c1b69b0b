"""`LocalBackend`: what the backends for development share."""

from __future__ import annotations

import abc
import uuid

from sumotext_backend.backend import SmsBackend, check
from sumotext_backend.models import Message, SendResult, Verdict
from sumotext_backend.msisdn import Msisdn


class LocalBackend(SmsBackend):
    """Refuses what no provider could send, and hands the rest to `_take`."""

    __slots__ = ()

    def send(self, message: Message) -> SendResult:
        """Check ``message``, and take it once."""
        number = check(message)
        verdict = number if isinstance(number, Verdict) else self._take(message, number)
        return SendResult.of(self.name, message, verdict)

    @abc.abstractmethod
    def _take(self, message: Message, number: Msisdn) -> Verdict:
        """Do with ``message`` what this backend is for; never raises."""


def accept() -> Verdict:
    """An acceptance under a new random id."""
    return Verdict(message_id=str(uuid.uuid4()))
