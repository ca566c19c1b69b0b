"""The ledger that the settings ask for.

``SMS_LEDGER`` holds the options of the table ``[ledger]``, or the alias of a database of
``DATABASES`` (alone, or as its option ``database``); ``SMS_CONSENT`` those of ``[consent]``. The
ledger opens connections of its own to that database: what it writes is durable at once, also
inside of ``atomic()``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connections
from django.utils.connection import ConnectionDoesNotExist

from sumotext_backend.config import Configuration, open_ledger, read_ledger_settings
from sumotext_backend.ledger import (
    Ledger,
    MemoryDatabase,
    PostgresDatabase,
    SqliteDatabase,
    share_ledger,
)
from sumotext_backend.providers import did_you_mean
from sumotext_django.errors import SettingsError
from sumotext_django.signals import tell_consent

LEDGER: Final = "SMS_LEDGER"
CONSENT: Final = "SMS_CONSENT"
_NOT_LIBPQ: Final = ("client_encoding", "prepare_threshold")
_in_memory: Final[dict[str, MemoryDatabase]] = {}
"""By place, until the process ends: a no is not gone with the last sender that holds it."""


def read_ledger() -> dict[str, Any]:
    """``SMS_LEDGER`` as the options of ``[ledger]``, without ``database``.

    Raises `SettingsError` for another shape.
    """
    value = getattr(settings, LEDGER, {})
    if isinstance(value, str | Ledger):
        return {}
    if isinstance(value, Mapping):
        return {key: each for key, each in value.items() if key != "database"}
    kind = type(value).__name__
    raise SettingsError(f"{LEDGER} wants an alias of DATABASES or a mapping, not a {kind}")


def find_alias() -> str | None:
    """The alias of ``DATABASES`` that the ledger is in; None where it is not in one."""
    value = getattr(settings, LEDGER, {})
    alias = value.get("database") if isinstance(value, Mapping) else value
    return alias if isinstance(alias, str) else None


def ledger_for(configured: Configuration) -> Ledger:
    """The ledger of the settings, the same one for all senders. Raises `ConfigurationError`."""
    given = getattr(settings, LEDGER, {})
    if isinstance(given, Ledger):
        return given
    alias = find_alias()
    if alias is None:
        return open_ledger(configured, tell=tell_consent)
    kept = read_ledger_settings(configured)
    return share_ledger(_place(alias), lambda: open_alias(alias), kept, tell_consent)


def find_place() -> str:
    """What the database that the ledger is in is called just now; empty where it is in none.

    Raises `SettingsError`.
    """
    alias = find_alias()
    return _place(alias) if alias is not None else ""


def _place(alias: str) -> str:
    return f"{alias} {find_connection(alias).settings_dict['NAME']}"


def open_alias(alias: str) -> SqliteDatabase | PostgresDatabase | MemoryDatabase:
    """The database ``alias``, over connections that are not Django's. Nothing is opened yet.

    Raises `SettingsError` for one that no ledger can be in.
    """
    connection = find_connection(alias)
    if connection.vendor == "postgresql":
        from psycopg.conninfo import make_conninfo

        given = connection.get_connection_params().items()
        kept: Any = {k: v for k, v in given if isinstance(v, str | int) and k not in _NOT_LIBPQ}
        return PostgresDatabase(make_conninfo(**kept))
    if connection.vendor == "sqlite":
        if connection.is_in_memory_db():  # as in the tests of a project
            return _in_memory.setdefault(_place(alias), MemoryDatabase())
        return SqliteDatabase(Path(connection.settings_dict["NAME"]), foreign=True)
    raise SettingsError(
        f"{LEDGER}: the database {alias!r} is {connection.display_name}, and a ledger needs "
        "PostgreSQL or SQLite; name another, or take the setting out for a file of its own"
    )


def find_connection(alias: str) -> Any:
    """Django's own object for the database ``alias``. Raises `SettingsError`."""
    try:
        return connections[alias]
    except ConnectionDoesNotExist:
        meant = did_you_mean(alias, list(connections))
    raise SettingsError(f"{LEDGER}: DATABASES has no {alias!r}{meant}")
