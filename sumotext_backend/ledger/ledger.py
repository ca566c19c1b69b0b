"""`Ledger`: one store of what is remembered, opened when it is first needed."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Final

import attrs

from sumotext_backend.events import ConsentChange
from sumotext_backend.ledger.binding import Plan
from sumotext_backend.ledger.database import Database, Lock, Row
from sumotext_backend.ledger.people import Hasher
from sumotext_backend.ledger.settings import Settings
from sumotext_backend.numbering import find_twin

log: Final = logging.getLogger("sumotext_backend.ledger")


@attrs.define(eq=False)
class Ledger:
    """A database whose schema is up to date, and the secret that hides numbers in it.

    Nothing is opened before the first use. Usable from several threads and after a fork.
    ``tell`` hears of every change of consent once it is durable.
    """

    _database: Database = attrs.field(repr=False)
    settings: Settings = attrs.field(factory=Settings)
    tell: Callable[[ConsentChange], None] | None = attrs.field(default=None, repr=False)
    _hasher: Hasher | None = attrs.field(default=None, repr=False, kw_only=True)
    _births: Mapping[str, int] = attrs.field(factory=dict, repr=False, kw_only=True)
    """Since when each programme is kept apart."""
    unwritten: deque[ConsentChange] = attrs.field(factory=deque, repr=False, kw_only=True)
    """What the store would not take: it binds all senders of this process until it is written."""

    @property
    def database(self) -> Database:
        """The database, upgraded. Raises `LedgerError` where it cannot be used."""
        if self._hasher is None:
            self._open()
        return self._database

    @property
    def hasher(self) -> Hasher:
        """What numbers and texts are hashed with. Raises `LedgerError`."""
        return self._hasher or self._open()

    @property
    def plan(self) -> Plan:
        """The programmes, and since when there are some. Raises `LedgerError`."""
        if self._hasher is None:
            self._open()
        return Plan(self.settings, self._births)

    def read_consent(self, e164: str) -> list[Row]:
        """The rows of one person, oldest first, as `Plan` takes them. Raises `LedgerError`."""
        found = self._database.read("find_consent", **self.name_person(e164))
        return sorted(found, key=itemgetter(-1)) if found else found

    def read_births(self) -> Mapping[str, int]:
        """The last row before each programme was kept apart. Raises `LedgerError`."""
        if self._hasher is None:
            self._open()
        return self._read_births()

    def name_person(self, e164: str) -> dict[str, str]:
        """Whose words count for the number: the hashes of both ways to write it."""
        hash_number = (self._hasher or self._open()).hash_number
        person, twin = hash_number(e164), find_twin(e164)
        return {"person": person, "twin": person if twin == e164 else hash_number(twin)}

    def list_programmes(self) -> tuple[str, ...]:
        """The programmes that any who share the database ever had. Raises `LedgerError`."""
        return tuple(name for name, _ in self.database.read("list_programmes"))

    def view(self) -> Ledger | None:
        """This ledger for reading alone; None where nothing was ever written to it.

        Nothing is made or upgraded. Raises `LedgerError`.
        """
        if self._hasher is not None:
            return self
        if not self._database.exists():
            return None
        return Ledger(
            self._database, self.settings, hasher=self._read_secret(), births=self._read_births()
        )

    def tell_all(self, changes: Iterable[ConsentChange]) -> None:
        """Tell of ``changes``, which are durable. Raises nothing that who hears of them does."""
        for change in changes if self.tell else ():
            self._tell(change)

    def _tell(self, change: ConsentChange) -> None:
        try:
            if self.tell:
                self.tell(change)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a text may be out, and its result is owed
            log.error("who hears of consent raised %s", type(error).__name__)  # noqa: TRY400

    def describe(self) -> dict[str, str | int]:
        """What the database is, for people. A file that is not there is not made.

        Raises `LedgerError`.
        """
        return self._database.describe()

    def __reduce__(self) -> tuple[Callable[..., Ledger], tuple[object, ...]]:
        """Pickle and copy without the secret, which is read anew."""
        return _reopen, (self._database, self.settings, self.tell, tuple(self.unwritten))

    def close(self) -> None:
        """Close connections; a later use opens anew."""
        self._database.close()

    def _open(self) -> Hasher:
        # No lock: two threads that meet here do the same harmless thing twice.
        self._database.upgrade()
        self._births = self._keep_births()
        self._hasher = self._read_secret()
        return self._hasher

    def _keep_births(self) -> Mapping[str, int]:
        """Since when each programme is kept apart; of a new one, from now on."""
        known = self._read_births()
        new = [name for name in self.settings.programmes if name not in known]
        if not new:
            return known
        # A word that is being written down to all programmes is one from before.
        with self._database.transact(Lock.ALONE) as run:
            for name in new:
                run("add_programme", programme=name)
        return self._read_births()

    def _read_births(self) -> Mapping[str, int]:
        return {name: int(last) for name, last in self._database.read("list_programmes")}

    def _read_secret(self) -> Hasher:
        [(secret,)] = self._database.read("find_meta", name="secret")
        return Hasher(bytes.fromhex(secret))


def _reopen(
    database: Database,
    settings: Settings,
    tell: Callable[[ConsentChange], None] | None,
    unwritten: tuple[ConsentChange, ...],
) -> Ledger:
    ledger = Ledger(database, settings, tell)
    ledger.unwritten.extend(unwritten)
    return ledger
