"""`Book`: consent in a ledger, read before each text and written after what changes it."""

from __future__ import annotations

import contextlib
import logging
from collections import deque
from typing import Final

import attrs

from sumotext_backend.ledger.consent import Consent, Source, Word, fold, learn
from sumotext_backend.ledger.database import LedgerError
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.models import Reason, SendResult, Verdict

log: Final = logging.getLogger("sumotext_backend.ledger")

_NOT_KEPT: Final = "the refusal could not be written down, and binds this process alone"

Entry = tuple[str, str, str, str]
"""Word, provider, reason, source: what `fold` reads."""


@attrs.frozen(eq=False)
class Book:
    """Consent of the people that one configuration texts.

    What the store would not take is kept in this process, so that a no is not lost at once.
    """

    ledger: Ledger
    _unwritten: deque[tuple[str, str, Entry]] = attrs.field(init=False, factory=deque, repr=False)

    def consult(self, e164: str, provider: str) -> Consent | Verdict:
        """What is known of the number for ``provider``'s programme, or why nothing can be."""
        programme = self.ledger.settings.programme_of(provider)
        if self._unwritten:
            self._write_late()
        try:
            person = self.ledger.hasher.hash_number(e164)
            rows = self.ledger.database.read("find_consent", person=person, programme=programme)
        except LedgerError as error:
            return self._answer_unread(str(error), e164, programme)
        return fold([*rows, *self._list_unwritten(e164, programme)])

    def keep(self, e164: str, provider: str, known: Consent, result: SendResult) -> SendResult:
        """``result``, after what it says of consent was written down."""
        word = learn(known, provider, result)
        if word is None:
            return result
        try:
            self.add(e164, word, provider=provider, reason=str(result.reason or ""))
        except LedgerError:
            pass
        else:
            return result
        if word is Word.ACCEPTED:
            return result  # the next acceptance says it again
        entry = (str(word), provider, str(result.reason or ""), str(Source.SEND))
        programme = self.ledger.settings.programme_of(provider)
        self._unwritten.append((e164, programme, entry))
        log.error("provider %r: %s", provider, _NOT_KEPT)
        detail = f"{result.detail}; {_NOT_KEPT}" if result.detail else _NOT_KEPT
        return attrs.evolve(result, detail=detail)

    def add(
        self,
        e164: str,
        word: Word,
        *,
        provider: str = "",
        programme: str = "",
        reason: str = "",
        source: Source = Source.SEND,
        note: str = "",
    ) -> None:
        """Write one word down, durable when this returns. Raises `LedgerError`."""
        person = self.ledger.hasher.hash_number(e164)
        with self.ledger.database.transact() as run:
            run(
                "add_consent",
                programme=programme or self.ledger.settings.programme_of(provider),
                person=person,
                number=e164,
                word=str(word),
                provider=provider,
                reason=reason,
                source=str(source),
                note=note,
            )

    def _write_late(self) -> None:
        """Write down what the store would not take, in its order, as far as it does now."""
        for waiting in tuple(self._unwritten):
            e164, programme, (word, provider, reason, _) = waiting
            try:
                self.add(e164, Word(word), provider=provider, programme=programme, reason=reason)
            except LedgerError:
                return
            with contextlib.suppress(ValueError):  # two threads may write it: that says it twice
                self._unwritten.remove(waiting)

    def _list_unwritten(self, e164: str, programme: str) -> list[Entry]:
        return [entry for *whose, entry in tuple(self._unwritten) if whose == [e164, programme]]

    def _answer_unread(self, wrong: str, e164: str, programme: str) -> Consent | Verdict:
        if self.ledger.settings.send_unread:
            log.warning("consent was not read before a text, as configured: %s", wrong)
            return fold(self._list_unwritten(e164, programme))
        return Verdict(reason=Reason.UNAVAILABLE, detail=f"{wrong}; nothing was sent")
