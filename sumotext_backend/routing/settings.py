"""How the health of providers is kept: the options of ``[health]``, and what they make."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import attrs

from sumotext_backend.routing.circuit import Rules
from sumotext_backend.routing.health import Health
from sumotext_backend.routing.store import MemoryStore, SqliteStore


@attrs.frozen(kw_only=True)
class HealthSettings:
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

    @property
    def file(self) -> Path | None:
        """The file of all processes; None where they share none."""
        return self.path if self.state == "shared" else None

    @property
    def rules(self) -> Rules:
        """When circuits open, and for how long."""
        return Rules(failures=self.failures, cooldown=self.cooldown)


def make_health(settings: HealthSettings) -> Health | None:
    """The health that providers share; None where it is off. Opens nothing."""
    if settings.state == "off":
        return None
    store = SqliteStore(settings.file) if settings.file else MemoryStore()
    return Health(store, settings.rules)
