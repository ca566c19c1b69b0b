"""From words to a `Sender`: where configuration is found, what it may say, and what it makes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.config import expression
from sumotext_backend.config.django_style import from_settings
from sumotext_backend.config.find import find, of_mapping
from sumotext_backend.config.model import DSN, Configuration, Entry, Origin
from sumotext_backend.config.places import Places
from sumotext_backend.exceptions import ConfigurationError, NothingConfiguredError
from sumotext_backend.lazy import attach
from sumotext_backend.sender import Sender

if TYPE_CHECKING:
    from sumotext_backend.config.check import check as check_configuration
    from sumotext_backend.config.check import warnings as find_warnings
    from sumotext_backend.config.health import file_of as find_health_file
    from sumotext_backend.config.health import forget_failures, read_circuits
    from sumotext_backend.config.health import rules_of as make_rules
    from sumotext_backend.config.health import settings_of as read_health_settings
    from sumotext_backend.config.plan import Plan
    from sumotext_backend.config.plan import plan as make_plan
    from sumotext_backend.config.remembered import ledger_of as make_ledger
    from sumotext_backend.config.remembered import read_settings as read_ledger_settings
    from sumotext_backend.config.remembered import share as share_ledger
    from sumotext_backend.config.resolve import replace_options
    from sumotext_backend.config.show import in_force as list_settings
    from sumotext_backend.ledger import Ledger
    from sumotext_backend.registry import listing as list_backends
    from sumotext_backend.registry import names as list_backend_names

__all__ = [
    "Configuration",
    "Entry",
    "Origin",
    "Places",
    "Plan",
    "build",
    "check_configuration",
    "connect",
    "find_health_file",
    "find_warnings",
    "forget_failures",
    "from_settings",
    "list_backend_names",
    "list_backends",
    "list_settings",
    "load",
    "make_ledger",
    "make_plan",
    "make_rules",
    "of_mapping",
    "open_ledger",
    "read_circuits",
    "read_health_settings",
    "read_ledger_settings",
    "replace_options",
    "share_ledger",
]

_HOMES: Final = {
    "Plan": "sumotext_backend.config.plan",
    "check_configuration": "sumotext_backend.config.check:check",
    "find_warnings": "sumotext_backend.config.check:warnings",
    "find_health_file": "sumotext_backend.config.health:file_of",
    "forget_failures": "sumotext_backend.config.health",
    "list_backend_names": "sumotext_backend.registry:names",
    "list_backends": "sumotext_backend.registry:listing",
    "list_settings": "sumotext_backend.config.show:in_force",
    "make_ledger": "sumotext_backend.config.remembered:ledger_of",
    "make_plan": "sumotext_backend.config.plan:plan",
    "make_rules": "sumotext_backend.config.health:rules_of",
    "read_circuits": "sumotext_backend.config.health",
    "read_health_settings": "sumotext_backend.config.health:settings_of",
    "read_ledger_settings": "sumotext_backend.config.remembered:read_settings",
    "replace_options": "sumotext_backend.config.resolve",
    "share_ledger": "sumotext_backend.config.remembered:share",
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
    Raises `ConfigurationError`: nothing is configured, an unknown alias or backend, a wrong option.
    """
    surroundings = places or Places.here()
    configuration = load(source, config=config, places=surroundings)
    backend = build(configuration, surroundings)
    ledger = open_ledger(configuration, surroundings)
    return Sender(backend, ledger=_forget(ledger) if _keeps_in_memory(backend) else ledger)


def _keeps_in_memory(backend: SmsBackend) -> bool:
    """Whether no text can leave, as in a program's tests: then nothing is learned of anybody."""
    from sumotext_backend.local import MemoryBackend
    from sumotext_backend.routing.tree import leaves

    return all(isinstance(leaf, MemoryBackend) for _, leaf in leaves(backend))


def _forget(ledger: Ledger) -> Ledger:
    """A ledger as ``ledger``, that ends with its sender."""
    from sumotext_backend.ledger import Ledger, MemoryDatabase

    return Ledger(MemoryDatabase(), ledger.settings, ledger.tell)


def build(configuration: Configuration, places: Places | None = None) -> SmsBackend:
    """The backend that ``configuration.start`` names. Raises `ConfigurationError`."""
    from sumotext_backend.config import builder

    return builder.build(configuration, places or Places.here())


def open_ledger(configuration: Configuration | None = None, places: Places | None = None) -> Ledger:
    """The ledger of ``configuration``, or of the one that is found; without any, the user's own.

    Nothing is opened before it is used. Raises `ConfigurationError`.
    """
    from sumotext_backend.config.remembered import ledger_of

    around = places or Places.here()
    if configuration is None:
        try:
            configuration = find(around)
        except NothingConfiguredError:
            configuration = of_mapping({})
    return ledger_of(configuration, around)


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
        return _of_mapping(source)
    if source is None or expression.is_alias(source):
        found = find(surroundings, config)
        return attrs.evolve(found, start=source or "default")
    return _of_expression(source, config, surroundings)


def _of_mapping(source: Mapping[str, Any]) -> Configuration:
    one = "backend" in source or "dsn" in source
    return of_mapping({"providers": {"default": source}} if one else source)


def _of_expression(
    text: str, config: str | os.PathLike[str] | None, places: Places
) -> Configuration:
    """The DSN ``text`` under the alias ``""``; files are read only if it names aliases."""
    try:
        named = config or expression.names_alias(expression.parse(text))
    except ConfigurationError as error:
        error.at(file=DSN)
        raise
    found = find(places, config) if named else of_mapping({})
    entry = Entry(text, Origin(DSN))
    return attrs.evolve(found, providers={**found.providers, "": entry}, start="")
