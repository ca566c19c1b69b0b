"""The table ``[health]``: where the circuits of providers are kept, and when they open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sumotext_backend.config.model import Configuration
from sumotext_backend.config.places import Places
from sumotext_backend.config.tables import HealthTable, expand_path, read_table
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.options import quote_name

if TYPE_CHECKING:
    from sumotext_backend.routing import Circuit, Health, Rules, SqliteStore

T = TypeVar("T")

FILE = "health.sqlite3"


def settings_of(configuration: Configuration, places: Places) -> HealthTable:
    """The settings as options. Raises `ConfigurationError`."""
    return read_table(HealthTable, configuration, places)


def file_of(configuration: Configuration, places: Places) -> Path:
    """The file in which shared health is kept, whether it exists or not."""
    path = settings_of(configuration, places).path
    return expand_path("health", path, FILE, configuration, places)


def health_of(configuration: Configuration, places: Places) -> Health | None:
    """The health that the providers of ``configuration`` share; None where it is off.

    Nothing is opened. Raises `ConfigurationError` for a wrong setting.
    """
    from sumotext_backend.routing import Health, MemoryStore, SqliteStore

    settings = settings_of(configuration, places)
    if settings.state == "off":
        return None
    shared = settings.state == "shared"
    store = SqliteStore(file_of(configuration, places)) if shared else MemoryStore()
    return Health(store, rules_of(settings))


def rules_of(settings: HealthTable) -> Rules:
    """When circuits open by these settings, and for how long."""
    from sumotext_backend.routing import Rules

    return Rules(failures=settings.failures, cooldown=settings.cooldown)


def read_circuits(configuration: Configuration, places: Places) -> dict[str, Circuit]:
    """What is kept of each provider, by its key, sorted; nothing where health is not shared.

    A file that is not there is not made. Raises `ConfigurationError` for one that cannot be used.
    """
    path = file_of(configuration, places)
    there = path.exists() or path.is_symlink()  # to nowhere: it cannot be used
    if settings_of(configuration, places).state != "shared" or not there:
        return {}
    return dict(sorted(_use(path, lambda store: store.read()).items()))


def forget_failures(configuration: Configuration, places: Places, name: str) -> bool:
    """Let texts go to the provider ``name`` again; False where there were no failures to forget.

    Raises `LookupError` where nobody has that name, `ConfigurationError` for a file that cannot
    be used.
    """
    from sumotext_backend.routing.health import alias_of

    keys = [*read_circuits(configuration, places)]
    matching = [key for key in keys if name in (key, alias_of(key))]
    if not matching and name not in configuration.providers:
        meant = did_you_mean(name, {*map(alias_of, keys), *configuration.providers})
        raise LookupError(f"there is no provider {quote_name(name)}{meant}")
    path = file_of(configuration, places)
    forgot = [_use(path, partial(_close, key)) for key in matching]
    return any(forgot)


def _close(key: str, store: SqliteStore) -> bool:
    """Close the circuit of ``key``; False where there were no failures."""
    from sumotext_backend.routing.circuit import CLOSED

    before, _ = store.change(key, lambda _: CLOSED)
    return before.failures > 0


def _use(path: Path, use: Callable[[SqliteStore], T]) -> T:
    from sumotext_backend.routing import SqliteStore
    from sumotext_backend.state import StateError

    try:
        return use(SqliteStore(path))
    except StateError as error:
        why = str(error)
    raise ConfigurationError(
        f"the health file {path} cannot be used ({why}); "
        "mend or remove it, or set SUMOTEXT_STATE_DIR to another folder"
    )
