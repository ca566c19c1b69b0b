"""What the owner decides of the ledger: the options of ``[ledger]`` and of ``[consent]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.ledger.owner import MAX_LEASE
from sumotext_backend.numbering import DEFAULT_REGION
from sumotext_backend.options import quote_name

DEFAULT_PROGRAMME: Final = "default"


def _is_postgresql(_: object, field: attrs.Attribute[Any], value: str | None) -> None:
    if value is not None and not value.startswith(("postgresql://", "postgres://")):
        raise ConfigurationError(
            f"option {field.name!r} wants postgresql://…; for a file of SQLite write 'path'",
            option=field.name,
        )


# Without slots, as a class cannot derive from two that have some.
@attrs.frozen(kw_only=True, slots=False)
class LedgerOptions:
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
        validator=[attrs.validators.gt(0), attrs.validators.le(MAX_LEASE)],
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
        metadata={"help": "days after which it removes sends, but for doubts, and look-ups"},
    )

    def __attrs_post_init__(self) -> None:
        """Refuse two places at once."""
        if self.url is not None and self.path is not None:
            raise ConfigurationError("options 'url' and 'path' exclude each other; take one out")


def _check_programmes(_: object, __: object, value: object) -> None:
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


@attrs.frozen(kw_only=True, slots=False)
class ConsentOptions:
    """Whose no binds which providers, and what is done where that cannot be read."""

    programmes: Mapping[str, tuple[str, ...]] = attrs.field(
        factory=dict,
        validator=_check_programmes,
        metadata={"help": "programmes, each with its providers' aliases; all others share one"},
    )
    on_unread: Literal["send_nothing", "may_text_who_said_no"] = attrs.field(
        default="send_nothing",
        metadata={
            "help": "while the ledger cannot be read: send nothing, or text people who "
            "may have said no"
        },
    )


@attrs.frozen(kw_only=True, slots=False)
class Settings(LedgerOptions, ConsentOptions):
    """All that the owner decides.

    ``record`` says which sends become rows: keyed ones, refusals and doubts (``needed``), all, or
    none (``off``: keys are refused, and consent lives in the process alone). ``lease`` is how
    many seconds one keyed send may take before another process may call it broken off.
    ``programmes`` maps each programme to the aliases that its consent binds. ``on_unread`` says
    what is done while consent cannot be read. ``keep_texts`` (of doubts: other texts are gone
    when their send ends) and ``keep_rows`` are in days from the end of a send: see `purge`.
    ``region`` is where a number without country code, of which somebody says something, is
    dialled.
    """

    region: str = DEFAULT_REGION

    @property
    def all_programmes(self) -> tuple[str, ...]:
        """Every programme that there is, the one of providers without another first."""
        return tuple(dict.fromkeys((DEFAULT_PROGRAMME, *self.programmes)))

    def programmes_of(self, holders: Sequence[str]) -> tuple[str, ...]:
        """The programmes that one sends for who is called ``holders[0]`` and is inside the others.

        Its own is the first. Of the others count those that a programme names: who lists a chain
        means what it sends.
        """
        own, *around = map(self.programme_of, holders)
        return tuple(dict.fromkeys((own, *(name for name in around if name in self.programmes))))

    def programme_of(self, provider: str) -> str:
        """The programme that the provider of that alias sends for."""
        for name, aliases in self.programmes.items():
            if provider in aliases:
                return name
        return DEFAULT_PROGRAMME
