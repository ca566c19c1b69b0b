"""The tables ``[ledger]`` and ``[consent]``: which ledger a configuration's senders share."""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from sumotext_backend.config.model import Configuration
from sumotext_backend.config.places import Places
from sumotext_backend.config.tables import ConsentTable, LedgerTable, expand_path, read_table
from sumotext_backend.events import ConsentChange

if TYPE_CHECKING:
    from sumotext_backend.ledger import Ledger, Settings
    from sumotext_backend.ledger.database import Database

log: Final = logging.getLogger("sumotext_backend.ledger")

FILE: Final = "ledger.sqlite3"
OFF: Final = (
    "the ledger is off ([ledger] record): keys are refused, and who said no is known to this "
    "process alone"
)

_made: Final[WeakValueDictionary[object, Ledger]] = WeakValueDictionary()
_off: Final[dict[object, Ledger]] = {}
"""Those of ``record = "off"``, kept until the process ends: nothing else keeps what they know."""

Tell = Callable[[ConsentChange], None]


def ledger_of(configuration: Configuration, places: Places, tell: Tell | None = None) -> Ledger:
    """The ledger of ``configuration``, the same one for all its senders in this process.

    ``tell`` hears of changes of consent in place of the installed plugins. Nothing is opened.
    Raises `ConfigurationError` for a wrong setting, or a missing extra.
    """
    from sumotext_backend.ledger import PostgresDatabase, SqliteDatabase

    table, settings = read_settings(configuration, places)
    path = expand_path("ledger", table.path, FILE, configuration, places)

    def make() -> Database:
        return PostgresDatabase(table.url) if table.url else SqliteDatabase(path)

    return share(table.url or str(path), make, settings, tell)


def share(
    place: str, make: Callable[[], Database], settings: Settings, tell: Tell | None = None
) -> Ledger:
    """The ledger of this process at ``place``, a name of its database; ``make`` makes that."""
    from sumotext_backend.ledger import Ledger, MemoryDatabase

    off = settings.record == "off"
    known: MutableMapping[object, Ledger] = _off if off else _made
    key = ("" if off else place, repr(settings), tell)
    found = known.get(key)
    if found is not None:
        return found
    if off:
        log.warning(OFF)
    return known.setdefault(
        key, Ledger(MemoryDatabase() if off else make(), settings, tell or tell_plugins)
    )


def read_settings(configuration: Configuration, places: Places) -> tuple[LedgerTable, Settings]:
    """The table of the ledger, and its settings. Raises `ConfigurationError`."""
    table = read_table(LedgerTable, configuration, places)
    return table, make_settings(table, read_table(ConsentTable, configuration, places))


def make_settings(table: LedgerTable, consent: ConsentTable) -> Settings:
    """The settings of a ledger that the two tables ask for."""
    from sumotext_backend.ledger import Settings

    programmes = {
        alias: programme for programme, aliases in consent.programmes.items() for alias in aliases
    }
    return Settings(
        record=table.record,
        lease=table.lease,
        programmes=programmes,
        send_unread=consent.on_unread == "may_text_who_said_no",
        keep_texts=table.keep_texts,
        keep_rows=table.keep_rows,
    )


def tell_plugins(change: ConsentChange) -> None:
    """Tell the installed plugins of a change of consent."""
    from sumotext_backend.plugins import load_installed

    load_installed().tell_consent(change)
