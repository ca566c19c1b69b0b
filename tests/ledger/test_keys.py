"""One key, one text, one result."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import attrs

from sumotext_backend import Message, Outcome, Reason
from sumotext_backend.ledger import Ledger, Settings, list_doubts, settle
from sumotext_backend.ledger.keys import Claim, claim_key
from sumotext_backend.ledger.sending import send_remembered
from sumotext_backend.local import MemoryBackend

E164 = "+15015551234"
TEXT = Message("5015551234", "hello", key="order-1")


def test_a_key_sends_once(ledger: Ledger) -> None:
    """The second send under a key is the first one's result, marked as such."""
    backend = MemoryBackend()

    first = send_remembered(ledger, backend, TEXT)
    second = send_remembered(ledger, backend, TEXT)

    assert 1 == len(backend.outbox)
    assert first.message_id == second.message_id
    assert (False, True) == (first.stored, second.stored)
    assert first.reference == second.reference


def test_a_number_written_otherwise_is_the_same(ledger: Ledger) -> None:
    """What counts of a number is its E.164 form."""
    backend = MemoryBackend()
    send_remembered(ledger, backend, TEXT)

    again = send_remembered(ledger, backend, attrs.evolve(TEXT, to="+1 (501) 555-1234"))

    assert again.stored
    assert 1 == len(backend.outbox)


def test_a_key_belongs_to_one_text(ledger: Ledger) -> None:
    """Another text or number under a key is refused, and not sent."""
    backend = MemoryBackend()
    send_remembered(ledger, backend, TEXT)

    other_text = send_remembered(ledger, backend, attrs.evolve(TEXT, text="bye"))
    other_number = send_remembered(ledger, backend, attrs.evolve(TEXT, to="5015550000"))

    assert (Reason.KEY_REUSED, Reason.KEY_REUSED) == (other_text.reason, other_number.reason)
    assert 1 == len(backend.outbox)


def test_many_threads_one_key(ledger: Ledger) -> None:
    """Eight threads that send under one key at once make one request, and all get its result."""
    backend = MemoryBackend()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: send_remembered(ledger, backend, TEXT), range(8)))

    assert 1 == len(backend.outbox)
    assert 1 == len({result.message_id for result in results})


def test_without_a_key_nothing_is_held_back(ledger: Ledger) -> None:
    """Texts without a key are each sent."""
    backend = MemoryBackend()
    for _ in range(2):
        send_remembered(ledger, backend, attrs.evolve(TEXT, key=None))

    assert 2 == len(backend.outbox)


def test_a_broken_off_send_stays_a_doubt(ledger: Ledger) -> None:
    """A send whose lease ended is UNKNOWN / CRASHED for ever, and is never made again."""
    ledger.settings = Settings(lease=0.0)
    assert isinstance(claim_key(ledger, TEXT, E164), Claim)
    ledger.settings = Settings()
    backend = MemoryBackend()

    results = [send_remembered(ledger, backend, TEXT) for _ in range(2)]

    assert [Reason.CRASHED] * 2 == [result.reason for result in results]
    assert 0 == len(backend.outbox)
    assert 1 == len(list_doubts(ledger))


def test_a_doubt_settled_as_not_sent_frees_its_key(ledger: Ledger) -> None:
    """Once somebody knows that the text did not go, its key may be sent again."""
    ledger.settings = Settings(lease=0.0)
    claim_key(ledger, TEXT, E164)
    ledger.settings = Settings()
    [doubt] = list_doubts(ledger)
    settle(ledger, doubt.reference, sent=False, note="asked the provider")

    result = send_remembered(ledger, MemoryBackend(), TEXT)

    assert Outcome.ACCEPTED is result.outcome
    assert not list_doubts(ledger)


def test_a_doubt_settled_as_sent_keeps_its_key(ledger: Ledger) -> None:
    """Once somebody knows that the text went, its key gives that result."""
    ledger.settings = Settings(lease=0.0)
    claim_key(ledger, TEXT, E164)
    ledger.settings = Settings()
    [doubt] = list_doubts(ledger)
    entry = settle(ledger, doubt.reference, sent=True, note="seen on the phone", message_id="x1")
    backend = MemoryBackend()

    result = send_remembered(ledger, backend, TEXT)

    assert (Outcome.ACCEPTED, "x1", True) == (result.outcome, result.message_id, result.stored)
    assert 0 == len(backend.outbox)
    assert ["seen on the phone"] == [note.note for note in entry.notes]
