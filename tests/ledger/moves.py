"""Histories of one person, and every question about them that a ledger answers."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from hypothesis import strategies as st

from sumotext_backend import ConsentChange, OptIn, OptOut
from sumotext_backend.ledger import Ledger, Settings, opt_in, opt_out, show_consent, write_changes
from sumotext_backend.ledger.consent import Word, decide
from sumotext_backend.ledger.database import Database
from sumotext_backend.ledger.heeding import choose_lock, heed
from sumotext_backend.render.imports import Import, import_consent
from sumotext_backend.render.ledger import export_consent

ALIASES: Final = ("a", "b")
BACKENDS: Final = ("twilio", "vonage")
REASONS: Final = ("NOT_OPTED_IN", "NOT_SUBSCRIBED", "REFUSED")
Programmes = Mapping[str, tuple[str, ...]]
Step = tuple[Any, ...]
Fields = dict[str, str]

numbers: Final = map("+1501{}".format, itertools.count(3_000_000))
_whens: Final = st.sampled_from([None, 0, 1, 2, 3])
_names: Final = st.sampled_from(["", "default", "offers", "alerts"])
steps: Final = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.booleans(), _names),
        st.tuples(st.just("refuse"), *map(st.sampled_from, (ALIASES, BACKENDS, REASONS))),
        st.tuples(st.just("accept"), st.sampled_from(ALIASES)),
        st.tuples(st.just("hear"), st.booleans(), st.sampled_from(ALIASES), _whens),
        st.tuples(st.just("configure"), st.integers(0, 3)),
    ),
    max_size=8,
)
words: Final = st.fixed_dictionaries(
    {
        "word": st.sampled_from(Word),
        "provider": st.sampled_from(ALIASES),
        "backend": st.sampled_from(BACKENDS),
        "reason": st.sampled_from(REASONS),
        "programme": st.sampled_from(["default", "gone"]),
    }
)


class Life:
    """One person and the owner's programmes, which no other life has to do with."""

    def __init__(self, database: Database) -> None:
        """Begin without a programme."""
        self.number = next(numbers)
        self.ledger = Ledger(database)
        self.began = time.time()

    def name(self, programme: str) -> str:
        """The name of a programme in this life."""
        return programme and (programme if programme == "default" else programme + self.number[5:])

    def list_settings(self) -> Iterator[Settings]:
        """What an owner may configure: no programme, one, the other, or both."""
        offers, alerts = {self.name("offers"): ("a",)}, {self.name("alerts"): ("b",)}
        for programmes in ({}, offers, alerts, offers | alerts):
            yield Settings(programmes=programmes)

    def live(self, history: Iterable[Step]) -> None:
        """Let all of it happen."""
        for kind, *rest in history:
            getattr(self, kind)(*rest)

    def say(self, yes: bool, programme: str) -> None:
        """By hand; a programme that is not there is not said anything."""
        name = self.name(programme)
        if not name or name in self.ledger.settings.all_programmes:
            (opt_in if yes else opt_out)(self.ledger, self.number, programme=name)

    def refuse(self, alias: str, backend: str, reason: str) -> None:
        """A provider says no."""
        self._write(Word.REFUSED, alias, backend=backend, reason=reason)

    def accept(self, alias: str) -> None:
        """A provider that refused takes a text."""
        self._write(Word.ACCEPTED, alias)

    def _write(self, word: Word, alias: str, **fields: str) -> None:
        programme = self.ledger.settings.programme_of(alias)
        fields |= {"word": word, "provider": alias, "programme": programme, "source": "send"}
        write_changes(self.ledger, [ConsentChange(number=self.number, **fields)])

    def hear(self, yes: bool, alias: str, when: int | None) -> None:
        """A text comes in, so many quarters of an hour late."""
        hear(self.ledger, self.number, alias, self.tell_moment(when), yes=yes)

    def tell_moment(self, when: int | None) -> dt.datetime | None:
        """Which moment a step means."""
        there = dt.datetime.fromtimestamp(self.began, dt.UTC)
        return None if when is None else there - dt.timedelta(minutes=15 * when)

    def configure(self, which: int) -> None:
        """The owner changes the programmes and starts the program anew."""
        self.ledger = Ledger(self.ledger.database, [*self.list_settings()][which])
        assert self.ledger.hasher


def hear(ledger: Ledger, number: str, alias: str, at: dt.datetime | None, *, yes: bool) -> None:
    """Heed a START or a STOP as the receiver does."""
    event = (OptIn if yes else OptOut)(alias=alias, number=number, source="TEXT", at=at)
    with ledger.database.transact(choose_lock([event])) as run:
        list(heed(ledger, run, event, lambda _: True))


def answer(ledger: Ledger, number: str) -> list[Any]:
    """What holds for a person, and why each provider would not be asked."""
    found: list[Any] = [show_consent(ledger, number)]
    rows = ledger.read_consent(number)
    all_programmes = ledger.settings.all_programmes
    for alias, backend in itertools.product(ALIASES, BACKENDS):
        for programmes in ((ledger.settings.programme_of(alias),), all_programmes):
            known = ledger.plan.weigh(rows, programmes)
            found += [decide(known, alias, backend, exempt) for exempt in ({}, _EXEMPT)]
    return found


_EXEMPT: Final = dict.fromkeys(ALIASES, ("NOT_SUBSCRIBED",))


def question(life: Life, database: Database) -> Iterator[list[Any]]:
    """Every answer in turn: of each configuration, and after a START that comes late."""
    for settings in life.list_settings():
        yield answer(Ledger(database, settings), life.number)
    for alias in ALIASES:
        ledger = Ledger(database, settings)
        # Between two of the moments at which something may have been said.
        late = dt.datetime.fromtimestamp(life.began - 30 * 60 + 60, dt.UTC)
        hear(ledger, life.number, alias, late, yes=True)
        yield answer(ledger, life.number)


def export(ledger: Ledger) -> list[str]:
    """The lines of ``consent export --show-numbers``."""
    return [json.dumps(fields) + "\n" for fields in export_consent(ledger, numbers=True)]


def bring(ledger: Ledger, lines: Iterable[str], **how: Any) -> Any:
    """What ``consent import`` prints for programs."""
    return import_consent(ledger, lines, Import(**how)).fields


def change_lines(lines: Iterable[str], change: Callable[[dict[str, Any]], object]) -> list[str]:
    """``lines`` after something was done to the object in each."""
    objects = [json.loads(line) for line in lines]
    for each in objects:
        change(each)
    return [json.dumps(each) + "\n" for each in objects]
