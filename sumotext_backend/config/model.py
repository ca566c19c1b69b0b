"""What a configuration is: as it was found, and resolved to a tree of values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.options import Option, quote_name

DSN: Final = "the DSN"
VARIABLE: Final = "$SMS_DSN"


@attrs.frozen
class Origin:
    """Where something was written: ``label`` for people, empty for code.

    ``folder`` is what relative paths in it are relative to. ``provider`` is how a provider is
    written there, with ``{}`` for its alias, and ``table`` how a table of settings is: for errors.
    """

    label: str = ""
    folder: Path = Path()
    provider: str = "[providers.{}]"
    table: str = "[{}]"

    @property
    def is_dsn(self) -> bool:
        """Whether it is a lone DSN, which has no provider's name beside it."""
        return self.label in (DSN, VARIABLE)


@attrs.frozen
class Entry:
    """One provider, or a table of settings, as written; references are not yet resolved."""

    value: Any = attrs.field(repr=False)
    origin: Origin


@attrs.frozen
class Configuration:
    """Providers by alias and the tables of settings by name, each with its origin.

    ``start`` is the provider that is asked for; the alias ``""`` is that of a DSN in code.
    ``origin`` is that of the whole; ``notes`` are lines on what was found and not used. ``region``
    is where numbers without country code are dialled, two letters; None where nobody said.
    ``replaced`` are the aliases of a file whose providers gave way to one that code names in full.
    """

    providers: Mapping[str, Entry]
    tables: Mapping[str, Entry]
    origin: Origin
    start: str = "default"
    notes: tuple[str, ...] = ()
    region: str | None = None
    replaced: frozenset[str] = frozenset()

    def place(self, alias: str) -> Place:
        """The place of a provider."""
        origin = self.providers[alias].origin
        words = "" if origin.is_dsn else f"provider {quote_name(alias)}"
        return Place(f"providers.{alias}" if alias else "dsn", words, origin, alias)


class ShapeError(ConfigurationError):
    """A configuration with keys or values at its top that stand for nothing.

    ``problems`` are all of them, and ``rest`` is what can be read without them.
    """

    def __init__(self, problem: str, problems: Sequence[str], rest: Configuration) -> None:
        """``problem`` is the first one."""
        super().__init__(problem, file=rest.origin.label)
        self.problems = [str(ConfigurationError(each, file=self.file)) for each in problems]
        self.rest = rest

    def __reduce__(self) -> tuple[type[ConfigurationError], tuple[str], dict[str, str]]:
        """Pickle as an error without what it is about."""
        return (ConfigurationError, (self.problem,), {"file": self.file})


@attrs.frozen
class Place:
    """A table of a configuration.

    ``path`` is its name (``providers.main``, and below it ``providers.main.chain.1`` for a
    provider without an alias), ``words`` are what an error calls it, and ``alias`` is the
    provider that it is, or is inside of.
    """

    path: str
    words: str
    origin: Origin
    alias: str = ""

    def below(self, option: str, index: int | None = None) -> Place:
        """The place of a provider in the option ``option``, the one at ``index`` of several."""
        path = f"{self.path}.{option}" + ("" if index is None else f".{index}")
        words = ": ".join(part for part in (self.words, f"option {option!r}") if part)
        return attrs.evolve(self, path=path, words=words)

    def mark(self, error: ConfigurationError, option: str = "") -> ConfigurationError:
        """``error``, told that it is here."""
        return error.at(file=self.origin.label, place=self.words, alias=self.alias, option=option)


@attrs.frozen(kw_only=True)
class Value:
    """One option that somebody set: ``value`` as its kind asks, or ``problem``, why there is none.

    ``option`` is its declaration, None where the backend has no such option. ``tables`` are the
    providers that an option of that kind holds. ``raw`` is the value as written, and ``origin``
    where it was found: the file, ``$VARIABLE``, ``file path`` or ``code``.
    """

    name: str
    option: Option | None
    origin: str
    raw: Any = attrs.field(default=None, repr=False)
    value: Any = attrs.field(default=None, repr=False)
    tables: tuple[Table, ...] = ()
    problem: ConfigurationError | None = None


@attrs.frozen(kw_only=True)
class Table:
    """A provider, or a table of settings, resolved: ``cls`` and the values that were set.

    ``name`` is what results and circuits know a provider by: its alias, or ``null#2``. One that
    only names another provider has that one as its ``target``; one that was made in code is
    ``made``. ``problems`` are those of no single value.
    """

    place: Place
    name: str = ""
    origin: str = ""
    backend: str = ""
    cls: type | None = None
    values: Mapping[str, Value] = attrs.field(factory=dict)
    target: Table | None = None
    made: SmsBackend | None = None
    problems: tuple[ConfigurationError, ...] = ()


def walk(tables: Iterable[Table]) -> Iterator[Table]:
    """``tables`` and the providers that they hold or name, at any depth, each once."""
    seen, ahead = set[int](), list(tables)[::-1]
    while ahead:
        table = ahead.pop()
        if id(table) not in seen:
            seen.add(id(table))
            yield table
            below = [each for value in table.values.values() for each in value.tables]
            ahead += reversed([table.target, *below] if table.target else below)
