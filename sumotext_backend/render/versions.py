"""What the command prints of versions: pure functions."""

from __future__ import annotations

from collections.abc import Iterable

Rows = Iterable[tuple[str, str]]


def versions_words(rows: Rows) -> str:
    """A line for each name; what has no version is not installed."""
    kept = [(name, version or "not installed") for name, version in rows]
    width = max(len(name) for name, _ in kept)
    return "\n".join(f"{name:<{width}}  {version}" for name, version in kept)


def versions_object(rows: Rows) -> dict[str, str | None]:
    """The same for a program: None for what is not installed."""
    return {name: version or None for name, version in rows}
