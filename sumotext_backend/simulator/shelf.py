"""Texts in a SQLite file, so that they are there after a restart."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.simulator.exchange import Received
from sumotext_backend.simulator.states import Step
from sumotext_backend.simulator.store import Text
from sumotext_backend.state import StateError, open_database

if TYPE_CHECKING:
    import sqlite3

_BUSY_TIMEOUT: Final = 2.0  # seconds
_TABLE: Final = "CREATE TABLE IF NOT EXISTS text (id TEXT PRIMARY KEY, place INTEGER, value TEXT)"
_PUT: Final = """
INSERT INTO text VALUES (?, (SELECT coalesce(max(place), 0) + 1 FROM text), ?)
ON CONFLICT (id) DO UPDATE SET value = excluded.value
"""


@contextmanager
def open_shelf(path: Path) -> Iterator[SqliteShelf]:
    """The shelf in the file ``path``, made where it is missing, for this user alone.

    Raises `ConfigurationError` where the file cannot be used.
    """
    try:
        # A text that a power cut takes back was a trial.
        with open_database(
            path, synchronous="OFF", timeout=_BUSY_TIMEOUT, any_thread=True
        ) as database:
            database.execute(_TABLE)
            database.execute("CREATE INDEX IF NOT EXISTS by_place ON text (place)")
            yield SqliteShelf(database)
    except StateError as error:
        raise ConfigurationError(
            f"the simulator cannot keep its texts in the file of --db ({error}); name another"
        ) from None


@attrs.frozen(eq=False)
class SqliteShelf:
    """Where a store's texts outlive it; the store calls it from one thread at a time."""

    database: sqlite3.Connection

    def load(self, most: int) -> tuple[Text, ...]:
        """The newest ``most`` texts, the oldest of them first."""
        rows = self.database.execute(
            "SELECT value FROM text ORDER BY place DESC LIMIT ?", (most,)
        ).fetchall()
        return tuple(decode(value) for (value,) in reversed(rows))

    def put(self, text: Text) -> None:
        """Keep ``text`` in the place of the one of that id, or as the newest."""
        self.database.execute(_PUT, (text.id, encode(text)))

    def drop(self, text_id: str) -> None:
        """Forget one."""
        self.database.execute("DELETE FROM text WHERE id = ?", (text_id,))

    def clear(self) -> None:
        """Forget all, and leave nothing of them in the file."""
        self.database.execute("DELETE FROM text")
        self.database.execute("VACUUM")


def encode(text: Text) -> str:
    """``text`` as JSON."""
    return json.dumps(attrs.asdict(text), default=_encode_value)


def _encode_value(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value.isoformat()


def decode(value: str) -> Text:
    """The text that `encode` wrote down."""
    fields = json.loads(value)
    request = fields["request"]
    return Text(
        **{
            **fields,
            "at": datetime.fromisoformat(fields["at"]),
            "trail": tuple(_decode_step(each) for each in fields["trail"]),
            "request": request and _decode_request(request),
        }
    )


def _decode_step(fields: dict[str, Any]) -> Step:
    return Step(**{**fields, "at": datetime.fromisoformat(fields["at"])})


def _decode_request(fields: dict[str, Any]) -> Received:
    pairs = {name: tuple(map(tuple, fields[name])) for name in ("query", "headers")}
    return Received(**{**fields, **pairs, "body": base64.b64decode(fields["body"])})
