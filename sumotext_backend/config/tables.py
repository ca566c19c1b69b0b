"""The tables of settings beside the providers: ``[health]``, ``[ledger]`` and others.

Each is declared beside what it is about, and that one declaration is behind what is built,
checked, shown and described.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar

import attrs

from sumotext_backend.config.builder import Builder
from sumotext_backend.config.find import find_or_empty
from sumotext_backend.config.model import Configuration, Place, Table
from sumotext_backend.config.resolve import resolve_settings
from sumotext_backend.events import ConsentChange
from sumotext_backend.inbound import InboundTable
from sumotext_backend.ledger import (
    ConsentOptions,
    Ledger,
    LedgerOptions,
    PostgresDatabase,
    Settings,
    SqliteDatabase,
    share_ledger,
)
from sumotext_backend.numbering import DEFAULT_REGION
from sumotext_backend.places import Places
from sumotext_backend.plugins import load_installed
from sumotext_backend.routing import HealthSettings

T = TypeVar("T")

TABLES: Final[Mapping[str, type]] = {
    "health": HealthSettings,
    "ledger": LedgerOptions,
    "consent": ConsentOptions,
    "inbound": InboundTable,
}


def resolve_tables(configuration: Configuration, places: Places) -> list[Table]:
    """All of them in their order, as tables of values, with what is wrong where it is."""
    return [resolve_table(name, configuration, places) for name in TABLES]


def resolve_table(name: str, configuration: Configuration, places: Places) -> Table:
    """One of them, as a table of values."""
    entry = configuration.tables[name]
    place = Place(name, entry.origin.table.format(name), entry.origin)
    return resolve_settings(TABLES[name], entry, place, places)


def read_table(cls: type[T], configuration: Configuration, places: Places) -> T:
    """The options of the table that ``cls`` declares. Raises `ConfigurationError`."""
    [name] = [name for name, each in TABLES.items() if each is cls]
    made: T = Builder(lambda: None).build(resolve_table(name, configuration, places))
    return made


def read_health_settings(
    configuration: Configuration, places: Places | None = None
) -> HealthSettings:
    """How health is kept, with the whole path of its file. Raises `ConfigurationError`."""
    around = places or Places.here()
    settings = read_table(HealthSettings, configuration, around)
    path = _expand("health", settings.path, configuration, around)
    return attrs.evolve(settings, path=path)


def read_ledger_settings(configuration: Configuration, places: Places | None = None) -> Settings:
    """What is decided of the ledger, with the whole path of its file unless it has a URL.

    Raises `ConfigurationError`.
    """
    around = places or Places.here()
    options = read_table(LedgerOptions, configuration, around)
    path = None if options.url else _expand("ledger", options.path, configuration, around)
    consent = read_table(ConsentOptions, configuration, around)
    own = {"path": path, "region": configuration.region or DEFAULT_REGION}
    return Settings(**{**vars(options), **vars(consent), **own})


def _expand(name: str, path: Path | None, configuration: Configuration, places: Places) -> Path:
    if path is None:
        return (places.state_dir() / f"{name}.sqlite3").absolute()
    return places.expand(str(path), configuration.tables[name].origin.folder).absolute()


def tell_plugins(change: ConsentChange) -> None:
    """Tell the installed plugins of a change of consent."""
    load_installed().tell_consent(change)


def open_ledger(
    configuration: Configuration | None = None,
    places: Places | None = None,
    tell: Callable[[ConsentChange], None] = tell_plugins,
) -> Ledger:
    """The ledger of ``configuration``, the same one for all its senders in this process.

    Without ``configuration`` it is that of the one that is found, or else the user's own. ``tell``
    hears of changes of consent. Nothing is opened before it is used.
    Raises `ConfigurationError` for a wrong setting, or a missing extra.
    """
    around = places or Places.here()
    settings = read_ledger_settings(configuration or find_or_empty(around), around)
    url, path = settings.url, settings.path or Path()

    def make() -> PostgresDatabase | SqliteDatabase:
        return PostgresDatabase(url) if url else SqliteDatabase(path)

    return share_ledger(url or str(path), make, settings, tell)
