"""Sends that end oddly: broken off, told to somebody who raises, or written by another version."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ClassVar

import attrs
import pytest

from sumotext_backend import ConsentChange, Message, Outcome, Reason, Sender, SmsBackend
from sumotext_backend.ledger import Ledger, LedgerError, list_doubts, list_entries
from sumotext_backend.ledger.keys import Claim, claim_key
from sumotext_backend.local import MemoryBackend
from sumotext_backend.models import SendResult, Verdict

TEXT = Message("5015551234", "hello")
KEYED = attrs.evolve(TEXT, key="order-1")


@attrs.frozen(eq=False)
class Stranger(SmsBackend):
    """A provider of a stranger's, which takes a text of no words, too."""

    name: ClassVar[str] = "stranger"

    ends: Callable[[], Verdict]

    def send(self, message: Message) -> SendResult:
        """End as ``ends`` says."""
        return SendResult.of(self.name, message, self.ends())


@pytest.mark.parametrize("message", [TEXT, KEYED], ids=["no key", "key"])
def test_a_send_that_the_program_breaks_off_is_a_doubt(ledger: Ledger, message: Message) -> None:
    """By Ctrl-C, or the alarm of a worker: a byte may have left."""

    def interrupt() -> Verdict:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Sender(Stranger(interrupt), ledger=ledger).send(message)

    assert [Reason.CRASHED] == [doubt.reason for doubt in list_doubts(ledger)]


def test_a_doubt_of_a_text_without_words_is_kept(ledger: Ledger) -> None:
    """No provider of ours would have sent it, and a stranger's did: a picture, say."""
    lost = Stranger(lambda: Verdict(reason=Reason.NO_ANSWER))

    result = Sender(lost, ledger=ledger).send(attrs.evolve(TEXT, text=""))

    assert [result.reference] == [doubt.reference for doubt in list_doubts(ledger)]


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_who_raises_on_hearing_of_a_no_keeps_nobody_from_the_result(
    ledger: Ledger, error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    """The refusal is one, and not a doubt; what the error says stays out of the log."""

    def hear(change: ConsentChange) -> None:
        raise error(change.number)

    ledger.tell = hear
    caplog.set_level(logging.DEBUG)
    result = Sender(MemoryBackend(reason="NOT_OPTED_IN"), ledger=ledger).send(TEXT)

    assert (Reason.NOT_OPTED_IN, True) == (result.reason, result.recorded)
    assert error.__name__ in caplog.text
    assert "5551234" not in caplog.text


def _rewrite(ledger: Ledger, old: str, new: str) -> None:
    """Make what is stored of all sends what another version would have written."""
    change = f"UPDATE sumotext_send SET result = replace(result, '{old}', '{new}')"
    with ledger.database._lend() as connection:  # type: ignore[attr-defined]
        connection.execute(change)


def test_a_result_of_a_newer_release_is_read_without_what_is_new(ledger: Ledger) -> None:
    """As while several machines are upgraded, one after another."""
    sender = Sender(MemoryBackend(), ledger=ledger)
    first = sender.send(KEYED)
    _rewrite(ledger, '"detail":', '"price":7,"detail":')

    again = sender.send(KEYED)

    assert (first.message_id, True) == (again.message_id, again.stored)


def test_a_result_that_cannot_be_read_is_never_sent_again(ledger: Ledger) -> None:
    """Of a reason that this release does not know: nobody here can tell whether the text went."""
    backend = MemoryBackend(reason="NOT_OPTED_IN")
    sender = Sender(backend, ledger=ledger)
    sender.send(KEYED)
    _rewrite(ledger, "NOT_OPTED_IN", "TOMORROW")

    again = sender.send(KEYED)

    assert (Outcome.UNKNOWN, Reason.BAD_ANSWER) == (again.outcome, again.reason)
    assert "written by another version" in again.detail
    with pytest.raises(LedgerError, match="another version"):
        list_entries(ledger)


def test_a_lease_of_a_clock_that_was_wrong_hides_no_doubt(ledger: Ledger) -> None:
    """A machine sent before it knew the time, and went away; its lease would end next year."""
    assert isinstance(claim_key(ledger, KEYED, "+15015551234"), Claim)
    change = "UPDATE sumotext_send SET owner = 'elsewhere', lease_until = lease_until + 31536000"
    with ledger.database._lend() as connection:  # type: ignore[attr-defined]
        connection.execute(change)

    assert [Reason.CRASHED] == [doubt.reason for doubt in list_doubts(ledger)]
