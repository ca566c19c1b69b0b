"""The ledger's SQL, read from the files that stand beside this module."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib import resources
from typing import Final

import attrs

_NAME: Final = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_PARAMETER: Final = re.compile(r"(?<![:\w]):([a-z_]+)")


@attrs.frozen
class Dialect:
    """How one database writes what the files leave open; ``{name}`` stands for a parameter."""

    now: str
    serial: str
    parameter: str
    catalogue: str


SQLITE: Final = Dialect(
    now="((julianday('now') - 2440587.5) * 86400.0)",
    serial="INTEGER PRIMARY KEY AUTOINCREMENT",
    parameter=":{name}",
    catalogue="(SELECT name FROM sqlite_master)",
)
POSTGRESQL: Final = Dialect(
    now="CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION)",
    serial="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    parameter="%({name})s",
    catalogue="(SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema())",
)


@functools.cache
def load_statements(dialect: Dialect) -> Mapping[str, str]:
    """Every statement of ``statements.sql`` by its name, as ``dialect`` writes it."""
    pieces = _NAME.split(_read("statements.sql"))[1:]
    names, bodies = pieces[::2], pieces[1::2]
    return {name: translate(body, dialect) for name, body in zip(names, bodies, strict=True)}


@functools.cache
def load_schema(dialect: Dialect) -> tuple[tuple[str, ...], ...]:
    """The statements of each version of the schema, the first version first."""
    files = sorted(file.name for file in _folder().iterdir() if re.match(r"\d", file.name))
    return tuple(_split(translate(_read(name), dialect)) for name in files)


def translate(sql: str, dialect: Dialect) -> str:
    """``sql`` without comments, as ``dialect`` writes it, without the semicolon at its end."""
    plain = re.sub(r"--.*", "", sql)
    named = _PARAMETER.sub(lambda found: dialect.parameter.format(name=found[1]), plain)
    for word in ("now", "serial", "catalogue"):
        named = named.replace(f"{{{word}}}", getattr(dialect, word))
    return named.strip(" ;\n")


def _split(sql: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in sql.split(";") if part.strip())


def _read(name: str) -> str:
    return (_folder() / name).read_text("utf-8")


def _folder() -> resources.abc.Traversable:
    return resources.files("sumotext_backend.ledger") / "sql"
