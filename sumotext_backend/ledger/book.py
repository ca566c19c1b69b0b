"""`Book`: consent in a ledger, read before each text and written after what changes it."""

from __future__ import annotations

import contextlib
import logging
from collections import deque
from typing import Final

import attrs

from sumotext_backend.events import ConsentChange
from sumotext_backend.ledger.changes import write_changes
from sumotext_backend.ledger.consent import NOTHING_KNOWN, Consent, Source, Word, fold, learn
from sumotext_backend.ledger.database import LedgerError
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.models import Reason, SendResult, Verdict, amend

log: Final = logging.getLogger("sumotext_backend.ledger")

_NOT_KEPT: Final = "the refusal could not be written down, and binds this process alone"


Entry = tuple[str, str, str, str]
"""Word, provider, reason, source: what `fold` reads."""


@attrs.frozen(eq=False)
class Book:
    """Consent of the people that one configuration texts.

    What the store would not take is kept in this process, so that a no is not lost at once, and
    is written down before consent is read again.
    """

    ledger: Ledger
    _unwritten: deque[ConsentChange] = attrs.field(init=False, factory=deque, repr=False)

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
        if self._unwritten:
            rows = [*rows, *self._list_unwritten(e164, programme)]
        return fold(rows) if rows else NOTHING_KNOWN

    def keep(self, e164: str, provider: str, known: Consent, result: SendResult) -> SendResult:
        """``result``, after what it says of consent was written down."""
        word = learn(known, provider, result)
        if word is None:
            return result
        change = ConsentChange(
            number=e164,
            word=word,
            programme=self.ledger.settings.programme_of(provider),
            provider=provider,
            reason=str(result.reason or ""),
            source=Source.SEND,
        )
        return result if self._write(change) else _add_detail(result)

    def _write(self, change: ConsentChange) -> bool:
        """Whether ``change`` is kept as well as it need be."""
        try:
            write_changes(self.ledger, [change])
        except LedgerError:
            pass
        else:
            return True
        if change.word == Word.ACCEPTED:
            return True  # the next acceptance says it again
        self._unwritten.append(change)
        log.error("provider %r: %s", change.provider, _NOT_KEPT)
        return False

    def _write_late(self) -> None:
        """Write down what the store would not take, in its order, as far as it does now."""
        for waiting in tuple(self._unwritten):
            try:
                write_changes(self.ledger, [waiting])
            except LedgerError:
                return
            with contextlib.suppress(ValueError):  # two threads may write it: that says it twice
                self._unwritten.remove(waiting)

    def _list_unwritten(self, e164: str, programme: str) -> list[Entry]:
        return [
            (each.word, each.provider, each.reason, each.source)
            for each in tuple(self._unwritten)
            if (each.number, each.programme) == (e164, programme)
        ]

    def _answer_unread(self, wrong: str, e164: str, programme: str) -> Consent | Verdict:
        if not self.ledger.settings.send_unread:
            return Verdict(reason=Reason.UNAVAILABLE, detail=f"{wrong}; nothing was sent")
        log.warning("consent was not read before a text, as configured: %s", wrong)
        return fold(self._list_unwritten(e164, programme))


def _add_detail(result: SendResult) -> SendResult:
    detail = f"{result.detail}; {_NOT_KEPT}" if result.detail else _NOT_KEPT
    return amend(result, detail=detail)
