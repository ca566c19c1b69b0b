"""The table ``[health]``: where the circuits of providers are kept, and when they open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import attrs

from sumotext_backend.config.places import Places
from sumotext_backend.config.references import given
from sumotext_backend.config.source import Configuration
from sumotext_backend.options import make

if TYPE_CHECKING:
    from sumotext_backend.routing import Health, Rules

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


def settings_of(configuration: Configuration, places: Places) -> Settings:
    """The settings as options. Raises `ConfigurationError`."""
    value, origin = configuration.health.value, configuration.health.origin
    where = origin.at("[health]")
    resolved = {
        name: given(raw, origin, places, f"{where}: option {name!r}").value
        for name, raw in value.items()
    }
    return make(Settings, resolved, where)


def file_of(configuration: Configuration, places: Places) -> Path:
    """The file in which shared health is kept, whether it exists or not."""
    path = settings_of(configuration, places).path
    if path is None:
        return (places.state_dir() / FILE).absolute()
    return places.expanded(str(path), configuration.health.origin.folder).absolute()


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
