"""What providers tell of their own accord."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import attrs
import pytest

from sumotext_backend import (
    ConsentSource,
    CrmUpdate,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    InfoRequest,
    OptIn,
    OptOut,
    PollReply,
    SubscriptionRequest,
)

PAGE = Path(__file__).parents[1] / "docs/reference/events.md"
NUMBER, SECRET = "+15015551234", "the secret text"
EVENTS = [
    DeliveryReport(alias="a", provider_id="1", status="DELIVERED", word=SECRET),
    InboundMessage(alias="a", sender=NUMBER, recipient="74700", text=SECRET, keyword=SECRET),
    OptOut(alias="a", number=NUMBER, source=ConsentSource.TEXT, keyword=SECRET),
    OptIn(alias="a", number=NUMBER, source=ConsentSource.TEXT, keyword=SECRET),
    PollReply(alias="a", sender=NUMBER, recipient="74700", reply=SECRET, label=SECRET),
    CrmUpdate(alias="a", number=NUMBER, recipient="74700", text=SECRET, fields={"Name": SECRET}),
    InfoRequest(alias="a", sender=NUMBER, lead=SECRET, text=SECRET),
    SubscriptionRequest(alias="a", topic="arn:aws:sns:…", url=SECRET),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: type(each).__name__)
def test_a_repr_masks_numbers_and_holds_no_text(event: object) -> None:
    """Nor a keyword, or what a customer knows of a person."""
    assert NUMBER[1:] not in repr(event)
    assert SECRET not in repr(event)


@pytest.mark.parametrize("event", EVENTS, ids=lambda each: type(each).__name__)
def test_an_event_travels_whole(event: object) -> None:
    """By pickle, and it cannot be written into."""
    assert event == pickle.loads(pickle.dumps(event))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        event.alias = "b"  # type: ignore[attr-defined]


def test_an_event_of_another_version_is_loaded() -> None:
    """What it lacks gets its default, what is new there is left out."""
    event = EVENTS[0]
    state = {**event.__getstate__(), "novel": 1}
    del state["word"]
    again = object.__new__(DeliveryReport)
    again.__setstate__(state)

    assert attrs.evolve(EVENTS[0], word="") == again


def test_the_customer_s_fields_are_kept_as_they_were() -> None:
    """A mapping that was given can change; the event does not."""
    fields = {"Name": "a"}
    event = CrmUpdate(alias="a", number=NUMBER, recipient="74700", fields=fields)
    fields["Name"] = "b"

    assert {"Name": "a"} == event.fields


@pytest.mark.parametrize("status", list(DeliveryStatus))
def test_a_report_is_final_where_nothing_comes_after_it(status: DeliveryStatus) -> None:
    """Unless the provider says otherwise."""
    final = status.name in ("DELIVERED", "UNDELIVERABLE", "REJECTED", "EXPIRED", "DELETED")
    report = DeliveryReport(alias="a", provider_id="1", status=status)

    assert (final, final) == (status.is_final, report.final)
    assert attrs.evolve(report, final=True).final


@pytest.mark.parametrize("cls", [DeliveryStatus, ConsentSource])
def test_the_page_names_each_word(cls: type[DeliveryStatus | ConsentSource]) -> None:
    """In the order of their declaration."""
    table = PAGE.read_text("utf-8").partition(f"| `{cls.__name__}` |")[2].partition("\n\n")[0]

    assert [each.name for each in cls] == re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
