"""What is printed of a result."""

from __future__ import annotations

import attrs
import pytest
from command_cases import result
from commandline import TEXT, TO

from sumotext_backend.models import Reason
from sumotext_backend.redact import mask
from sumotext_backend.render import results

pytestmark = pytest.mark.once


def test_a_result_that_was_stored_says_so() -> None:
    """The same key once more looks like a second text otherwise."""
    first = result(None, provider="main")
    again = attrs.evolve(first, stored=True)
    line = "  stored    the first result under this key; nothing was sent now"

    assert line in results.summary(again, results.cut(TEXT), "main").splitlines()
    assert "stored" not in results.summary(first, results.cut(TEXT), "main")


def test_a_key_that_was_used_before_is_what_is_to_be_changed() -> None:
    """The person and the text are right."""
    assert "give this text a key of its own" == results.advice(result(Reason.KEY_REUSED))


def test_a_doubt_that_is_kept_leads_to_where_it_is() -> None:
    """In the sandbox nothing is kept, and SUMOTEXT cannot be asked."""
    doubt = result(Reason.NO_ANSWER)

    assert "see 'sumotext doubts'" in results.advice(doubt)
    assert "nobody can find out" in results.advice(doubt, kept=False)


def test_a_doubt_that_no_ledger_keeps_leads_to_the_provider() -> None:
    """With ``record = "off"`` there is nothing to list, and the provider may have a record."""
    told = results.advice(result(Reason.NO_ANSWER), record="off")

    assert "look for it at the provider" in told
    assert "sumotext doubts" not in told


def test_a_summary_shows_the_trail_of_a_chain() -> None:
    """Each attempt of a provider is a line: alias, outcome, reason, duration and detail."""
    first = result(Reason.UNREACHABLE, provider="main", duration=0.0123, detail="no connection")
    inner = result(Reason.THROTTLED, provider="backup", duration=2.34)
    chain = attrs.evolve(inner, attempts=(inner,))
    last = attrs.evolve(inner, attempts=(first, chain), retry_after=30.0, detail="too many")
    words = results.summary(last, results.cut(TEXT), "backup")

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
