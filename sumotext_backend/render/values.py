"""What the command prints of the values in force: pure functions."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from sumotext_backend.config import Configuration
    from sumotext_backend.config.show import Setting


def _headline(place: str) -> str:
    return f"[{place}]" if place else ""


def setting_words(
    rows: Iterable[Setting], *, origin: bool, headline: Callable[[str], str] = _headline
) -> str:
    """``rows`` for a person, as a TOML file would have them.

    ``headline`` makes a line of a place such as ``providers.main``; none where it is empty.
    """
    tables = [
        [headline(place), *(_line(row, origin=origin) for row in inside)]
        for place, inside in itertools.groupby(rows, lambda row: row.place)
    ]
    return "\n\n".join("\n".join(filter(None, lines)) for lines in tables)


def _line(row: Setting, *, origin: bool) -> str:
    found = f"  # {row.origin}" if origin else ""
    if row.problem:
        return f"# {row.option} is wrong: {row.problem}{found}"
    if row.value is None:
        return f"# {row.option} is not set{found}"
    return f"{row.option} = {json.dumps(row.value, ensure_ascii=False)}{found}"


def settings_object(configuration: Configuration, rows: Iterable[Setting]) -> dict[str, object]:
    """``rows`` for a program, and the notes of the ``configuration`` that they are of."""
    return {
        "start": configuration.start,
        "settings": [attrs.asdict(row) for row in rows],
        "notes": list(configuration.notes),
    }


def check_words(count: int) -> str:
    """What is said where a check of ``count`` providers finds nothing."""
    return f"nothing is wrong with {count} provider{'' if count == 1 else 's'}"
