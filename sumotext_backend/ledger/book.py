"""`Book`: consent in a ledger, read before each text and written after what changes it."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from sumotext_backend.events import ConsentChange
from sumotext_backend.ledger.binding import Entry, Plan, make_entry
from sumotext_backend.ledger.changes import write_changes
from sumotext_backend.ledger.consent import NOTHING_KNOWN, Consent, Source, Word, learn
from sumotext_backend.ledger.database import LedgerError
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.models import Outcome, Reason, SendResult, Verdict, amend
from sumotext_backend.numbering import find_twin

log: Final = logging.getLogger("sumotext_backend.ledger")

_NEEDED: Final[set[Ledger]] = set()
"""Ledgers with something to write, which are kept though their last sender may be gone."""
_NOT_KEPT: Final = "the refusal could not be written down, and binds this process alone"


Programmes = tuple[str, ...]
"""Those whose words bind a provider; its own words are of the first."""

Find = Callable[[], Ledger | None]
"""Finds the ledger to read; None where nothing was ever written."""


def look_once(ledger: Ledger) -> Find:
    """Finds what `Ledger.view` does; a server that does not answer is waited for once."""

    @functools.cache
    def look() -> Ledger | LedgerError | None:
        try:
            return ledger.view()
        except LedgerError as error:
            return error

    def find() -> Ledger | None:
        found = look()
        if isinstance(found, LedgerError):
            raise found
        return found

    return find


@attrs.frozen(eq=False)
class Book:
    """Consent of the people that one configuration texts.

    What the store would not take is kept in this process, so that a no is not lost at once, and
    is written down before consent is read again.
    """

    ledger: Ledger

    def consult(self, e164: str, programmes: Programmes) -> Consent | Verdict:
        """What is known of the number in ``programmes``, or why nothing can be."""
        if self.ledger.unwritten:
            self._write_late()
        return self._read(self.ledger, e164, programmes)

    def recall(
        self, e164: str, programmes: Programmes, find: Find | None = None
    ) -> Consent | Verdict:
        """As `consult`, and neither makes nor changes anything in the store.

        ``find`` stands for `Ledger.view`.
        """
        try:
            view = find() if find else self.ledger.view()
        except LedgerError as error:
            return self._answer_unread(str(error), e164, programmes)
        if view is None:
            return self._weigh(self._list_unwritten(e164), programmes)
        return self._read(view, e164, programmes)

    def _read(self, store: Ledger, e164: str, programmes: Programmes) -> Consent | Verdict:
        """As ``store``, this ledger or a view of it, and what was not written say together."""
        # Before the store: what another thread writes down meanwhile is read twice, and not never.
        waiting = self._list_unwritten(e164) if self.ledger.unwritten else []
        try:
            stored = store.read_consent(e164)
            if not stored and not waiting:
                return NOTHING_KNOWN
            return store.plan.weigh([*stored, *waiting], programmes)
        except LedgerError as error:
            return self._answer_unread(str(error), e164, programmes)

    def _weigh(self, rows: Sequence[Entry], programmes: Programmes) -> Consent:
        """What ``rows`` say where the store cannot be asked since when there are programmes."""
        return Plan(self.ledger.settings, {}).weigh(rows, programmes)

    def keep(
        self, e164: str, provider: str, programme: str, known: Consent, result: SendResult
    ) -> SendResult:
        """``result``, after what it says of consent to ``programme`` was written down.

        ``known`` is what held when it was asked: a word that came meanwhile may have lifted it.
        """
        if result.outcome is Outcome.REJECTED:
            now = self._read(self.ledger, e164, (programme,))
            known = NOTHING_KNOWN if isinstance(now, Verdict) else now
        elif known is NOTHING_KNOWN:
            return result  # there is no refusal that it could lift
        word = learn(known, provider, result)
        if word is None:
            return result
        change = ConsentChange(
            number=e164,
            word=word,
            programme=programme,
            provider=provider,
            backend=result.backend,
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
        self.ledger.unwritten.append(change)
        _NEEDED.add(self.ledger)
        log.error("provider %r: %s", change.provider, _NOT_KEPT)
        return False

    def _write_late(self) -> None:
        """Write down what the store would not take, in its order, as far as it does now."""
        for waiting in tuple(self.ledger.unwritten):
            try:
                write_changes(self.ledger, [waiting])
            except LedgerError:
                return
            with contextlib.suppress(ValueError):  # two threads may write it: that says it twice
                self.ledger.unwritten.remove(waiting)
        _NEEDED.discard(self.ledger)

    def _list_unwritten(self, e164: str) -> list[Entry]:
        return [
            make_entry(each)
            for each in tuple(self.ledger.unwritten)
            if each.number in (e164, find_twin(e164))
        ]

    def _answer_unread(self, wrong: str, e164: str, programmes: Programmes) -> Consent | Verdict:
        if self.ledger.settings.on_unread == "send_nothing":
            return Verdict(reason=Reason.UNAVAILABLE, detail=f"{wrong}; nothing was sent")
        log.warning("consent was not read before a text, as configured: %s", wrong)
        return self._weigh(self._list_unwritten(e164), programmes)


def _add_detail(result: SendResult) -> SendResult:
    detail = f"{result.detail}; {_NOT_KEPT}" if result.detail else _NOT_KEPT
    return amend(result, detail=detail)
