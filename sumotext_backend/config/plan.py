"""What a send of a configuration would do, told without doing it."""

from __future__ import annotations

import attrs

from sumotext_backend.config.check import warnings
from sumotext_backend.config.model import Configuration
from sumotext_backend.config.start import build
from sumotext_backend.config.tables import open_ledger
from sumotext_backend.explain import Plan, explain
from sumotext_backend.ledger import Ledger
from sumotext_backend.ledger.gates import put_gates
from sumotext_backend.models import Message
from sumotext_backend.places import Places


def make_plan(
    configuration: Configuration,
    to: str,
    text: str,
    places: Places | None = None,
    ledger: Ledger | None = None,
) -> Plan:
    """What sending ``text`` to ``to`` would do just now (`explain`), and what is odd on the way.

    ``ledger`` stands for that of the configuration. Raises `ConfigurationError`.
    """
    around = places or Places.here()
    backend = build(configuration, around)
    message = Message(to, text, region=configuration.region)
    gated = put_gates(backend, ledger or open_ledger(configuration, around))
    plan = explain(gated, message, configuration.start)
    return attrs.evolve(plan, warnings=tuple(warnings(configuration, around, ())))
