"""What the command prints of the health of providers: pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sumotext_backend.cli.report import table
from sumotext_backend.config.health import alias_of

if TYPE_CHECKING:
    from sumotext_backend.routing import Circuit


def health_words(circuits: Mapping[str, Circuit], now: float) -> str:
    """The health of all providers for a person; ``circuits`` are by key."""
    return "\n\n".join(circuit_words(key, each, now) for key, each in circuits.items())


def nothing_words(state: str, option: str) -> str:
    """Why no health is shown; ``option`` is how the person knows the option ``state``."""
    return {
        "shared": "no provider in a chain has failed",
        "memory": f"health is kept in the memory of each process ({option}), not to be seen here",
        "off": f"health is turned off ({option})",
    }[state]


def forgot_words(name: str, *, forgot: bool) -> str:
    """What became of the failures of the provider ``name``."""
    return (
        f"{name}: {'its failures are forgotten' if forgot else 'there were no failures to forget'}"
    )


def health_object(
    state: str, path: Path, circuits: Mapping[str, Circuit], now: float
) -> dict[str, Any]:
    """The health of all providers for a program."""
    rows = [circuit_object(key, each, now) for key, each in circuits.items()]
    return {"state": state, "path": str(path), "providers": rows}


def state_of(circuit: Circuit, now: float) -> str:
    """``closed``: texts go to it; ``open``: none does; ``probe``: the next one tries it."""
    from sumotext_backend.routing.circuit import admission

    return admission(circuit, now)


def circuit_words(key: str, circuit: Circuit, now: float) -> str:
    """One provider's health for a person."""
    state, count = state_of(circuit, now), circuit.failures
    told = {
        "closed": "texts go to it",
        "open": "it is left alone",
        "probe": "it was left alone; the next text tries it",
    }
    rows = [
        ("state", f"{state}: {told[state]}"),
        ("why", f"{count} failure{'' if count == 1 else 's'}, the last {circuit.why}"),
        ("since", _when(circuit.since)),
        ("until", _when(until(circuit)) if state == "open" else ""),
    ]
    return table(alias_of(key), rows if count else rows[:1])


def until(circuit: Circuit) -> float:
    """When the next text may try the provider; a probe under way has its time, too."""
    return max(circuit.open_until, circuit.probe_until)


def circuit_object(key: str, circuit: Circuit, now: float) -> dict[str, Any]:
    """One provider's health for a program; times in ISO 8601, null where there is none."""
    return {
        "alias": alias_of(key),
        "key": key,
        "state": state_of(circuit, now),
        "failures": circuit.failures,
        "why": circuit.why or None,
        "since": _when(circuit.since) or None,
        "until": _when(until(circuit)) or None,
    }


def _when(moment: float) -> str:
    """``moment`` in local time, with its offset from UTC."""
    there = datetime.fromtimestamp(moment).astimezone() if moment else None
    return there.isoformat(timespec="seconds") if there else ""
