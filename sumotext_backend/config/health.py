"""The table ``[health]``: where the circuits of providers are kept, and when they open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import attrs

from sumotext_backend.config.builder import Builder
from sumotext_backend.config.model import Configuration, Place, Table
from sumotext_backend.config.places import Places
from sumotext_backend.config.resolve import resolve_settings
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.options import shown

if TYPE_CHECKING:
    from sumotext_backend.routing import Circuit, Health, Rules, SqliteStore

T = TypeVar("T")

FILE = "health.sqlite3"


@attrs.frozen(kw_only=True)
class Settings:
    """How the health of providers is kept."""

    state: Literal["shared", "memory", "off"] = attrs.field(
        default="shared",
        metadata={"help": "shared by all processes of this user, of one process, or not kept"},
    )
    failures: int = attrs.field(
        default=5,
        validator=attrs.validators.ge(1),
        metadata={"help": "failures in a row after which a provider is left alone"},
    )
    cooldown: float = attrs.field(
        default=30.0,
        validator=attrs.validators.gt(0),
        metadata={"help": "seconds for which it is left alone"},
    )
    path: Path | None = attrs.field(
        default=None, metadata={"help": "the file, if not health.sqlite3 in the state folder"}
    )


def resolve_health(configuration: Configuration, places: Places) -> Table:
    """The settings as a table of values, with what is wrong where it is."""
    entry = configuration.health
    place = Place("health", entry.origin.health, entry.origin)
    return resolve_settings(Settings, entry, place, places)


def settings_of(configuration: Configuration, places: Places) -> Settings:
    """The settings as options. Raises `ConfigurationError`."""
    made: Any = Builder(lambda: None).build(resolve_health(configuration, places))
    settings: Settings = made
    return settings


def file_of(configuration: Configuration, places: Places) -> Path:
    """The file in which shared health is kept, whether it exists or not."""
    path = settings_of(configuration, places).path
    if path is None:
        return (places.state_dir() / FILE).absolute()
    return places.expand(str(path), configuration.health.origin.folder).absolute()


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


def rules_of(settings: Settings) -> Rules:
    """When circuits open by these settings, and for how long."""
    from sumotext_backend.routing import Rules

    return Rules(failures=settings.failures, cooldown=settings.cooldown)


def read_circuits(configuration: Configuration, places: Places) -> dict[str, Circuit]:
    """What is kept of each provider, by its key, sorted; nothing where health is not shared.

    A file that is not there is not made. Raises `ConfigurationError` for one that cannot be used.
    """
    path = file_of(configuration, places)
    if settings_of(configuration, places).state != "shared" or not path.exists():
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
        raise LookupError(f"there is no provider {shown(name)}{meant}")
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
