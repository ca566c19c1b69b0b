"""The table ``[inbound]``, and the receiver of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from sumotext_backend.backend import SmsBackend
from sumotext_backend.callbacks import ReadsCallbacks
from sumotext_backend.config.builder import build
from sumotext_backend.config.model import Configuration
from sumotext_backend.config.places import Places
from sumotext_backend.config.tables import read_table
from sumotext_backend.inbound import InboundTable

if TYPE_CHECKING:
    from sumotext_backend.inbound import Receiver
    from sumotext_backend.inbound.receiver import Tell
    from sumotext_backend.ledger import Ledger


def receiver_of(
    configuration: Configuration, places: Places, ledger: Ledger, tell: Tell | None
) -> Receiver:
    """The receiver of ``configuration``. Raises `ConfigurationError`."""
    from sumotext_backend.inbound import Receiver, fetch
    from sumotext_backend.plugins import load_installed

    providers = build_providers(configuration, places)
    readers = {name: each for name, each in providers.items() if isinstance(each, ReadsCallbacks)}
    return Receiver(
        backends=readers,
        ledger=ledger,
        tell=tell or load_installed().hear,
        fetch=fetch,
        table=read_table(InboundTable, configuration, places),
    )


def build_providers(configuration: Configuration, places: Places) -> dict[str, SmsBackend]:
    """The providers that send by themselves, by alias. Raises `ConfigurationError`."""
    from sumotext_backend.routing.tree import leaves

    found: dict[str, SmsBackend] = {}
    for alias in configuration.providers:
        backend = build(attrs.evolve(configuration, start=alias), places)
        below = [leaf for _, leaf in leaves(backend)]
        if len(below) == 1:
            found[alias] = below[0]
    return found
