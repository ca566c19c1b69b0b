"""Everything that is wrong with a configuration, or odd about it, found without any network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sumotext_backend.config.builder import Builder
from sumotext_backend.config.model import Configuration, Place, Table, walk
from sumotext_backend.config.resolve import resolve
from sumotext_backend.config.tables import read_table, resolve_table, resolve_tables
from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.inbound.settings import InboundTable, warn_without_secrets
from sumotext_backend.ledger import ConsentOptions, LedgerOptions
from sumotext_backend.lookups import LooksUp
from sumotext_backend.models import Message
from sumotext_backend.options import quote_name, refusals
from sumotext_backend.places import Places


def check(configuration: Configuration, places: Places | None = None) -> list[str]:
    """One line for each thing that is wrong, naming its place and how to mend it; none is good.

    Every provider is built, whether anything leads to it or not; nothing is opened.
    """
    return list(dict.fromkeys(map(str, problems(configuration, places))))


def problems(
    configuration: Configuration, places: Places | None = None
) -> Iterator[ConfigurationError]:
    """What `check` says, as errors that know their provider and option; some may come twice."""
    around = places or Places.here()
    tables = resolve(configuration, around)
    settings = resolve_tables(configuration, around)
    make = Builder(lambda: None)
    for table in walk([*tables.values(), *settings]):
        yield from _own(table)
        yield from _try(table, make)
    yield from _programmes(configuration, around)


def _own(table: Table) -> Iterator[ConfigurationError]:
    """What is wrong with each option by itself, though others may be wrong or missing.

    In the order of writing, that of the providers that are written in an option among it.
    """
    for value in table.values.values():
        yield from [value.problem] if value.problem else []
        for below in value.tables:
            yield from _own(below)
    yield from table.problems
    good = {
        name: value.value
        for name, value in table.values.items()
        if not value.problem and not value.tables
    }
    if table.cls:
        yield from map(table.place.mark, refusals(table.cls, good))


def _try(table: Table, make: Builder) -> list[ConfigurationError]:
    """What shows only when the options stand together."""
    try:
        make.build(table)
    except ConfigurationError as error:
        return [error]
    return []


def _programmes(configuration: Configuration, places: Places) -> Iterator[ConfigurationError]:
    """Aliases in ``[consent] programmes`` that no provider has: their no would bind nobody."""
    try:
        programmes = read_table(ConsentOptions, configuration, places).programmes
    except ConfigurationError:
        return  # told already
    place = Place("consent", "[consent]", configuration.tables["consent"].origin)
    known = {*configuration.providers, *configuration.replaced}
    for alias in (alias for aliases in programmes.values() for alias in aliases):
        if alias not in known:
            words = f"there is no provider {quote_name(alias)}{did_you_mean(alias, known)}"
            yield place.mark(ConfigurationError(f"option 'programmes': {words}"), "programmes")


def warnings(
    configuration: Configuration,
    places: Places | None = None,
    aliases: Iterable[str] | None = None,
) -> list[str]:
    """One line for each value that is right but odd, of ``aliases`` or all, and their providers.

    Where all are asked for, of the tables beside the providers too.

    The declaration of an option says what is odd: see `options.Option`.
    """
    around = places or Places.here()
    tables = [*resolve(configuration, around, aliases).values()]
    if aliases is None:
        written = [name for name, entry in configuration.tables.items() if entry.value]
        tables += [resolve_table(name, configuration, around) for name in written]
    lines = [line for table in walk(tables) for line in _odd(table)]
    if aliases is None and configuration.tables["inbound"].value:
        lines += _find_open(configuration, around)
    if aliases is None and configuration.tables["ledger"].value:
        lines += _find_unpaid(walk(tables), configuration, around)
    return list(dict.fromkeys(lines))


def _find_open(configuration: Configuration, places: Places) -> Iterator[str]:
    """A receiver that anybody may call, and one whose ledger is off."""
    tables = configuration.tables
    try:
        inbound = read_table(InboundTable, configuration, places)
        ledger = read_table(LedgerOptions, configuration, places)
    except ConfigurationError:
        return  # told by `check`
    lost = "what providers tell is lost with the process, and no other one knows of it"
    for name, option, words in (
        ("inbound", "secrets", warn_without_secrets(inbound.secrets)),
        ("ledger", "record", lost if ledger.record == "off" else ""),
    ):
        if words:
            place = Place(name, f"[{name}]", tables[name].origin)
            error = ConfigurationError(f"option {option!r}: {words}")
            yield str(place.mark(error, option))


def _find_unpaid(
    tables: Iterable[Table], configuration: Configuration, places: Places
) -> Iterator[str]:
    """Providers that would look carriers up, where the ledger that is off keeps them from it."""
    try:
        if read_table(LedgerOptions, configuration, places).record != "off":
            return
    except ConfigurationError:
        return  # told by `check`
    words = "no look-up is made while [ledger] record is 'off'; set it to 'needed' or 'all'"
    for table in tables:
        made = None if _try(table, make := Builder(lambda: None)) else make.build(table)
        if isinstance(made, LooksUp) and made.wants_lookup(Message("", "")):
            yield str(table.place.mark(ConfigurationError(f"option 'carrier': {words}")))


def _odd(table: Table) -> Iterator[str]:
    for value in table.values.values():
        warn = value.option.warn if value.option and not value.problem else None
        words = warn(value.value) if warn and value.value is not None else ""
        if words:
            yield str(table.place.mark(ConfigurationError(f"option {value.name!r}: {words}")))
