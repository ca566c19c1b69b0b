"""What providers told us: kept durably once, and told to hooks until all have heard."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from sumotext_backend.events import ConsentChange, Event, InboundMessage, OptOut
from sumotext_backend.keywords import add_consent
from sumotext_backend.ledger.database import LedgerError, Row, Run
from sumotext_backend.ledger.event_json import find_number, identify, read_event, write_event
from sumotext_backend.ledger.heeding import Belief, choose_lock, heed, read_number
from sumotext_backend.ledger.ledger import Ledger
from sumotext_backend.ledger.owner import has_ended, name_claim
from sumotext_backend.parts import join_parts

LEASE: Final = 300.0
"""Seconds after which another process may tell of an event that one is telling of."""
MAX_LISTED: Final = 1000


@attrs.frozen(kw_only=True)
class Kept:
    """One event in the ledger, without what it says."""

    seq: int
    alias: str
    kind: str
    state: str
    tries: int
    why: str
    owner: str = attrs.field(repr=False)
    lease_left: float = attrs.field(repr=False)
    created_at: float

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to hear of it, and nobody is telling."""
        broken = self.state == "TELLING" and has_ended(self.owner, self.lease_left)
        return self.state == "WAITING" or broken


@attrs.frozen(kw_only=True)
class Told:
    """One event that this process has the right to tell of; ``again`` where some may know it."""

    event: Event
    again: bool
    seq: int
    owner: str = attrs.field(repr=False)


def keep_events(
    ledger: Ledger,
    alias: str,
    events: Iterable[Event],
    believes: Belief,
    stop_words: Iterable[str] = (),
) -> list[int]:
    """Keep those of one callback's ``events`` that are new, with all that they mean.

    That is, in one transaction: reports, doubts that they settle, and consent, which an `OptIn`
    gives only where the caller ``believes`` it. ``stop_words`` are the owner's own, for a text
    that comes in parts. Returns the numbers of the rows to tell of.
    Durable when this returns. Raises `LedgerError`.
    """
    changes: list[ConsentChange] = []
    told = list(events)
    with ledger.database.transact(choose_lock(told)) as run:
        keeper = _Keeper(ledger, run, alias, tuple(stop_words))
        for place, (own, event) in enumerate(identify(told), 1):
            identity = own and ledger.hasher.hash_content("", own)
            for each in keeper.keep(identity, event):
                changes += heed(ledger, run, each, believes, _find_no(told[place : place + 1]))
    ledger.tell_all(changes)
    return keeper.fresh


def _find_no(events: Sequence[Event]) -> OptOut | None:
    return next((each for each in events if isinstance(each, OptOut)), None)


@attrs.frozen
class _Keeper:
    """Writes events of one callback down; ``fresh`` are the rows to tell of."""

    ledger: Ledger
    run: Run
    alias: str
    stop_words: tuple[str, ...]
    fresh: list[int] = attrs.field(init=False, factory=list)

    def keep(self, identity: str | None, event: Event) -> Iterator[Event]:
        """Write ``event`` down; yields it, or all that it completes, where it is new."""
        whole = _name_whole(self.ledger, event)
        rows = self.run(
            "add_inbound",
            alias=self.alias,
            identity=identity or os.urandom(16).hex(),
            kind=type(event).__name__,
            person=_hash_person(self.ledger, event),
            whole=whole,
            event=write_event(event),
            state="PART" if whole else "WAITING",
        )
        if rows and not whole:
            self.fresh.append(rows[0][0])
            yield event
        elif rows:
            yield from self._keep_joined(whole)

    def _keep_joined(self, whole: str) -> Iterator[Event]:
        """The whole text, where its last part has come, and what it says of consent."""
        stored = [row[0] for row in self.run("list_parts", whole=whole)]
        parts = [_read("InboundMessage", each) for each in stored]
        text = join_parts(each for each in parts if isinstance(each, InboundMessage))
        if text is None:
            return
        for each in add_consent([text], self.stop_words):
            # A handset counts its long texts from 0 to 255, and then anew.
            named = f"{text.provider_id}\n{type(each).__name__}\n{text.text}"
            yield from self.keep(self.ledger.hasher.hash_content(whole, named), each)
        self.run("end_parts", whole=whole)


def _name_whole(ledger: Ledger, event: Event) -> str:
    if not isinstance(event, InboundMessage) or event.part is None:
        return ""
    named = f"{event.alias}\n{event.recipient}\n{event.part.reference}\n{event.part.count}"
    return ledger.hasher.hash_content(event.sender, named)


def _hash_person(ledger: Ledger, event: Event) -> str:
    number = read_number(ledger, find_number(event))
    return ledger.hasher.hash_number(number) if number else ""


def claim_event(ledger: Ledger, seq: int, state: str = "WAITING", before: str = "") -> Told | None:
    """The right to tell of row ``seq``; None where another process took it, or all have heard.

    ``state`` and ``before``, the owner, are what the row was found with.

    Raises `LedgerError`.
    """
    owner = name_claim()
    with ledger.database.transact() as run:
        rows = run(
            "claim_inbound",
            seq=seq,
            state=state,
            before=before,
            owner=owner,
            lease=LEASE,
        )
        if not rows:
            return None
        stored, kind, tries = rows[0]
        return Told(event=_read(kind, stored), again=tries > 1, seq=seq, owner=owner)


def _read(kind: str, stored: str) -> Event:
    try:
        return read_event(kind, stored)
    except (KeyError, TypeError, ValueError):
        pass
    raise LedgerError("it was written by another version, which alone can read it")


def end_event(ledger: Ledger, told: Told, why: str = "") -> None:
    """Write down that all heard of ``told``, or ``why`` it is to be told again.

    Raises `LedgerError`.
    """
    state = "WAITING" if why else "DONE"
    with ledger.database.transact() as run:
        run("end_inbound", seq=told.seq, owner=told.owner, state=state, why=why)


def list_open(ledger: Ledger) -> Iterator[Kept]:
    """The events that are still to be told of, the oldest first. Raises `LedgerError`."""
    after = 0
    while rows := ledger.database.read("list_open_inbound", after=after, limit=MAX_LISTED):
        kept = [_make(row) for row in rows]
        yield from (each for each in kept if each.is_open)
        after = kept[-1].seq


def list_events(ledger: Ledger) -> tuple[Kept, ...]:
    """The youngest `MAX_LISTED` events, in any state, the youngest first. Raises `LedgerError`."""
    return tuple(map(_make, ledger.database.read("list_inbound", limit=MAX_LISTED)))


def _make(row: Row) -> Kept:
    seq, alias, kind, state, tries, why, owner, lease_left, created_at = row
    return Kept(
        seq=seq,
        alias=alias,
        kind=kind,
        state=state,
        tries=tries,
        why=why,
        owner=owner,
        lease_left=lease_left,
        created_at=created_at,
    )
