"""What the command prints of a plan: pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from sumotext_backend.render.results import Rows, table

if TYPE_CHECKING:
    from sumotext_backend.explain import Plan, Step


def plan_words(plan: Plan, headline: str) -> str:
    """``plan`` for a person: the providers in order, and what ends the trying."""
    steps: Rows = [(str(number), step_words(each)) for number, each in enumerate(plan.steps, 1)]
    rules: Rows = [("rule", f"{_name(each)}: {each.rule}") for each in plan.rules]
    return table(headline, [("to", plan.to), *steps, *rules])


def step_words(step: Step) -> str:
    """One provider: how it is called, what the text takes there, and why it may be skipped."""
    count = step.segments
    words = [] if count is None else [f"{count} segment{'' if count == 1 else 's'}"]
    words += [f"in {' > '.join(step.within)}"] if len(step.within) > 1 else []
    words += [*step.notes, *([f"SKIPPED, {step.skipped}"] if step.skipped else [])]
    return f"{_name(step)}: {'; '.join(words)}"


def _name(each: object) -> str:
    provider, backend = getattr(each, "provider", ""), getattr(each, "backend", "")
    return provider if provider in ("", backend) else f"{provider} ({backend})"


def plan_object(plan: Plan) -> dict[str, object]:
    """``plan`` for a program; its number is masked."""
    return attrs.asdict(plan)
