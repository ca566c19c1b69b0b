"""Parts of one inbound text, joined."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import InboundMessage, Part
from sumotext_backend.parts import join_parts

WHOLE = InboundMessage(alias="a", sender="+15015551234", recipient="74700", text="")


def cut(texts: list[str]) -> list[InboundMessage]:
    """One part for each of ``texts``."""
    return [
        attrs.evolve(
            WHOLE,
            text=text,
            provider_id=str(number),
            part=Part(reference="7", number=number, count=len(texts)),
        )
        for number, text in enumerate(texts, 1)
    ]


@given(texts=st.lists(st.text(), min_size=1, max_size=9), draw=st.data())
def test_parts_in_any_order_make_the_text(texts: list[str], draw: st.DataObject) -> None:
    """And with some that come twice; its id is that of the first."""
    parts = cut(texts)
    shuffled = draw.draw(st.permutations([*parts, *parts[:2]]))

    joined = join_parts(shuffled)

    assert attrs.evolve(WHOLE, text="".join(texts), provider_id="1") == joined


@given(texts=st.lists(st.text(), min_size=2, max_size=9), draw=st.data())
def test_while_one_is_missing_there_is_none(texts: list[str], draw: st.DataObject) -> None:
    """Whichever it is."""
    parts = cut(texts)
    del parts[draw.draw(st.integers(0, len(parts) - 1))]

    assert join_parts(parts) is None


def test_nothing_makes_nothing() -> None:
    """No parts at all."""
    assert join_parts([]) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"alias": "b"},
        {"sender": "+15015559999"},
        {"recipient": "74701"},
        {"part": None},
        {"part": Part(reference="8", number=2, count=2)},
        {"part": Part(reference="7", number=2, count=3)},
    ],
    ids=str,
)
def test_parts_of_different_texts_are_refused(changed: dict[str, object]) -> None:
    """Of another provider, person, number, reference or count, and what is no part."""
    first, second = cut(["a", "b"])

    with pytest.raises(ValueError, match=r"different|no part"):
        join_parts([first, attrs.evolve(second, **changed)])
