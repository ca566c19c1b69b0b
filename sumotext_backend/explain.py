"""What a send would do, told without doing it."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from sumotext_backend.backend import SmsBackend, check, unsendable
from sumotext_backend.ledger import Ledger
from sumotext_backend.ledger.ask_first import AskFirst
from sumotext_backend.ledger.book import Find, look_once
from sumotext_backend.ledger.gate import Gate
from sumotext_backend.models import Message, Verdict
from sumotext_backend.redact import mask
from sumotext_backend.routing import Redirect, Route, children
from sumotext_backend.routing.words import describe_circuit, describe_redirect, describe_rule
from sumotext_backend.segments import segment
from sumotext_backend.transliteration import as_sent


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

    to: str
    refused: str
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...]
    warnings: tuple[str, ...] = ()


def explain(backend: SmsBackend, message: Message, alias: str = "") -> Plan:
    """What sending ``message`` by ``backend``, known as ``alias``, would do just now.

    Nothing is sent. Health and consent are read, but nothing in them is changed, made or given a
    probe. Where providers take turns, the order is that of a process that has just begun.
    """
    wrong = check(message)
    walk = _Walk()
    first = Step(provider=alias or backend.name, backend=backend.name)
    return Plan(
        to=mask(message.to),
        refused=wrong.detail if isinstance(wrong, Verdict) else "",
        steps=tuple(walk.steps(backend, message, first)),
        rules=tuple(walk.rules),
    )


@attrs.frozen
class _Walk:
    rules: list[Rule] = attrs.field(init=False, factory=list)
    finds: dict[Ledger, Find] = attrs.field(init=False, factory=dict)

    def steps(self, backend: SmsBackend, message: Message, way: Step) -> Iterator[Step]:
        """The leaves below ``backend``; ``way`` is what is known of them from above."""
        if isinstance(backend, Gate):
            ledger = backend.book.ledger
            find = self.finds.setdefault(ledger, look_once(ledger))
            verdict = backend.foresee(message, find)
            yield from self.steps(backend.of, message, _add(way, verdict.detail if verdict else ""))
            return
        if isinstance(backend, AskFirst):
            yield from self.steps(backend.of, message, way)
            return
        if isinstance(backend, Route):
            named = attrs.evolve(way, provider=backend.provider)
            yield from self.steps(backend.of, message, _add(named, *describe_circuit(backend)))
            return
        below = children(backend)
        if not below:
            yield attrs.evolve(
                way, backend=backend.name, segments=_count_segments(message, backend)
            )
            return
        rule = describe_rule(backend)
        self.rules.append(Rule(provider=way.provider, backend=backend.name, rule=rule))
        inside = attrs.evolve(way, within=(*way.within, way.provider))
        if isinstance(backend, Redirect):
            inside = _add(inside, *describe_redirect(backend, message))
            message = backend.turn(message) or message
        for child in below:
            yield from self.steps(child, message, inside)


def _count_segments(message: Message, backend: SmsBackend) -> int | None:
    if unsendable(message):
        return None
    return segment(as_sent(message.text, backend)).count


def _add(step: Step, skipped: str, note: str = "") -> Step:
    """``step`` with why it is skipped, unless that is known already, and what else is known."""
    notes = (*step.notes, note) if note else step.notes
    return attrs.evolve(step, skipped=step.skipped or skipped, notes=notes)
