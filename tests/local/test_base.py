"""Backends for development: what all of them keep."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from local_backends import MESSAGE, NUMBER, TEXT

from sumotext_backend import (
    Message,
    Outcome,
    Reason,
    SmsBackend,
)
from sumotext_backend.local import ConsoleBackend, FileBackend, MemoryBackend, NullBackend
from sumotext_backend.options import options_of

CLASSES = [ConsoleBackend, FileBackend, MemoryBackend, NullBackend]


Make = Callable[[type[SmsBackend]], SmsBackend]


@pytest.fixture
def backend_of(tmp_path: Path) -> Make:
    """A backend of a class, with an empty directory to write in."""

    def build(cls: type[SmsBackend]) -> SmsBackend:
        return FileBackend(path=tmp_path / "outbox.jsonl") if cls is FileBackend else cls()

    return build


@pytest.mark.parametrize("cls", CLASSES)
class TestContract:
    """What holds for a provider's backend holds here."""

    def test_a_text_is_accepted_under_an_id_of_its_own(
        self, cls: type[SmsBackend], backend_of: Make
    ) -> None:
        """Two texts have two ids."""
        backend = backend_of(cls)
        first, second = backend.send(MESSAGE), backend.send(MESSAGE)

        assert (Outcome.ACCEPTED, Outcome.ACCEPTED) == (first.outcome, second.outcome)
        assert cls.name == first.backend
        assert first.message_id
        assert first.message_id != second.message_id

    @pytest.mark.parametrize(
        ("message", "reason"),
        [
            (Message(NUMBER, ""), Reason.INVALID_MESSAGE),
            (Message(NUMBER, "\ud800"), Reason.INVALID_MESSAGE),
            (Message("not a number", TEXT), Reason.INVALID_RECIPIENT),
            (Message("", ""), Reason.INVALID_MESSAGE),
        ],
    )
    def test_what_no_provider_can_send_is_refused(
        self, cls: type[SmsBackend], backend_of: Make, message: Message, reason: Reason
    ) -> None:
        """So that development finds what production would refuse."""
        assert reason is backend_of(cls).send(message).reason

    def test_it_closes_twice_and_sends_afterwards(
        self, cls: type[SmsBackend], backend_of: Make
    ) -> None:
        """`close` lets go, and a later send opens anew."""
        backend = backend_of(cls)
        backend.close()
        backend.close()

        assert Outcome.ACCEPTED is backend.send(MESSAGE).outcome

    def test_it_pickles_without_texts(self, cls: type[SmsBackend], backend_of: Make) -> None:
        """What was sent does not travel with the backend, which works on the other side."""
        backend = backend_of(cls)
        backend.send(MESSAGE)
        pickled = pickle.dumps(backend)

        assert TEXT.encode() not in pickled
        assert b"5551234" not in pickled
        assert Outcome.ACCEPTED is pickle.loads(pickled).send(MESSAGE).outcome

    def test_its_repr_holds_nothing_private(self, cls: type[SmsBackend], backend_of: Make) -> None:
        """Neither number nor text, though it was just sent."""
        backend = backend_of(cls)
        shown = repr(backend.send(MESSAGE)) + repr(backend)

        assert TEXT not in shown
        assert "5551234" not in shown

    def test_threads_may_share_it(self, cls: type[SmsBackend], backend_of: Make) -> None:
        """Eight threads, each text accepted under its own id."""
        backend = backend_of(cls)
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(backend.send, [MESSAGE] * 200))

        assert {Outcome.ACCEPTED} == {result.outcome for result in results}
        assert 200 == len({result.message_id for result in results})

    def test_every_option_has_a_help(self, cls: type[SmsBackend], backend_of: Make) -> None:
        """The tables in the docs and of the command line are made of them."""
        assert all(option.help for option in options_of(cls).values())
