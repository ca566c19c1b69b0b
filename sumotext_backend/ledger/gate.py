"""`Gate`: stands around one provider, and asks consent before each text.

It is put around every provider of a tree and its health, below every composite, so that no chain,
retry or redirect goes round it, and it sees the number that would be texted.
"""

from __future__ import annotations

import time
from operator import attrgetter

import attrs

from sumotext_backend.backend import SmsBackend, guard, recipient
from sumotext_backend.deadline import limits
from sumotext_backend.ledger.book import Book, Find, Programmes
from sumotext_backend.ledger.consent import NOTHING_KNOWN, Consent, Exempt, decide
from sumotext_backend.models import Message, Reason, SendResult, Verdict, amend


@attrs.frozen(kw_only=True)
class Gate(SmsBackend):
    """The provider ``of`` under its alias ``provider``, for those who may be texted through it.

    ``programmes`` are those whose words bind it, its own the first. ``exempt`` are the refusals of
    others, by alias, that the owner takes as none (``also_after``). ``name`` is that of ``of``.
    """

    of: SmsBackend
    provider: str
    book: Book = attrs.field(repr=False)
    programmes: Programmes = attrs.field()
    exempt: Exempt = attrs.field(factory=dict)
    name = property(attrgetter("of.name"))

    @programmes.default
    def _programmes(self) -> Programmes:
        return (self.book.ledger.settings.programme_of(self.provider),)

    def send(self, message: Message) -> SendResult:
        """Send ``message`` if nothing forbids it, and keep what the answer says of consent."""
        number = recipient(message)
        if isinstance(number, Verdict):
            return SendResult.of(self.name, message, number)
        known = self.book.consult(number.e164, self.programmes)
        if isinstance(known, Verdict):
            return self._refuse(message, known)
        verdict = None if known is NOTHING_KNOWN else self._decide(known)
        if verdict is None and time.monotonic() >= limits().deadline:
            # Not every backend knows a deadline, and after a lease nothing may leave any more.
            verdict = Verdict(
                reason=Reason.UNAVAILABLE, detail="no time was left; nothing was sent"
            )
        if verdict:
            return self._refuse(message, verdict)
        result = guard(self.of, message)
        return self.book.keep(number.e164, self.provider, self.programmes[0], known, result)

    def foresee(self, message: Message, find: Find | None = None) -> Verdict | None:
        """Why `send` would not ask the provider just now; None where it would. Changes nothing.

        ``find`` stands for `Ledger.view`.
        """
        number = recipient(message)
        if isinstance(number, Verdict):
            return number
        known = self.book.recall(number.e164, self.programmes, find)
        return known if isinstance(known, Verdict) else self._decide(known)

    def _decide(self, known: Consent) -> Verdict | None:
        return decide(known, self.provider, self.name, self.exempt)

    def _refuse(self, message: Message, verdict: Verdict) -> SendResult:
        return amend(SendResult.of(self.name, message, verdict), provider=self.provider)

    def close(self) -> None:
        """Close the provider."""
        self.of.close()
