"""Delivery reports: whatever their order, the state is the same in the end."""

from __future__ import annotations

import itertools
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sumotext_backend import DeliveryReport, DeliveryStatus
from sumotext_backend.ledger import Ledger
from sumotext_backend.ledger.reports import RANKS, find_report, keep_report

pytestmark = pytest.mark.once

_ids: Final = itertools.count()
_reports: Final = st.lists(st.sampled_from(DeliveryStatus), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(statuses=_reports, data=st.data())
def test_any_order_ends_in_the_same_state(
    ledger: Ledger, statuses: list[DeliveryStatus], data: st.DataObject
) -> None:
    """And on the way the state never goes backwards. Control: the last one alone would."""
    ends = []
    for order in (statuses, data.draw(st.permutations(statuses))):
        message_id, seen = f"m{next(_ids)}", []
        for status in order:
            report = DeliveryReport(alias="main", provider_id=message_id, status=status)
            with ledger.database.transact() as run:
                keep_report(run, report)
            found = find_report(ledger, message_id)
            assert found
            seen.append(RANKS[found.status])
        assert seen == sorted(seen)
        ends.append(seen[-1])

    assert ends[0] == ends[1] == max(RANKS[each] for each in statuses)


def test_every_state_has_a_rank() -> None:
    """A new one cannot be forgotten, and nothing outranks the handset."""
    assert set(DeliveryStatus) == set(RANKS)
    assert DeliveryStatus.DELIVERED is max(RANKS, key=lambda status: RANKS[status])


def test_final_states_outrank_all_others() -> None:
    """A late "sent" changes no end."""
    open_ones = [RANKS[each] for each in DeliveryStatus if not each.is_final]

    assert max(open_ones) < min(RANKS[each] for each in DeliveryStatus if each.is_final)
