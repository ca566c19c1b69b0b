"""Words of another ledger, each put among those of this one by the moment at which it was said."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from sumotext_backend.events import ConsentChange
from sumotext_backend.ledger.binding import list_apart
from sumotext_backend.ledger.consent import Word
from sumotext_backend.ledger.database import Batch, Database, Lock
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.settings import DEFAULT_PROGRAMME

Values = Mapping[str, Any]
"""The columns of one word; ``seq`` is among them where it is written here already."""
People = tuple[str, str]
"""The hashes of both ways to write one number, the same for either."""

_COLUMNS: Final = (
    "seq",
    "person",
    "programme",
    "word",
    "provider",
    "reason",
    "source",
    "note",
    "at",
    "number",
    "backend",
    "said_at",
    "apart",
)
_SAME: Final = ("person", "programme", "word", "provider", "reason", "source", "backend")
"""Two words that agree in these, and in their moments, are one. A note may have been forgotten."""
_NOES: Final = (Word.OPTED_OUT, Word.REFUSED)
_PAGE: Final = 1000


@attrs.frozen
class _Reader:
    """Reads the words on one person, what the number of the row says written down in each."""

    database: Database
    births: Mapping[str, int]
    is_empty: bool = attrs.field(default=False, kw_only=True)

    def read(self, people: People) -> list[Values]:
        """In their order. Raises `LedgerError`."""
        if self.is_empty:
            return []
        person, twin = people
        rows = self.database.read("list_consent_of_person", person=person, twin=twin)
        return [self._pin(dict(zip(_COLUMNS, row, strict=True))) for row in rows]

    def _pin(self, values: dict[str, Any]) -> Values:
        apart = list_apart(values["programme"], values["seq"], values["apart"], self.births)
        return values | {"apart": None if apart is None else json.dumps(apart)}


@attrs.frozen
class _Merged:
    """How many words are ``new``, and what is written for it: rows anew behind those taken out."""

    new: int
    taken_out: Sequence[Values]
    rows: Sequence[Values]


def merge_changes(ledger: Ledger, changes: Iterable[ConsentChange]) -> int:
    """Write down words of another ledger, all or none, as `list_consent` gives them there.

    What is known is left out, and each of the others takes its place by its moment ``at`` among
    the words on the same person. Nobody is told of them: they were when they were said. Returns how
    many were new; durable when this returns. Raises `LedgerError`, and `ValueError` for a word
    without a moment, or whose number was forgotten.
    """
    told = _group(ledger, changes)
    last = _find_last(ledger)
    reader = _Reader(ledger.database, ledger.read_births(), is_empty=not last)
    merged = {people: _merge(reader.read(people), words) for people, words in told.items()}
    if any(each.new for each in merged.values()):
        ledger.database.write_all(Lock.ALONE, _finish(ledger, told, merged, last))
    return sum(each.new for each in merged.values())


def _group(ledger: Ledger, changes: Iterable[ConsentChange]) -> dict[People, list[Values]]:
    found: dict[People, list[Values]] = {}
    for change in changes:
        if not change.number:
            raise ValueError("a word on a number that was forgotten cannot be moved; leave it out")
        if change.at is None:
            raise ValueError("a word without a moment is new; 'write_changes' takes it")
        person, twin = ledger.name_person(change.number).values()
        values = attrs.asdict(change, recurse=False)
        # Of a word to all others that does not say so, none was apart: then a no binds each.
        shared = change.programme == DEFAULT_PROGRAMME
        values["apart"] = json.dumps(change.apart or ()) if shared else None
        people = (min(person, twin), max(person, twin))
        found.setdefault(people, []).append({"person": person, **values})
    return found


def _find_last(ledger: Ledger) -> int:
    """The last row, which no one that is written from now on comes before."""
    with ledger.database.transact(Lock.ALONE) as run:
        [(last,)] = run("find_last_word")
    return int(last)


def _finish(
    ledger: Ledger, told: Mapping[People, list[Values]], merged: dict[People, _Merged], last: int
) -> Iterator[Batch]:
    """What is to be written, after another look at what others may have changed meanwhile.

    So nobody waits while the rest is read.
    """
    changed = set(_list_people_after(ledger, last))
    reader = _Reader(ledger.database, ledger.read_births())
    for people, words in told.items():
        if merged[people].taken_out or not changed.isdisjoint(people):
            merged[people] = _merge(reader.read(people), words)
    plans = merged.values()
    yield "remove_consent", [row for each in plans for row in each.taken_out]
    yield "add_moved_consent", [row for each in plans for row in each.rows]


def _list_people_after(ledger: Ledger, last: int) -> Iterator[str]:
    while rows := ledger.database.read("list_consent", after=last, limit=_PAGE):
        yield from (row[1] for row in rows)
        last = rows[-1][0]


def _merge(known: Sequence[Values], told: Sequence[Values]) -> _Merged:
    """What is to be written where both are words on one person, in their order."""
    new = _leave_out(known, told)
    # Both keep their own order, whatever a clock that was set back says.
    ordered = heapq.merge(known, new, key=_rank)
    tail = [*itertools.dropwhile(lambda each: "seq" in each, ordered)]
    return _Merged(len(new), [each for each in tail if "seq" in each], tail)


def _leave_out(known: Sequence[Values], told: Sequence[Values]) -> list[Values]:
    """Those of ``told`` that are not among ``known``; of what was said twice, two are."""
    left = Counter(map(_identify, known))
    new = []
    for each in told:
        identity = _identify(each)
        if left[identity] > 0:
            left[identity] -= 1
        else:
            new.append(each)
    return new


def _identify(values: Values) -> tuple[object, ...]:
    moments = (_round(values["at"]), _round(values["said_at"]))
    return (*(values[name] for name in _SAME), *moments)


def _round(moment: float | None) -> dt.datetime | None:
    """To microseconds, as which moments stand in a file."""
    return None if moment is None else dt.datetime.fromtimestamp(moment, dt.UTC)


def _rank(values: Values) -> tuple[float, bool]:
    """By the moment; of two words at one, the no is the last."""
    return values["at"], values["word"] in _NOES
