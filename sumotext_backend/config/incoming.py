"""The receiver of a configuration, and its providers one by one."""

from __future__ import annotations

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.callbacks import ReadsCallbacks
from sumotext_backend.config.find import find
from sumotext_backend.config.model import Configuration
from sumotext_backend.config.start import build
from sumotext_backend.config.tables import open_ledger, read_table
from sumotext_backend.inbound import InboundTable, Receiver, fetch
from sumotext_backend.inbound.receiver import Tell
from sumotext_backend.ledger import Ledger
from sumotext_backend.places import Places
from sumotext_backend.plugins import load_installed
from sumotext_backend.routing.tree import leaves


def open_receiver(
    configuration: Configuration | None = None,
    places: Places | None = None,
    *,
    ledger: Ledger | None = None,
    tell: Tell | None = None,
) -> Receiver:
    """The receiver of the callbacks of ``configuration``'s providers, or of the one that is found.

    ``tell`` hears of each event in place of the installed plugins. Nothing is opened before the
    first callback. Raises `ConfigurationError`.
    """
    around = places or Places.here()
    configuration = configuration or find(around)
    providers = build_providers(configuration, around)
    readers = {name: each for name, each in providers.items() if isinstance(each, ReadsCallbacks)}
    return Receiver(
        backends=readers,
        ledger=ledger or open_ledger(configuration, around),
        tell=tell or load_installed().hear,
        fetch=fetch,
        table=read_table(InboundTable, configuration, around),
    )


def build_providers(
    configuration: Configuration, places: Places | None = None
) -> dict[str, SmsBackend]:
    """The providers of ``configuration`` that send by themselves, by their aliases.

    Raises `ConfigurationError`.
    """
    found: dict[str, SmsBackend] = {}
    for alias in configuration.providers:
        backend = build(attrs.evolve(configuration, start=alias), places)
        below = [leaf for _, leaf in leaves(backend)]
        if len(below) == 1:
            found[alias] = below[0]
    return found
