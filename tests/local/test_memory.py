"""The backend ``memory``: an outbox for tests."""

from __future__ import annotations

import pytest
from local_backends import MESSAGE, NUMBER, TEXT, from_dsn

from sumotext_backend import (
    ConfigurationError,
    Message,
    Outcome,
    Reason,
    SendResult,
)
from sumotext_backend.local import MemoryBackend
from sumotext_backend.routing import Fallback


def test_the_outbox_holds_what_was_accepted() -> None:
    """Oldest first, and nothing that was refused."""
    backend = MemoryBackend()
    second = Message(NUMBER, "second")
    for message in (MESSAGE, Message("nobody", TEXT), second):
        backend.send(message)

    assert [MESSAGE, second] == backend.outbox


def test_clear_empties_the_outbox() -> None:
    """For the next test."""
    backend = MemoryBackend()
    backend.send(MESSAGE)
    backend.clear()

    assert [] == backend.outbox


@pytest.mark.parametrize("reason", Reason)
def test_any_ending_can_be_played(reason: Reason) -> None:
    """The outbox holds a text where it may have left, and only there."""
    backend = from_dsn(MemoryBackend, f"memory://?reason={reason}")
    result = backend.send(MESSAGE)

    assert isinstance(backend, MemoryBackend)
    assert (reason.outcome, reason) == (result.outcome, result.reason)
    assert ([MESSAGE] if reason.outcome is Outcome.UNKNOWN else []) == backend.outbox


def test_an_unknown_reason_is_an_error() -> None:
    """With what was probably meant."""
    with pytest.raises(ConfigurationError, match="did you mean 'UNREACHABLE'"):
        from_dsn(MemoryBackend, "memory://?reason=UNREACHABEL")


def test_a_chain_is_tested_with_two_outboxes() -> None:
    """What memory backends are for: the second provider got the text, the first did not."""
    first, second = MemoryBackend(reason="UNREACHABLE"), MemoryBackend()
    result: SendResult = Fallback(chain=(first, second)).send(MESSAGE)

    assert Outcome.ACCEPTED is result.outcome
    assert ([], [MESSAGE]) == (first.outbox, second.outbox)
