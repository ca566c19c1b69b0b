"""The tables of settings beside the providers: ``[health]``, ``[ledger]`` and ``[consent]``.

One declaration of each is behind what is built, checked, quote_name and described.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import attrs

from sumotext_backend.config.model import Configuration, Place, Table
from sumotext_backend.config.places import Places
from sumotext_backend.config.resolve import resolve_settings
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import construct, quote_name

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class HealthTable:
    """How the health of providers is kept."""

    state: Literal["shared", "memory", "off"] = attrs.field(
        default="shared",
        metadata={"help": "shared by all processes of this user, of one process, or not kept"},
    )
    failures: int = attrs.field(
        default=5,
        validator=attrs.validators.ge(1),
        metadata={"help": "failures in a row after which a provider is left alone"},
    )
    cooldown: float = attrs.field(
        default=30.0,
        validator=attrs.validators.gt(0),
        metadata={"help": "seconds for which it is left alone"},
    )
    path: Path | None = attrs.field(
        default=None, metadata={"help": "the file, if not health.sqlite3 in the state folder"}
    )


def _is_postgresql(_: object, field: attrs.Attribute[Any], value: str | None) -> None:
    if value is not None and not value.startswith(("postgresql://", "postgres://")):
        raise ConfigurationError(
            f"option {field.name!r} wants postgresql://…; for a file of SQLite write 'path'",
            option=field.name,
        )


@attrs.frozen(kw_only=True)
class LedgerTable:
    """What is remembered of sends, and where."""

    record: Literal["needed", "all", "off"] = attrs.field(
        default="needed",
        metadata={
            "help": "keyed sends, refusals and doubts; every send; or nothing: then keys are "
            "refused, and who said no is known to one process alone"
        },
    )
    path: Path | None = attrs.field(
        default=None, metadata={"help": "the file, if not ledger.sqlite3 in the state folder"}
    )
    url: str | None = attrs.field(
        default=None,
        repr=False,
        validator=_is_postgresql,
        metadata={"help": "a PostgreSQL database in place of a file", "secret": True},
    )
    lease: float = attrs.field(
        default=120.0,
        validator=[attrs.validators.gt(0), attrs.validators.le(86_400)],
        metadata={"help": "seconds after which a keyed send without an end is a doubt"},
    )
    keep_texts: float = attrs.field(
        default=30.0,
        validator=attrs.validators.ge(0),
        metadata={"help": "days after which 'ledger purge' removes the texts of doubts"},
    )
    keep_rows: float = attrs.field(
        default=365.0,
        validator=attrs.validators.ge(0),
        metadata={"help": "days after which it removes sends, but for doubts"},
    )

    def __attrs_post_init__(self) -> None:
        """Refuse two places at once."""
        if self.url is not None and self.path is not None:
            raise ConfigurationError("options 'url' and 'path' exclude each other; take one out")


def _read_programmes(_: object, __: object, value: object) -> None:
    wrong = _find_wrong_programme(value)
    if wrong:
        raise ConfigurationError(f"option 'programmes' {wrong}", option="programmes")


def _find_wrong_programme(value: object) -> str:
    """What is wrong with a mapping of programmes; empty where nothing is."""
    if not isinstance(value, Mapping):
        return 'wants a table, such as { alerts = ["main", "backup"] }'
    seen = set[str]()
    for name, aliases in value.items():
        if not isinstance(aliases, list | tuple) or not all(isinstance(a, str) for a in aliases):
            return f"wants a list of aliases for {quote_name(str(name))}"
        for alias in aliases:
            if alias in seen:
                return f"names the provider {quote_name(alias)} twice; it sends for one programme"
            seen.add(alias)
    return ""


@attrs.frozen(kw_only=True)
class ConsentTable:
    """Whose no binds which providers, and what is done where that cannot be read."""

    programmes: Mapping[str, tuple[str, ...]] = attrs.field(
        factory=dict,
        validator=_read_programmes,
        metadata={"help": "programmes, each with its providers' aliases; all others share one"},
    )
    on_unread: Literal["send_nothing", "may_text_who_said_no"] = attrs.field(
        default="send_nothing",
        metadata={
            "help": "while the ledger cannot be read: send nothing, or text people who "
            "may have said no"
        },
    )


TABLES: Final[Mapping[str, type]] = {
    "health": HealthTable,
    "ledger": LedgerTable,
    "consent": ConsentTable,
}


def resolve_table(name: str, configuration: Configuration, places: Places) -> Table:
    """The settings of one table as a table of values, with what is wrong where it is."""
    entry = configuration.tables[name]
    place = Place(name, entry.origin.table.format(name), entry.origin)
    return resolve_settings(TABLES[name], entry, place, places)


def resolve_tables(configuration: Configuration, places: Places) -> list[Table]:
    """All of them, in their order."""
    return [resolve_table(name, configuration, places) for name in TABLES]


def read_table(cls: type[T], configuration: Configuration, places: Places) -> T:
    """The settings of the table that ``cls`` declares. Raises `ConfigurationError`."""
    name = next(name for name, each in TABLES.items() if each is cls)
    table = resolve_table(name, configuration, places)
    problems = [value.problem for value in table.values.values() if value.problem]
    for problem in (*problems, *table.problems):
        raise problem
    try:
        return construct(cls, {key: value.value for key, value in table.values.items()})
    except ConfigurationError as error:
        table.place.mark(error)
        raise


def expand_path(
    name: str, path: Path | None, file: str, configuration: Configuration, places: Places
) -> Path:
    """The ``path`` that the table ``name`` has, or ``file`` in the state folder."""
    if path is None:
        return (places.state_dir() / file).absolute()
    return places.expand(str(path), configuration.tables[name].origin.folder).absolute()
