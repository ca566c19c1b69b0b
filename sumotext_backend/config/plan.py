"""What a send would do, told without doing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from sumotext_backend.backend import SmsBackend, recipient, unsendable
from sumotext_backend.config import rules
from sumotext_backend.config.builder import build
from sumotext_backend.config.check import warnings
from sumotext_backend.config.model import Configuration
from sumotext_backend.config.places import Places
from sumotext_backend.models import Message, Verdict
from sumotext_backend.redact import mask
from sumotext_backend.segments import segment
from sumotext_backend.transliteration import as_sent

if TYPE_CHECKING:
    from sumotext_backend.routing import Route


@attrs.frozen(kw_only=True)
class Step:
    """A provider that may be asked.

    ``provider`` is its alias, ``within`` the composites around it, the outermost first.
    ``skipped`` says why it is passed over just now; empty where it would be asked.
    ``notes`` are what else is to be known of it, such as a probe or another recipient.
    ``segments`` is how many the text takes; None where it cannot be sent at all.
    """

    provider: str
    backend: str
    within: tuple[str, ...] = ()
    skipped: str = ""
    notes: tuple[str, ...] = ()
    segments: int | None = None


@attrs.frozen(kw_only=True)
class Rule:
    """What one composite does with the providers that it holds, and what ends it, in words."""

    provider: str
    backend: str
    rule: str


@attrs.frozen(kw_only=True)
class Plan:
    """The providers in the order in which they would be asked, and what ends the trying.

    ``to`` is masked. ``refused`` is why no provider would be asked at all, if the number or the
    text is at fault; else it is empty. ``warnings`` are lines on values that are right but odd.
    """

    to: str = attrs.field(converter=mask)
    refused: str
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...]
    warnings: tuple[str, ...] = ()


def plan(configuration: Configuration, to: str, text: str, places: Places | None = None) -> Plan:
    """What sending ``text`` to ``to`` would do just now.

    Nothing is sent, and health is read, but neither changed nor given a probe. Where providers
    take turns, the order is that of a process that has just begun. Raises `ConfigurationError`.
    """
    around = places or Places.here()
    message = Message(to, text, region=configuration.region)
    number = recipient(message)
    refusal = unsendable(message) or (number if isinstance(number, Verdict) else None)
    walk = _Walk(message)
    backend = build(configuration, around)
    first = Step(provider=configuration.start or backend.name, backend=backend.name)
    return Plan(
        to=to,
        refused=refusal.detail if refusal else "",
        steps=tuple(walk.steps(backend, first)),
        rules=tuple(walk.rules),
        warnings=tuple(warnings(configuration, around, ())),
    )


@attrs.frozen
class _Walk:
    message: Message
    rules: list[Rule] = attrs.field(init=False, factory=list)

    def steps(self, backend: SmsBackend, way: Step) -> Iterator[Step]:
        """The leaves below ``backend``; ``way`` is what is known of them from above."""
        from sumotext_backend.routing import Redirect, Route
        from sumotext_backend.routing.tree import children

        if isinstance(backend, Route):
            yield from self.steps(backend.of, self._through(backend, way))
            return
        below = children(backend)
        if not below:
            yield attrs.evolve(way, backend=backend.name, segments=self._count_segments(backend))
            return
        self.rules.append(Rule(provider=way.provider, backend=backend.name, rule=rules.of(backend)))
        inside = attrs.evolve(way, within=(*way.within, way.provider))
        if isinstance(backend, Redirect):
            skipped, note = rules.describe_redirect(backend, self.message)
            inside = _add_note(attrs.evolve(inside, skipped=inside.skipped or skipped), note)
        for child in below:
            yield from self.steps(child, inside)

    def _count_segments(self, backend: SmsBackend) -> int | None:
        if unsendable(self.message):
            return None
        return segment(as_sent(self.message.text, backend)).count

    def _through(self, route: Route, way: Step) -> Step:
        named = attrs.evolve(way, provider=route.provider)
        if not route.health:
            return named
        now = route.health.clock()
        circuit = route.health.circuit(route.key)
        skipped, note = rules.describe_circuit(circuit, now, route.health.rules)
        return _add_note(attrs.evolve(named, skipped=way.skipped or skipped), note)


def _add_note(step: Step, note: str) -> Step:
    return attrs.evolve(step, notes=(*step.notes, note)) if note else step
