"""What the command prints of delivery reports: pure functions."""

from __future__ import annotations

from typing import Any

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.events import DeliveryReport, DeliveryStatus
from sumotext_backend.models import Outcome
from sumotext_backend.redact import scrub
from sumotext_backend.render.exits import Exit, exit_code_of
from sumotext_backend.render.results import table

Said = DeliveryReport | NoAnswer


def report_words(said: Said) -> str:
    """What was said, for a person, the state on the first line."""
    if isinstance(said, NoAnswer):
        return table("NO ANSWER", [("why", f"{said.reason}: {said.detail}")])
    rows = [
        ("id", said.provider_id or ""),
        ("provider", said.alias),
        ("reason", str(said.reason or "")),
        ("code", said.code or ""),
        ("said", scrub(said.word)),
        ("at", said.at.isoformat(timespec="seconds") if said.at else ""),
        ("final", "yes" if said.final else "no: ask again later"),
    ]
    return table(str(said.status), rows)


def report_object(said: Said) -> dict[str, Any]:
    """The same for a program; ``status`` is null where there was no answer."""
    if isinstance(said, NoAnswer):
        return {"status": None, "reason": str(said.reason), "detail": said.detail}
    fields = attrs.asdict(said)
    return fields | {
        "status": str(said.status),
        "reason": str(said.reason) if said.reason else None,
        "at": said.at.isoformat() if said.at else None,
    }


def live_words(said: Said, seconds: float) -> str:
    """One short line on what is known after ``seconds`` of waiting."""
    state = "no answer" if isinstance(said, NoAnswer) else str(said.status)
    return f"{state} after {seconds:.0f} s"


def exit_code(said: Said, *, waited: bool) -> Exit:
    """0 delivered, or on its way; 1 given up; 5 not known, or still on its way after waiting.

    Without an answer it is that of the reason, and 75 where it may come later.
    """
    if isinstance(said, NoAnswer):
        lost = said.reason.outcome is Outcome.UNKNOWN
        return Exit.NOT_SENT if lost else exit_code_of(said.reason)
    if said.status is DeliveryStatus.DELIVERED:
        return Exit.ACCEPTED
    if said.final:
        return Exit.REJECTED
    unknown = said.status is DeliveryStatus.UNKNOWN
    return Exit.UNKNOWN if unknown or waited else Exit.ACCEPTED
