"""``sumotext health``: which providers are left alone just now, and why."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sumotext_backend.cli.arguments import config_option, found
from sumotext_backend.cli.click_types import Command, Group
from sumotext_backend.cli.exits import Exit
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.cli.report import table
from sumotext_backend.config import Configuration, Places, load
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.options import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from sumotext_backend.routing import Circuit, SqliteStore

T = TypeVar("T")


@click.group(cls=Group, invoke_without_command=True, short_help="Show or reset health.")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def health(ctx: click.Context, config: str | None, *, as_json: bool) -> int:
    """Show which providers are left alone after failures: why, since when and until when.

    Health is kept of providers in chains only, for all processes of this user.
    """
    ctx.meta["config"] = config
    return Exit.ACCEPTED if ctx.invoked_subcommand else _show(config, as_json=as_json)


def _show(config: str | None, *, as_json: bool) -> Exit:
    from sumotext_backend.config.health import settings_of

    configuration = _configuration(config)
    path, state = _file(configuration), settings_of(configuration, Places.here()).state
    circuits = _circuits(path) if state == "shared" else {}
    now = time.time()
    if as_json:
        rows = [circuit_object(key, each, now) for key, each in sorted(circuits.items())]
        put_json({"state": state, "path": str(path), "providers": rows})
    elif circuits:
        put("\n\n".join(circuit_words(key, each, now) for key, each in sorted(circuits.items())))
    else:
        say(_NOTHING[state])
    return Exit.ACCEPTED


_NOTHING: Mapping[str, str] = {
    "shared": "no provider in a chain has failed",
    "memory": "health is kept in the memory of each process ([health] state), not to be seen here",
    "off": "health is turned off ([health] state)",
}


@health.command(cls=Command, short_help="Let texts go to a provider again.")
@click.argument("name")
@config_option
@click.pass_context
def reset(ctx: click.Context, name: str, config: str | None) -> int:
    """Forget the failures of the provider NAME, an alias, so that texts go to it again."""
    configuration = _configuration(config or ctx.meta["config"])
    path = _file(configuration)
    keys = sorted(_circuits(path))
    matching = [key for key in keys if name in (key, alias_of(key))]
    if not matching and name not in configuration.providers:
        known = {alias_of(key) for key in keys} | set(configuration.providers)
        meant = did_you_mean(name, known)
        raise click.UsageError(f"there is no provider {shown(name)}{meant}", ctx)
    failed = any(_used(path, partial(_forget, key)) for key in matching)
    put(f"{name}: {'its failures are forgotten' if failed else 'there were no failures to forget'}")
    return Exit.ACCEPTED


def _forget(key: str, store: SqliteStore) -> bool:
    """Close the circuit of ``key``; False where there were no failures."""
    from sumotext_backend.routing.circuit import CLOSED

    before, _ = store.change(key, lambda _: CLOSED)
    return before.failures > 0


def _configuration(config: str | None) -> Configuration:
    return found(None, config) or load({"providers": {}})


def _file(configuration: Configuration) -> Path:
    from sumotext_backend.config.health import file_of

    return file_of(configuration, Places.here())


def _circuits(path: Path) -> dict[str, Circuit]:
    """What is kept; a file that is not there is not made."""
    return _used(path, lambda store: store.read()) if path.exists() else {}


def _used(path: Path, use: Callable[[SqliteStore], T]) -> T:
    import sqlite3

    from sumotext_backend.routing import SqliteStore

    try:
        return use(SqliteStore(path))
    except (OSError, sqlite3.Error) as error:
        why = type(error).__name__
    raise ConfigurationError(
        f"the health file {path} cannot be used ({why}); "
        "mend or remove it, or set SUMOTEXT_STATE_DIR to another folder"
    )


def alias_of(key: str) -> str:
    """The alias in the name that health is kept under."""
    return key.rpartition(":")[0] or key


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
