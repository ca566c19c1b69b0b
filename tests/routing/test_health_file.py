"""The health that is kept in a file, as commands read and forget it."""

from __future__ import annotations

from pathlib import Path

from sumotext_backend.routing import (
    Circuit,
    HealthSettings,
    SqliteStore,
    forget_failures,
    read_circuits,
)


def test_all_that_is_kept_of_an_alias_is_forgotten(tmp_path: Path) -> None:
    """An alias has a circuit for each set of options that it ever had."""
    settings = HealthSettings(path=tmp_path / "health.sqlite3")
    store = SqliteStore(tmp_path / "health.sqlite3")
    one, two, other = f"main:{'1' * 16}", f"main:{'2' * 16}", f"other:{'1' * 16}"
    for key in (one, two, other):
        store.change(key, lambda _: Circuit(failures=5))

    assert forget_failures(settings, "main", ["main"]) is True
    assert {other: 5} == {key: each.failures for key, each in read_circuits(settings).items()}
