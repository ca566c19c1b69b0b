"""Delivery reports: whatever their order, the state is the same in the end."""

from __future__ import annotations

import itertools
import time
from typing import Final

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sumotext_backend import (
    DeliveryReport,
    DeliveryStatus,
    Message,
    Reason,
    Sender,
    SendResult,
    SmsBackend,
)
from sumotext_backend.ledger import Ledger, list_changes, list_entries, opt_in
from sumotext_backend.ledger.inbox import keep_events
from sumotext_backend.ledger.reports import RANKS, find_report, keep_report
from sumotext_backend.providers import Verdict
from sumotext_backend.routing import Route

TO: Final = "5015559876"
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


def send(
    ledger: Ledger, reason: str | None = None, message_id: str = "A", to: str = TO
) -> SendResult:
    """A send by ``main`` that the ledger keeps, with the id that the provider gave it."""

    @attrs.frozen
    class Provider(SmsBackend):
        name = "provider"

        def send(self, message: Message) -> SendResult:
            verdict = Verdict(reason=Reason(reason) if reason else None, message_id=message_id)
            return SendResult.of("provider", message, verdict)

    route = Route(provider="main", of=Provider())
    return Sender(route, ledger=ledger).send(Message(to, "hello", key=f"{to} {message_id}"))


def tell(ledger: Ledger, status: DeliveryStatus, *, no: bool = False, **names: str | None) -> None:
    """What the provider says of a text by one of its names, or both."""
    reason = Reason.OPTED_OUT if no else None
    report = DeliveryReport(alias="main", status=status, reason=reason, **names)
    keep_events(ledger, "main", [report], lambda _: True)


SAID = (DeliveryStatus.DELIVERED, DeliveryStatus.SUBMITTED)


@pytest.mark.parametrize("statuses", [SAID, SAID[::-1]])
@pytest.mark.parametrize("early", [0, 1, 2])
def test_reports_by_either_name_are_of_one_text(
    early: int, statuses: tuple[DeliveryStatus, DeliveryStatus], ledger: Ledger
) -> None:
    """By our reference alone, and by the provider's id alone; ``early`` come before the answer."""
    number = Message(TO, "hello", key="A")
    heard: list[str] = []

    @attrs.frozen
    class Provider(SmsBackend):
        name = "provider"

        def send(self, message: Message) -> SendResult:
            heard.append(message.reference or "")
            for names, status in list(zip(name_twice(), statuses, strict=True))[:early]:
                tell(ledger, status, **names)
            return SendResult.of("provider", message, Verdict(message_id="A"))

    def name_twice() -> list[dict[str, str | None]]:
        return [{"reference": heard[0]}, {"provider_id": "A"}]

    Sender(Route(provider="main", of=Provider()), ledger=ledger).send(number)
    for names, status in list(zip(name_twice(), statuses, strict=True))[early:]:
        tell(ledger, status, **names)
    found = [find_report(ledger, each, "main") for each in (heard[0], "A")]

    assert [DeliveryStatus.DELIVERED] * 2 == [each and each.status for each in found]
    assert ledger.database.read("count_old_reports", seconds=-60.0) == [(2 if early else 1,)]


@pytest.mark.parametrize(("other", "words"), [("A", 2), ("B", 3)])
def test_a_no_by_the_other_name_of_its_text_is_the_same(
    other: str, words: int, ledger: Ledger
) -> None:
    """Who came back since stays back. Control: one on another text is new."""
    first, _ = send(ledger), send(ledger, message_id="B")
    tell(ledger, DeliveryStatus.REJECTED, no=True, reference=first.reference)
    time.sleep(0.01)  # of two words in one millisecond the no holds
    opt_in(ledger, TO)
    tell(ledger, DeliveryStatus.REJECTED, no=True, provider_id=other)

    assert words == len(list_changes(ledger, TO))


@pytest.mark.parametrize("names", [["provider_id"], ["reference", "provider_id"]])
def test_a_no_that_came_before_the_answer_is_the_same_by_every_name(
    names: list[str], ledger: Ledger
) -> None:
    """It came by our reference, as the id was not known yet; who came back since stays back."""

    @attrs.frozen
    class Provider(SmsBackend):
        name = "provider"

        def send(self, message: Message) -> SendResult:
            tell(ledger, DeliveryStatus.REJECTED, no=True, reference=message.reference)
            return SendResult.of("provider", message, Verdict(message_id="A"))

    sender = Sender(Route(provider="main", of=Provider()), ledger=ledger)
    known = {"reference": sender.send(Message(TO, "hello", key="A")).reference, "provider_id": "A"}
    time.sleep(0.01)  # of two words in one millisecond the no holds
    opt_in(ledger, TO)
    tell(ledger, DeliveryStatus.REJECTED, no=True, **{name: known[name] for name in names})

    assert ["OPTED_OUT", "OPTED_IN"] == [each.word for each in list_changes(ledger, TO)]


def test_the_id_of_a_doubt_is_not_believed(ledger: Ledger) -> None:
    """An answer that names another number may hold the id of that one's text."""
    doubt = send(ledger, "ECHO_MISMATCH")
    tell(ledger, DeliveryStatus.DELIVERED, provider_id="A")

    assert doubt.reference
    assert find_report(ledger, doubt.reference, "main") is None
    assert ["UNKNOWN"] == [each.outcome for each in list_entries(ledger)]


@pytest.mark.parametrize(
    ("reasons", "whose"),
    [(("ECHO_MISMATCH", None), 1), ((None, "ECHO_MISMATCH"), 0), ((None, None), 1)],
    ids=["answer of another before", "answer of another after", "id twice"],
)
def test_a_no_is_of_whose_text_it_surely_was(
    reasons: tuple[str | None, str | None], whose: int, ledger: Ledger
) -> None:
    """Not of whose answer held that one's id, nor of who had that id before it began anew."""
    numbers = ("5015550001", "5015550002")
    for to, reason in zip(numbers, reasons, strict=True):
        send(ledger, reason, to=to)
        time.sleep(0.002)
    tell(ledger, DeliveryStatus.REJECTED, no=True, provider_id="A")
    bound = [bool(list_changes(ledger, to)) for to in numbers]

    assert [whose == place for place in range(2)] == bound


def test_a_no_about_a_text_of_which_another_version_wrote_is_kept(ledger: Ledger) -> None:
    """Its result, of a reason of tomorrow, cannot be read here; who said no is not texted."""
    doubt = send(ledger, "TIMEOUT")
    with ledger.database._lend() as connection:  # type: ignore[attr-defined]
        connection.execute(
            "UPDATE sumotext_send SET result = replace(result, 'TIMEOUT', 'TOMORROW')"
        )
    tell(ledger, DeliveryStatus.REJECTED, no=True, reference=doubt.reference)

    assert ["OPTED_OUT"] == [each.word for each in list_changes(ledger, TO)]


def test_every_state_has_a_rank() -> None:
    """A new one cannot be forgotten, and nothing outranks the handset."""
    assert set(DeliveryStatus) == set(RANKS)
    assert DeliveryStatus.DELIVERED is max(RANKS, key=lambda status: RANKS[status])


def test_final_states_outrank_all_others() -> None:
    """A late "sent" changes no end."""
    open_ones = [RANKS[each] for each in DeliveryStatus if not each.is_final]

    assert max(open_ones) < min(RANKS[each] for each in DeliveryStatus if each.is_final)
