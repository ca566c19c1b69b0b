"""What the leak finder finds, and what it lets pass."""

from __future__ import annotations

import attrs
import bad_backends as bad
import pytest

from sumotext_backend import Message
from sumotext_backend.local import MemoryBackend
from sumotext_backend.testing.leaks import LeakFinder

NUMBER = "+15015551234"


@attrs.frozen(kw_only=True)
class Allows(MemoryBackend):
    """Has a number among its options."""

    allow: str = NUMBER


@pytest.mark.parametrize("shown", ["to 5015551234", "canary+sings+at+dawn", "s3cret-t0ken!"])
def test_number_text_and_secret_are_found(shown: str) -> None:
    """The place is named, and never what was found there."""
    finder = LeakFinder(NUMBER, bad.ShowsItsSecret())

    assert ["log"] == finder.search({"log": shown, "detail": "nothing"})


def test_an_option_is_not_kept_of_a_send() -> None:
    """What was there before the send is not of the send."""
    backend = Allows()
    finder = LeakFinder(NUMBER, backend)
    backend.send(Message(NUMBER, finder.text))

    assert [] == finder.search_state(backend)


def test_what_is_kept_of_a_send_is_named() -> None:
    """By its kind."""
    backend = bad.KeepsTheLastMessage()
    finder = LeakFinder(NUMBER, backend)
    backend.send(Message(NUMBER, finder.text))

    assert ["Message", "number or text"] == finder.search_state(backend)
