"""``sumotext health``: which providers are left alone just now, and why."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import attrs
import click

from sumotext_backend.cli.arguments import config_option, found
from sumotext_backend.cli.click_types import Command, Group
from sumotext_backend.cli.exits import Exit
from sumotext_backend.cli.output import put, put_json, say
from sumotext_backend.cli.report import table
from sumotext_backend.config import Configuration, Places, load
from sumotext_backend.config.health import file_of, rules_of, settings_of
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.options import shown
from sumotext_backend.routing import Circuit, Rules, SqliteStore
from sumotext_backend.routing.circuit import CLOSED, admission, forget
from sumotext_backend.routing.health import alias_of
from sumotext_backend.state import StateError

T = TypeVar("T")


@click.group(cls=Group, invoke_without_command=True, short_help="Show or reset health.")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--check", is_flag=True, help="End with 1 while a provider is left alone.")
@click.pass_context
def health(ctx: click.Context, config: str | None, *, as_json: bool, check: bool) -> int:
    """Show which providers are left alone after failures: why, since when and until when.

    Health is kept of providers in chains only, for all processes of this user. With --check the
    exit code is 1 from the moment a provider is left alone until a text went through it again,
    or nobody has tried it for a day; else it is 0.
    """
    ctx.meta["config"] = config
    if ctx.invoked_subcommand:
        return Exit.ACCEPTED
    configuration = _configuration(config)
    settings = settings_of(configuration, Places.here())
    path = _file(configuration)
    circuits = _circuits(path) if settings.state == "shared" else {}
    rows = _rows(circuits, rules_of(settings))
    if as_json:
        providers = [attrs.asdict(row) for row in rows]
        put_json({"state": settings.state, "path": str(path), "providers": providers})
    elif rows:
        put("\n\n".join(words_of(row, rows) for row in rows))
    else:
        say(_NOTHING[settings.state])
    is_open = any(row.state != "closed" for row in rows)
    return OPEN if check and is_open else Exit.ACCEPTED


OPEN: Final = 1
"""The exit code of ``health --check`` while a provider is left alone."""

_NOTHING: Final[Mapping[str, str]] = {
    "shared": "no provider in a chain has failed",
    "memory": "health is kept in the memory of each process ([health] state), not to be seen here",
    "off": "health is turned off ([health] state)",
}


@health.command(cls=Command, short_help="Let texts go to a provider again.")
@click.argument("name")
@config_option
@click.pass_context
def reset(ctx: click.Context, name: str, config: str | None) -> int:
    """Forget the failures of the provider NAME, an alias, so that texts go to it again.

    A key as --json shows it stands for one of several accounts of an alias.
    """
    configuration = _configuration(config or ctx.meta["config"])
    path = _file(configuration)
    keys = sorted(_circuits(path))
    matching = [key for key in keys if name in (key, alias_of(key))]
    if not matching and name not in configuration.providers:
        known = {alias_of(key) for key in keys} | set(configuration.providers)
        meant = did_you_mean(name, known)
        raise click.UsageError(f"there is no provider {shown(name)}{meant}", ctx)
    forgotten = [_used(path, partial(_forget, key)) for key in matching]
    words = "its failures are forgotten" if any(forgotten) else "there were no failures to forget"
    put(f"{name}: {words}")
    return Exit.ACCEPTED


def _forget(key: str, store: SqliteStore) -> bool:
    """Close the circuit of ``key``; False where there were no failures."""
    before, _ = store.change(key, lambda _: CLOSED)
    return before.failures > 0


def _configuration(config: str | None) -> Configuration:
    return found(None, config) or load({"providers": {}})


def _file(configuration: Configuration) -> Path:
    return file_of(configuration, Places.here())


def _circuits(path: Path) -> dict[str, Circuit]:
    """What is kept; a file that is not there is not made."""
    return _used(path, lambda store: store.read())


def _used(path: Path, use: Callable[[SqliteStore], T]) -> T:
    try:
        return use(SqliteStore(path))
    except StateError as error:
        why = str(error)
    raise ConfigurationError(
        f"the health file {path} cannot be used ({why}); "
        "mend or remove it, or set SUMOTEXT_STATE_DIR to another folder"
    )


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


def _rows(circuits: Mapping[str, Circuit], rules: Rules) -> list[Row]:
    now = time.time()
    return [
        row_of(key, circuit, now, rules)
        for key, circuit in sorted(circuits.items())
        if forget(circuit, now) == circuit
    ]


def row_of(key: str, circuit: Circuit, now: float, rules: Rules) -> Row:
    """The health that is kept under ``key``. A probe under way has its time, too."""
    return Row(
        alias=alias_of(key),
        key=key,
        state=admission(circuit, now, rules),
        failures=circuit.failures,
        why=circuit.why or None,
        since=_when(circuit.since),
        until=_when(max(circuit.open_until, circuit.probe_until)),
    )


_TOLD: Final = {
    "closed": "texts go to it",
    "open": "it is left alone",
    "probe": "it was left alone; the next text tries it",
}


def words_of(row: Row, rows: Sequence[Row]) -> str:
    """One provider's health for a person; its key where ``rows`` have its alias more than once."""
    lines = [
        ("state", f"{row.state}: {_TOLD[row.state]}"),
        ("why", f"{row.failures} failure{'' if row.failures == 1 else 's'}, the last {row.why}"),
        ("since", row.since or ""),
        ("until", row.until or "" if row.state == "open" else ""),
    ]
    several = sum(each.alias == row.alias for each in rows) > 1
    name = f"{row.alias} ({row.key})" if several else row.alias
    return table(name, lines if row.failures else lines[:1])


def _when(moment: float) -> str | None:
    """``moment`` in local time, with its offset from UTC."""
    there = datetime.fromtimestamp(moment).astimezone() if moment else None
    return there.isoformat(timespec="seconds") if there else None
