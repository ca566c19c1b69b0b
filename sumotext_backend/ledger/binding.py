"""Which words bind a programme: its own, and those that were said before it was one; pure.

Programmes are an owner's words, and a configuration may name them otherwise tomorrow. A no is
never lifted by that.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import attrs

from sumotext_backend.events import ConsentChange
from sumotext_backend.ledger.consent import NOTHING_KNOWN, Consent, Word, fold, join
from sumotext_backend.ledger.settings import DEFAULT_PROGRAMME, Settings

Entry = tuple[str, str, str, str, str, str, str | None, float]
"""Word, provider, reason, source, backend, programme, what is written down of which programmes were
apart, and the number of the row."""

_PROGRAMME: Final = 5
_LIFTS: Final = (Word.OPTED_IN, Word.ACCEPTED)


def make_entry(change: ConsentChange) -> Entry:
    """``change``, which is not written yet, as the ledger will give it back: it is the youngest."""
    return (
        change.word,
        change.provider,
        change.reason,
        change.source,
        change.backend,
        change.programme,
        None,
        math.inf,
    )


def list_apart(
    programme: str, number: float, apart: str | None, births: Mapping[str, int]
) -> tuple[str, ...] | None:
    """The programmes to which a word to all others was not said; None for one to ``programme``.

    ``apart`` is JSON; where it is None, the ``number`` of the row and the ``births`` tell.
    """
    if programme != DEFAULT_PROGRAMME:
        return None
    if apart is not None:
        return tuple(json.loads(apart))
    return tuple(name for name, last in births.items() if last < number)


@attrs.frozen
class Plan:
    """The programmes of one configuration.

    ``births`` says what the last row was when each, but for the one of all others, was first asked
    for; one that is not in it is new.
    """

    settings: Settings
    births: Mapping[str, int]

    def weigh(self, rows: Sequence[Entry], programmes: Collection[str]) -> Consent:
        """What ``rows`` of one person, oldest first, say together to all of ``programmes``."""
        return join([self._weigh(rows, each) for each in programmes]) if rows else NOTHING_KNOWN

    def list_consent(self, rows: Sequence[Entry]) -> Iterator[tuple[str, Consent]]:
        """What ``rows`` of one person say to each programme, those left out to which it is nothing.

        One that is not configured any more is among them.
        """
        said = [row[_PROGRAMME] for row in rows]
        for each in dict.fromkeys((*said, *self.settings.all_programmes)):
            found = self._weigh(rows, each)
            if each in said or found.opted_out or found.refused_by:
                yield each, found

    def _weigh(self, rows: Sequence[Entry], programme: str) -> Consent:
        others = dict.fromkeys(row[_PROGRAMME] for row in rows)
        others.pop(programme, None)
        own = fold(row[:5] for row in rows if row[_PROGRAMME] == programme)
        return join([own, *(self._weigh_other(rows, programme, other) for other in others)])

    def _weigh_other(self, rows: Sequence[Entry], programme: str, other: str) -> Consent:
        """What was said to the programme ``other``, and binds ``programme``, until it lifts it."""
        return fold(
            row[:5]
            for row in rows
            if (row[_PROGRAMME] == other and self.binds(row, programme))
            or (row[_PROGRAMME] == programme and row[0] in _LIFTS)
        )

    def binds(self, row: Entry, programme: str) -> bool:
        """Whether ``row``, of any programme, binds ``programme``."""
        _, provider, _, _, _, other, apart, number = row
        if other == programme:
            return True
        if other not in self.settings.all_programmes:
            return True  # it is called otherwise today, and nobody knows how
        if provider and provider in self.settings.programmes.get(programme, ()):
            return True  # the provider has moved, and the person said it to that one
        # Once all providers shared one, and this programme came out of it.
        apart_then = list_apart(other, number, apart, self.births)
        return apart_then is not None and programme not in apart_then
