"""What the command prints of carriers, and what they have cost: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import attrs

from sumotext_backend.asking import NoAnswer
from sumotext_backend.models import Outcome
from sumotext_backend.providers.sumotext.lookup_wire import COST_USD, Carrier
from sumotext_backend.redact import mask
from sumotext_backend.render.exits import Exit, exit_code_of


@attrs.frozen(kw_only=True)
class Row:
    """One number: its carrier, None where there is none or where it is not known.

    ``source`` is ``asked``, ``remembered`` or ``unknown``, and ``why`` then says why. ``cost`` is
    in US dollars, and at most that where the answer was lost.
    """

    number: str = attrs.field(repr=mask)
    carrier: str | None
    source: str
    cost: Decimal
    why: str = ""
    exit: Exit


def make_row(number: str, said: Carrier | NoAnswer) -> Row:
    """What was ``said`` of ``number``, in E.164."""
    if isinstance(said, NoAnswer):
        return _make_unknown(number, said)
    return Row(
        number=number,
        carrier=said.code,
        source="asked" if said.paid else "remembered",
        cost=COST_USD if said.paid else Decimal(0),
        exit=Exit.ACCEPTED if said.code else Exit.REJECTED,
    )


def _make_unknown(number: str, said: NoAnswer) -> Row:
    lost = said.reason.outcome is Outcome.UNKNOWN
    return Row(
        number=number,
        carrier=None,
        source="unknown",
        cost=COST_USD if lost else Decimal(0),
        why=said.detail,
        exit=exit_code_of(said.reason),
    )


def lookups_words(rows: Sequence[Row]) -> str:
    """A line for each number, masked, its carrier first."""
    width = max(len(_name(row)) for row in rows)
    return "\n".join(f"{mask(row.number)}  {_name(row):<{width}}  {_tell(row)}" for row in rows)


def _name(row: Row) -> str:
    return row.carrier or ("-" if row.source == "unknown" else "no carrier")


def _tell(row: Row) -> str:
    return row.why or (f"looked up, US${COST_USD}" if row.cost else "remembered")


def cost_words(rows: Sequence[Row]) -> str:
    """What they have cost together."""
    paid = sum(row.cost > 0 for row in rows)
    total = sum((row.cost for row in rows), Decimal(0))
    if not paid:
        return "no look-up was made, and nothing is to pay"
    many = "look-up was" if paid == 1 else "look-ups were"
    return f"{paid} {many} made, which cost US${total}"


def lookups_object(rows: Sequence[Row]) -> dict[str, Any]:
    """All of it for a program; numbers are in full."""
    return {
        "numbers": [
            {
                "number": row.number,
                "carrier": row.carrier,
                "source": row.source,
                "why": row.why or None,
            }
            for row in rows
        ],
        "cost_usd": str(sum((row.cost for row in rows), Decimal(0))),
    }


_GRAVEST_FIRST: Final = (
    Exit.CONFIGURATION,
    Exit.USAGE,
    Exit.UNKNOWN,
    Exit.NOT_SENT,
    Exit.REJECTED,
    Exit.ACCEPTED,
)


def exit_code(rows: Sequence[Row]) -> Exit:
    """The gravest of all rows: 1 where a number has no carrier, 5 where an answer was lost."""
    return min((row.exit for row in rows), key=_GRAVEST_FIRST.index)
