"""The file of shared health, as commands read and mend it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TypeVar

from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.options import quote_name
from sumotext_backend.routing.circuit import CLOSED, Circuit
from sumotext_backend.routing.health import alias_of
from sumotext_backend.routing.settings import HealthSettings
from sumotext_backend.routing.store import SqliteStore
from sumotext_backend.state import StateError

T = TypeVar("T")


def read_circuits(settings: HealthSettings) -> dict[str, Circuit]:
    """What is kept of each provider, by its key, sorted; nothing where health is not shared.

    A file that is not there is not made. Raises `ConfigurationError` for one that cannot be used.
    """
    path = settings.file
    # A link to nowhere is there, and cannot be used.
    if path is None or not (path.exists() or path.is_symlink()):
        return {}
    return dict(sorted(_use(path, lambda store: store.read()).items()))


def forget_failures(settings: HealthSettings, name: str, aliases: Collection[str]) -> bool:
    """Let texts go to the provider ``name`` again; False where there were no failures to forget.

    ``name`` is an alias or a key; ``aliases`` are those of the configuration. Raises `LookupError`
    where nobody has that name, `ConfigurationError` for a file that cannot be used.
    """
    keys = [*read_circuits(settings)]
    matching = [key for key in keys if name in (key, alias_of(key))]
    if not matching and name not in aliases:
        meant = did_you_mean(name, {*map(alias_of, keys), *aliases})
        raise LookupError(f"there is no provider {quote_name(name)}{meant}")
    forgot = [settings.file and _use(settings.file, partial(_close, key)) for key in matching]
    return any(forgot)


def _close(key: str, store: SqliteStore) -> bool:
    """Close the circuit of ``key``; False where there were no failures."""
    before, _ = store.change(key, lambda _: CLOSED)
    return before.failures > 0


def _use(path: Path, use: Callable[[SqliteStore], T]) -> T:
    try:
        return use(SqliteStore(path))
    except StateError as error:
        why = str(error)
    raise ConfigurationError(
        f"the health file {path} cannot be used ({why}); "
        "mend or remove it, or set SUMOTEXT_STATE_DIR to another folder"
    )
