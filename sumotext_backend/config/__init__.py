"""From words to a `Sender`: where configuration is found, what it may say, and what it makes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from sumotext_backend import expression
from sumotext_backend.backend import SmsBackend
from sumotext_backend.config.django_style import from_settings
from sumotext_backend.config.find import EXAMPLE, FILE, find, find_or_empty, of_mapping
from sumotext_backend.config.model import DSN, Configuration, Entry, Origin
from sumotext_backend.exceptions import ConfigurationError, NothingConfiguredError
from sumotext_backend.lazy import attach
from sumotext_backend.places import Places
from sumotext_backend.sender import Sender

if TYPE_CHECKING:
    from sumotext_backend.config.check import check as check_configuration
    from sumotext_backend.config.check import warnings as find_warnings
    from sumotext_backend.config.incoming import build_providers, open_receiver
    from sumotext_backend.config.plan import make_plan
    from sumotext_backend.config.resolve import replace_options
    from sumotext_backend.config.show import in_force as list_settings
    from sumotext_backend.config.start import build
    from sumotext_backend.config.tables import (
        open_ledger,
        read_health_settings,
        read_ledger_settings,
    )
    from sumotext_backend.ledger import Ledger

__all__ = [
    "Configuration",
    "Entry",
    "Origin",
    "Places",
    "build",
    "build_providers",
    "check_configuration",
    "connect",
    "find_warnings",
    "from_settings",
    "list_settings",
    "load",
    "make_plan",
    "of_mapping",
    "open_ledger",
    "open_receiver",
    "read_health_settings",
    "read_ledger_settings",
    "replace_options",
]

_HOMES: Final = {
    "build": f"{__name__}.start",
    "build_providers": f"{__name__}.incoming",
    "check_configuration": f"{__name__}.check:check",
    "find_warnings": f"{__name__}.check:warnings",
    "list_settings": f"{__name__}.show:in_force",
    "make_plan": f"{__name__}.plan",
    "open_ledger": f"{__name__}.tables",
    "open_receiver": f"{__name__}.incoming",
    "read_health_settings": f"{__name__}.tables",
    "read_ledger_settings": f"{__name__}.tables",
    "replace_options": f"{__name__}.resolve",
}
if not TYPE_CHECKING:
    __getattr__ = attach(__name__, _HOMES)

Source = str | Mapping[str, Any]


def connect(
    source: Source | None = None,
    *,
    config: str | os.PathLike[str] | None = None,
    places: Places | None = None,
) -> Sender:
    """A `Sender` for one provider. Nothing is opened before the first send.

    ``source`` is an alias (``"main"``), a DSN or several (``"main || backup"``), or a mapping: a
    whole configuration, or one provider's. None is the provider ``default``. ``config`` names the
    file to use; ``places`` stands for the surroundings of the process.
    Around a provider that is named in full stands the configuration that is found, if there is
    one, with its region, its ledger and its consent.
    Raises `ConfigurationError`: nothing is configured, an unknown alias or backend, a wrong option,
    a file that cannot be read.
    """
    from sumotext_backend.config.start import build
    from sumotext_backend.config.tables import open_ledger

    surroundings = places or Places.here()
    configuration = load(source, config=config, places=surroundings)
    backend = build(configuration, surroundings)
    ledger = open_ledger(configuration, surroundings)
    ledger = _forget(ledger) if _keeps_in_memory(backend) else ledger
    return Sender(backend, ledger=ledger, region=configuration.region)


def _keeps_in_memory(backend: SmsBackend) -> bool:
    """Whether no text can leave, as in a program's tests: then nothing is learned of anybody."""
    from sumotext_backend.local import MemoryBackend
    from sumotext_backend.routing.tree import leaves

    return all(isinstance(leaf, MemoryBackend) for _, leaf in leaves(backend))


def _forget(ledger: Ledger) -> Ledger:
    """A ledger as ``ledger``, that ends with its sender."""
    from sumotext_backend.ledger import Ledger, MemoryDatabase

    return Ledger(MemoryDatabase(), ledger.settings, ledger.tell)


def load(
    source: Source | None = None,
    *,
    config: str | os.PathLike[str] | None = None,
    places: Places | None = None,
) -> Configuration:
    """The configuration that `connect` would use for the same arguments, not yet built.

    Raises `ConfigurationError` where there is none, or none that can be read.
    """
    surroundings = places or Places.here()
    if isinstance(source, Mapping):
        if config:
            raise ConfigurationError("give a mapping or the name of a file, not both")
        return _of_mapping(source, surroundings)
    if source is None or expression.is_alias(source):
        return _of_alias(source, config, surroundings)
    return _of_expression(source, config, surroundings)


def _of_alias(
    alias: str | None, config: str | os.PathLike[str] | None, places: Places
) -> Configuration:
    try:
        return attrs.evolve(find(places, config), start=alias or "default")
    except NothingConfiguredError:
        if alias is None:
            raise
    raise NothingConfiguredError(
        f"no provider is configured, so that no alias is known: pass a DSN such as {EXAMPLE}, or "
        f"write {FILE} with a table [providers.ALIAS]"
    )


def _of_mapping(source: Mapping[str, Any], places: Places) -> Configuration:
    if "backend" not in source and "dsn" not in source:
        return of_mapping(source)
    return _replace_providers(find_or_empty(places), "default", Entry(source, Origin()))


def _of_expression(
    text: str, config: str | os.PathLike[str] | None, places: Places
) -> Configuration:
    """The DSN ``text`` under the alias ``""``, beside what is found if it names aliases of it."""
    try:
        named = expression.names_alias(expression.parse(text))
    except ConfigurationError as error:
        error.at(file=DSN)
        raise
    entry = Entry(text, Origin(DSN))
    if not named:
        return _replace_providers(find_or_empty(places, config), "", entry)
    found = find(places, config)
    return attrs.evolve(found, providers={**found.providers, "": entry}, start="")


def _replace_providers(found: Configuration, alias: str, entry: Entry) -> Configuration:
    """``found`` with one provider in place of its own, which are not looked at."""
    own = frozenset(found.providers)
    return attrs.evolve(found, providers={alias: entry}, replaced=own, start=alias, notes=())
