"""The health that is kept in a file, as commands read and forget it."""

from __future__ import annotations

from pathlib import Path

from sumotext_backend.config import Places, load
from sumotext_backend.config.health import forget_failures, read_circuits
from sumotext_backend.routing import Circuit, SqliteStore


def test_all_that_is_kept_of_an_alias_is_forgotten(tmp_path: Path) -> None:
    """An alias has a circuit for each set of options that it ever had."""
    path = tmp_path / "health.sqlite3"
    store = SqliteStore(path)
    for key in ("main:1", "main:2", "other:1"):
        store.change(key, lambda _: Circuit(failures=5))
    configured = load({"providers": {"main": "null://"}, "health": {"path": str(path)}})
    places = Places({}, tmp_path, tmp_path)

    assert forget_failures(configured, places, "main") is True
    assert {"other:1": 5, "main:1": 0, "main:2": 0} == {
        key: each.failures for key, each in read_circuits(configured, places).items()
    }
