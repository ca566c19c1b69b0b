"""Results as the ledger keeps them: JSON without the number and without the provider's line."""

from __future__ import annotations

import json
from typing import Any, Final

import attrs

from sumotext_backend.ledger.database import LedgerError
from sumotext_backend.models import Outcome, Reason, SendResult

_DROPPED: Final = ("to", "region", "raw")  # a region says how a number is read, and none is kept

_FIELDS: Final = frozenset(field.name for field in attrs.fields(SendResult))


def write_result(result: SendResult) -> str:
    """``result`` as JSON, holding no number."""
    return json.dumps(_strip(result.to_dict()), ensure_ascii=False, separators=(",", ":"))


def restore_result(stored: str, number: str, region: str | None = None) -> SendResult:
    """The result that `write_result` wrote, as one of ``number`` as dialled in ``region``.

    What a newer release knows more of it is left out. Raises `LedgerError` for one that this
    release cannot read.
    """
    try:
        return SendResult.from_dict(_fill(json.loads(stored), number, region))
    except (AttributeError, TypeError, ValueError):
        pass  # whose words may show what is in it
    raise LedgerError("a result was written by another version, which alone can read it")


def _strip(fields: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name not in _DROPPED}
    return kept | {"attempts": [_strip(attempt) for attempt in fields["attempts"]]}


def _fill(fields: dict[str, Any], to: str, region: str | None) -> dict[str, Any]:
    attempts = [_fill(attempt, to, region) for attempt in fields.get("attempts", ())]
    known = {name: value for name, value in fields.items() if name in _FIELDS}
    return known | {"to": to, "region": region, "attempts": attempts}


CRASHED: Final = json.dumps(
    {
        "backend": "",
        "outcome": str(Outcome.UNKNOWN),
        "reason": str(Reason.CRASHED),
        "detail": "the process that sent it broke off; the text may be out",
        "attempts": [],
    }
)
"""The result of a send that broke off."""
