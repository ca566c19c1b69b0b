"""The version of a ledger's schema, and how an older one becomes today's."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from sumotext_backend.ledger.database import LedgerError, LedgerVersionError
from sumotext_backend.ledger.statements import Dialect, load_schema

Execute = Callable[[str], list[tuple[Any, ...]]]

TABLES: Final = tuple(
    f"sumotext_{name}" for name in ("consent", "send", "inbound", "lookup", "report", "audit")
)
"""Those whose rows are about people, and may be removed or forgotten."""

_META: Final = (
    "CREATE TABLE IF NOT EXISTS sumotext_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
)
_FIND: Final = "SELECT value FROM sumotext_meta WHERE name = 'version'"


def apply_schema(dialect: Dialect, execute: Execute) -> int:
    """Run what the schema lacks, inside the caller's transaction; return its version.

    The caller holds a lock that keeps every other process out. Raises `LedgerVersionError` for a
    schema of a newer release.
    """
    steps = load_schema(dialect)
    execute(_META)
    version = _read_version(execute)
    if version > len(steps):
        raise LedgerVersionError(
            f"the ledger has version {version} of its schema, and this release knows {len(steps)}: "
            "install a newer sumotext-backend"
        )
    for step in steps[version:]:
        for statement in step:
            execute(statement)
    if version < len(steps):
        _write(execute, "version", str(len(steps)))
    if not execute("SELECT value FROM sumotext_meta WHERE name = 'secret'"):
        _write(execute, "secret", secrets.token_hex(32))
    return len(steps)


def _read_version(execute: Execute) -> int:
    rows = execute(_FIND)
    if not rows:
        return 0
    if not str(rows[0][0]).isdecimal():
        raise LedgerError("the ledger's version cannot be read; restore it from a backup")
    return int(rows[0][0])


def _write(execute: Execute, name: str, value: str) -> None:
    # Both are ours: a number, and hexadecimal digits.
    execute(f"DELETE FROM sumotext_meta WHERE name = '{name}'")  # noqa: S608
    execute(f"INSERT INTO sumotext_meta (name, value) VALUES ('{name}', '{value}')")  # noqa: S608
