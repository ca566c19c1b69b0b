"""What is printed of a result."""

from __future__ import annotations

import attrs
import pytest
from command_cases import result
from commandline import TEXT, TO

from sumotext_backend.cli import report
from sumotext_backend.models import Reason
from sumotext_backend.redact import mask

pytestmark = pytest.mark.once


def test_a_summary_shows_the_trail_of_a_chain() -> None:
    """Each attempt of a provider is a line: alias, outcome, reason, duration and detail."""
    first = result(Reason.UNREACHABLE, provider="main", duration=0.0123, detail="no connection")
    inner = result(Reason.THROTTLED, provider="backup", duration=2.34)
    chain = attrs.evolve(inner, attempts=(inner,))
    last = attrs.evolve(inner, attempts=(first, chain), retry_after=30.0, detail="too many")
    words = report.summary(last, report.cut(TEXT), "backup")

    assert words.splitlines() == [
        "FAILED (THROTTLED)",
        f"  to        {mask(TO)}",
        "  segments  1 (GSM-7, 23 units, room for 137 more)",
        "  backend   backup",
        "  tried     main (sumotext): FAILED (UNREACHABLE) after 12 ms; no connection",
        "  tried     backup (sumotext): FAILED (THROTTLED) after 2.3 s",
        "  detail    too many",
        "  next      safe to retry: the text was surely not sent, after 30 s",
    ]
