"""What a send would do, told without doing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

import attrs

from sumotext_backend.backend import SmsBackend, recipient, unsendable
from sumotext_backend.config.builder import Builder
from sumotext_backend.config.places import Places
from sumotext_backend.config.source import Configuration
from sumotext_backend.config.spec import children
from sumotext_backend.models import Message, Verdict
from sumotext_backend.options import options_of
from sumotext_backend.redact import mask
from sumotext_backend.segments import segment

if TYPE_CHECKING:
    from sumotext_backend.routing import Circuit, Health


@attrs.frozen(kw_only=True)
class Step:
    """A provider that may be asked.

    ``provider`` is its alias and ``within`` the composites around it, the outermost first.
    ``skipped`` says why it is passed over just now; empty where it would be asked.
    ``notes`` are what else is to be known of it, such as a probe or another recipient.
    ``segments`` is how many the text takes; None where it cannot be sent at all.
    """

    provider: str
    backend: str
    within: tuple[str, ...]
    skipped: str
    notes: tuple[str, ...]
    segments: int | None


@attrs.frozen(kw_only=True)
class Rule:
    """What one composite does with the providers that it holds, in words."""

    provider: str
    backend: str
    rule: str


@attrs.frozen(kw_only=True)
class Plan:
    """The providers in the order in which they would be asked, and what ends the trying.

    ``refused`` is why no provider would be asked at all: the number or the text; else empty.
    """

    to: str = attrs.field(converter=mask)
    refused: str
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...]


LEAF: Final = "asked once; whatever it says is the result"


def plan(configuration: Configuration, to: str, text: str, places: Places | None = None) -> Plan:
    """What ``connect(…).send(Message(to, text))`` would do just now.

    Nothing is sent, and health is read but neither changed nor given a probe. Where providers
    take turns, the order is that of a process that has just begun.
    Raises `ConfigurationError`.
    """
    builder = Builder(configuration, places or Places.here())
    backend, message = builder.start(), Message(to, text)
    refusal = unsendable(message)
    number = recipient(message)
    if not refusal and isinstance(number, Verdict):
        refusal = number
    walker = _Walker(message, None if unsendable(message) else segment(text).count)
    steps = tuple(walker.steps(backend, _Way(configuration.start)))
    rules = tuple(walker.rules) or (Rule(provider=steps[0].provider, backend=backend.name, rule=LEAF),)
    return Plan(to=to, refused=refusal.detail if refusal else "", steps=steps, rules=rules)


@attrs.frozen
class _Way:
    """How the walk came to a backend."""

    name: str
    within: tuple[str, ...] = ()
    skipped: str = ""
    notes: tuple[str, ...] = ()
