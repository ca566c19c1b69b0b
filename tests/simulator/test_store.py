"""What the simulator remembers."""

from __future__ import annotations

import attrs
import pytest
from simulator_client import MOBILE
from simulator_texts import NOW, make_text

from sumotext_backend.models import Outcome
from sumotext_backend.simulator.states import State, Step
from sumotext_backend.simulator.store import Store, Text
from sumotext_backend.simulator.traffic import Seen

pytestmark = pytest.mark.once


def seen() -> Seen:
    """A request to send."""
    return Seen(
        method="GET", mobile=MOBILE, name="", outcome=Outcome.ACCEPTED, reason=None, received_at=NOW
    )


def filled(*numbers: int, limit: int = 10) -> Store:
    """A store that took those texts."""
    store = Store(limit=limit)
    for number in numbers:
        store.put(make_text(number))
    return store


def ids(texts: tuple[Text, ...]) -> list[str]:
    """The ids of ``texts``."""
    return [each.id for each in texts]


def test_the_oldest_go_first() -> None:
    """A store holds so many texts and requests and no more."""
    store = filled(0, 1, 2, limit=2)
    for _ in range(3):
        store.see(seen())

    assert ["1", "2"] == ids(store.texts)
    assert len(store.requests) == 2


def test_records_show_no_number_text_or_keyword() -> None:
    """The repr of what is kept masks the numbers and leaves out text, keyword and request."""
    shown = f"{make_text(1)!r}{seen()!r}"

    assert "•••1234" in shown
    assert MOBILE not in shown
    assert "canary" not in shown.lower()


def test_a_text_that_changes_keeps_its_place() -> None:
    """A step is added to the trail, and the order is that in which texts came."""
    store = filled(1, 2)
    changed = store.step("1", Step(NOW, State.DELIVERED))

    assert changed == store.texts[0]
    assert [State.SUBMITTED, State.DELIVERED] == [step.state for step in store.texts[0].trail]
    assert store.step("3", Step(NOW, State.DELIVERED)) is None


def test_changes_since_a_version_are_each_told_once() -> None:
    """A text that came and changed is told as it is now; one that is gone by its id."""
    store = filled(1, 2)
    since = store.version
    store.put(make_text(3))
    store.step("3", Step(NOW, State.DELIVERED))
    store.remove("1")
    changes = store.changes(since)

    assert changes
    assert (["3"], ("1",), store.version) == (ids(changes.texts), changes.gone, changes.version)
    assert [State.DELIVERED] == [each.state for each in changes.texts]
    assert store.changes(store.version) == attrs.evolve(changes, texts=(), gone=())


def test_what_changed_long_ago_is_not_known_any_more() -> None:
    """Beyond the limit, after `clear`, and for a version of another store there is no answer."""
    store = filled(*range(6), limit=3)

    assert store.changes(0) is None
    assert store.changes(store.version + 1) is None
    before = store.version
    store.clear()
    assert store.changes(before) is None
    assert store.changes(store.version) is not None


def test_a_listener_is_called_after_each_change_until_it_stops() -> None:
    """`subscribe` returns how to end it."""
    store, calls = filled(1), []
    stop = store.subscribe(lambda: calls.append(store.version))
    store.put(make_text(2))
    store.remove("2")
    store.remove("2")
    stop()
    stop()
    store.clear()

    assert len(calls) == 2
