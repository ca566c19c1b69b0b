"""What the command prints of changes at SUMOTEXT: pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sumotext_backend.models import Outcome, Verdict
from sumotext_backend.redact import mask, scrub
from sumotext_backend.render.results import table

_NEXT: Final[Mapping[Outcome, str]] = {
    Outcome.REJECTED: "mend it first: the gateway will refuse it again",
    Outcome.FAILED: "safe to retry: it was surely not done",
    Outcome.UNKNOWN: "do not repeat it blindly: it may have been done, and the gateway cannot tell",
}


def change_words(what: str, verdict: Verdict, number: str = "") -> str:
    """How the change ``what`` ended, for a person; ``number`` is masked."""
    outcome = _find_outcome(verdict)
    rows = [
        ("change", what),
        ("number", mask(number) if number else ""),
        ("detail", verdict.detail),
        ("said", scrub(verdict.raw)),
        ("next", _NEXT.get(outcome, "")),
    ]
    return table(f"{outcome} ({verdict.reason})" if verdict.reason else str(outcome), rows)


def change_object(what: str, verdict: Verdict) -> dict[str, Any]:
    """The same for a program."""
    return {
        "change": what,
        "outcome": str(_find_outcome(verdict)),
        "reason": str(verdict.reason) if verdict.reason else None,
        "detail": verdict.detail,
    }


def _find_outcome(verdict: Verdict) -> Outcome:
    return verdict.reason.outcome if verdict.reason else Outcome.ACCEPTED
