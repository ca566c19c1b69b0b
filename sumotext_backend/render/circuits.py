"""What the command prints of the health of providers: pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from sumotext_backend.render.moments import write_moment
from sumotext_backend.render.results import table

if TYPE_CHECKING:
    from sumotext_backend.routing import Circuit, Rules


@attrs.frozen
class Row:
    """One provider's health for a program; times in ISO 8601, None where there is none.

    ``state`` is ``closed``: texts go to it; ``open``: none does; ``probe``: the next one tries it.
    """

    alias: str
    key: str
    state: str
    failures: int
    why: str | None
    since: str | None
    until: str | None


def make_rows(circuits: Mapping[str, Circuit], now: float, rules: Rules) -> list[Row]:
    """The health of all providers; ``circuits`` are by key. What is out of date is left out."""
    from sumotext_backend.routing.circuit import forget

    return [
        make_row(key, circuit, now, rules)
        for key, circuit in sorted(circuits.items())
        if forget(circuit, now) == circuit
    ]


def make_row(key: str, circuit: Circuit, now: float, rules: Rules) -> Row:
    """The health that is kept under ``key``. A probe under way has its time, too."""
    from sumotext_backend.routing.circuit import admission
    from sumotext_backend.routing.health import alias_of

    return Row(
        alias=alias_of(key),
        key=key,
        state=admission(circuit, now, rules),
        failures=circuit.failures,
        why=circuit.why or None,
        since=write_moment(circuit.since),
        until=write_moment(max(circuit.open_until, circuit.probe_until)),
    )


def is_any_open(rows: Sequence[Row]) -> bool:
    """Whether a provider is left alone, or was and has not been used again."""
    return any(row.state != "closed" for row in rows)


def health_object(state: str, path: Path, rows: Sequence[Row]) -> dict[str, Any]:
    """The health of all providers for a program."""
    return {"state": state, "path": str(path), "providers": [attrs.asdict(row) for row in rows]}


def health_words(rows: Sequence[Row]) -> str:
    """The health of all providers for a person."""
    return "\n\n".join(row_words(row, rows) for row in rows)


_MEANINGS: Final = {
    "closed": "texts go to it",
    "open": "it is left alone",
    "probe": "it was left alone; the next text tries it",
}


def row_words(row: Row, rows: Sequence[Row]) -> str:
    """One provider's health for a person; its key where ``rows`` have its alias more than once."""
    lines = [
        ("state", f"{row.state}: {_MEANINGS[row.state]}"),
        ("why", f"{row.failures} failure{'' if row.failures == 1 else 's'}, the last {row.why}"),
        ("since", row.since or ""),
        ("until", row.until or "" if row.state == "open" else ""),
    ]
    several = sum(each.alias == row.alias for each in rows) > 1
    name = f"{row.alias} ({row.key})" if several else row.alias
    return table(name, lines if row.failures else lines[:1])


def nothing_words(state: str, option: str) -> str:
    """Why no health is shown; ``option`` is how the person knows the option ``state``."""
    return {
        "shared": "no provider in a chain has failed",
        "memory": f"health is kept in the memory of each process ({option}), not to be seen here",
        "off": f"health is turned off ({option})",
    }[state]


def reset_words(name: str, *, forgot: bool) -> str:
    """What became of the failures of the provider ``name``."""
    words = "its failures are forgotten" if forgot else "there were no failures to forget"
    return f"{name}: {words}"
