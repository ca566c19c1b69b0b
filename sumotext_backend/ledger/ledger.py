"""`Ledger`: one store of what is remembered, opened when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

import attrs

from sumotext_backend.events import ConsentChange
from sumotext_backend.ledger.database import Database
from sumotext_backend.ledger.people import Hasher

Record = Literal["needed", "all", "off"]
DEFAULT_PROGRAMME: Final = "default"


@attrs.frozen
class Settings:
    """What the owner decides.

    ``record`` says which sends become rows: keyed ones, refusals and doubts (``needed``), all, or
    none (``off``: keys are refused, and consent lives in the process alone). ``lease`` is how
    many seconds one keyed send may take before another process may call it broken off.
    ``programmes`` maps an alias to the programme whose consent binds it. ``send_unread`` sends
    although consent cannot be read. ``keep_texts`` (of doubts: other texts are gone when their
    send ends) and ``keep_rows`` are in days from the end of a send: see `purge`.
    """

    record: Record = "needed"
    lease: float = 120.0
    programmes: Mapping[str, str] = attrs.field(factory=dict)
    send_unread: bool = False
    keep_texts: float = 30.0
    keep_rows: float = 365.0

    @property
    def all_programmes(self) -> tuple[str, ...]:
        """Every programme that there is, the one of providers without another first."""
        return tuple(dict.fromkeys((DEFAULT_PROGRAMME, *self.programmes.values())))

    def programme_of(self, provider: str) -> str:
        """The programme that the provider of that alias sends for."""
        return self.programmes.get(provider, DEFAULT_PROGRAMME)


@attrs.define(eq=False)
class Ledger:
    """A database whose schema is up to date, and the secret that hides numbers in it.

    Nothing is opened before the first use. Usable from several threads and after a fork.
    ``tell`` hears of every change of consent once it is durable.
    """

    _database: Database = attrs.field(repr=False)
    settings: Settings = attrs.field(factory=Settings)
    tell: Callable[[ConsentChange], None] | None = attrs.field(default=None, repr=False)
    _hasher: Hasher | None = attrs.field(init=False, default=None, repr=False)

    @property
    def database(self) -> Database:
        """The database, upgraded. Raises `LedgerError` where it cannot be used."""
        self._open()
        return self._database

    @property
    def hasher(self) -> Hasher:
        """What numbers and texts are hashed with. Raises `LedgerError`."""
        return self._open()

    def describe(self) -> dict[str, str | int]:
        """What the database is, for people. A file that is not there is not made.

        Raises `LedgerError`.
        """
        return self._database.describe()

    def close(self) -> None:
        """Close connections; a later use opens anew."""
        self._database.close()

    def _open(self) -> Hasher:
        # No lock: two threads that meet here do the same harmless thing twice.
        if self._hasher is None:
            self._database.upgrade()
            [(secret,)] = self._database.read("find_meta", name="secret")
            self._hasher = Hasher(bytes.fromhex(secret))
        return self._hasher
