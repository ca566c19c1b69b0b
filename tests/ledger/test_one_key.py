"""One key is one request: from many processes, after a long sleep, and for those who come late."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import pytest

from sumotext_backend import Message, Outcome, Reason, Sender
from sumotext_backend.ledger import (
    Ledger,
    LedgerError,
    Settings,
    find_entry,
    list_doubts,
    settle,
)
from sumotext_backend.ledger.keys import Claim, claim_key
from sumotext_backend.ledger.sending import _finish, send_remembered
from sumotext_backend.local import MemoryBackend
from sumotext_backend.models import SendResult
from sumotext_backend.testing import HostileGateway

E164 = "+15015551234"
TEXT = Message("5015551234", "hello", key="order-1")
ROOT = Path(__file__).parent.parent.parent
SHARED = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from tests.ledger.crashes import open_ledger
from sumotext_backend import Message, Sender
from sumotext_backend.ledger import Settings
from sumotext_backend.providers.sumotext import SumotextBackend

place, url, threads, lease = json.loads(sys.argv[1])
account = {"shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS"}
backend = SumotextBackend(base_url=url, **account)
sender = Sender(backend, ledger=open_ledger(place, Settings(lease=lease)))

def send(_):
    result = sender.send(Message("5015551234", "hello", key="order-1"))
    return [result.outcome, result.reason, result.message_id]
"""
ALL_AT_ONCE = """
sys.stdin.readline()
with ThreadPoolExecutor(threads) as pool:
    print(json.dumps(list(pool.map(send, range(threads)))))
"""
SLEEPS = """
from sumotext_backend.ledger import sending
before = sending.send_through

def wait(*arguments):
    print("marked", flush=True)
    sys.stdin.readline()
    return before(*arguments)

sending.send_through = wait  # between the mark and the request
print(json.dumps(send(0)))
"""


def _start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SHARED + program, json.dumps(arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_many_processes_one_request(place: str) -> None:
    """Four processes of eight threads send under one key: one request, and all get its result."""
    with HostileGateway(delay=0.2) as gateway:
        running = [_start(ALL_AT_ONCE, place, gateway.url, 8, 60.0) for _ in range(4)]
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = [json.loads(process.communicate(timeout=60)[0]) for process in running]
        assert 1 == gateway.gets

    results = [tuple(result) for answer in answers for result in answer]
    assert 32 == len(results)
    assert 1 == len(set(results))
    assert Outcome.ACCEPTED == results[0][0]


def test_a_woken_process_does_not_send_after_its_lease(place: str) -> None:
    """Stopped between mark and request for longer than its lease, it sends nothing when it wakes.

    Meanwhile another process was told that the send broke off, and did not send either.
    """
    with HostileGateway() as gateway:
        sleeper = _start(SLEEPS, place, gateway.url, 1, 1.0)
        assert sleeper.stdout is not None
        assert sleeper.stdin is not None
        assert "marked\n" == sleeper.stdout.readline()
        os.kill(sleeper.pid, signal.SIGSTOP)
        other = _start(ALL_AT_ONCE, place, gateway.url, 1, 60.0)
        [[outcome, reason, _]] = json.loads(other.communicate("go\n", timeout=60)[0])
        os.kill(sleeper.pid, signal.SIGCONT)
        woken = json.loads(sleeper.communicate("go\n", timeout=60)[0])

        assert ["UNKNOWN", "CRASHED"] == [outcome, reason]
        assert "FAILED" == woken[0]
        assert 0 == gateway.gets


def test_a_stop_within_the_lease_is_only_a_pause(place: str) -> None:
    """Control: woken in time, the same process sends, once."""
    with HostileGateway() as gateway:
        sleeper = _start(SLEEPS, place, gateway.url, 1, 60.0)
        assert sleeper.stdout is not None
        assert "marked\n" == sleeper.stdout.readline()
        os.kill(sleeper.pid, signal.SIGSTOP)
        time.sleep(0.1)
        os.kill(sleeper.pid, signal.SIGCONT)
        woken = json.loads(sleeper.communicate("go\n", timeout=60)[0])

        assert "ACCEPTED" == woken[0]
        assert 1 == gateway.gets


def test_no_backend_is_asked_after_the_lease(ledger: Ledger) -> None:
    """Not one that knows no deadline either."""
    ledger.settings = Settings(lease=1e-9)
    backend = MemoryBackend()

    result = Sender(backend, ledger=ledger).send(TEXT)

    assert Outcome.FAILED is result.outcome
    assert 0 == len(backend.outbox)


def _break_off_and_free(ledger: Ledger) -> Claim:
    """The claim of a sender whose send was called broken off, and settled as not sent."""
    ledger.settings = Settings(lease=1e-9)
    late = claim_key(ledger, TEXT, E164)
    ledger.settings = Settings()
    assert isinstance(late, Claim)
    [doubt] = list_doubts(ledger)
    settle(ledger, doubt.reference, sent=False, note="asked the provider")
    return late


def _end(outcome: Outcome, reason: Reason | None = None) -> SendResult:
    return SendResult(
        backend="memory", to=TEXT.to, outcome=outcome, reason=reason, message_id="late"
    )


def test_a_late_result_ends_its_own_doubt(ledger: Ledger) -> None:
    """A sender that was taken for dead and is not: its word is better than a doubt."""
    ledger.settings = Settings(lease=1e-9)
    late = claim_key(ledger, TEXT, E164)
    assert isinstance(late, Claim)
    assert 1 == len(list_doubts(ledger))

    _finish(ledger, late, _end(Outcome.ACCEPTED))

    entry = find_entry(ledger, late.ref)
    assert entry is not None
    assert ("ACCEPTED", "late") == (entry.outcome, entry.message_id)
    assert ["ended late"] == [note.word for note in entry.notes]


def test_a_late_result_ends_no_other_send(ledger: Ledger) -> None:
    """The key was freed and sent again, which left a doubt: the first sender cannot end that."""
    late = _break_off_and_free(ledger)
    send_remembered(ledger, MemoryBackend(reason="TIMEOUT"), TEXT)

    with pytest.raises(LedgerError, match="settled or removed"):
        _finish(ledger, late, _end(Outcome.FAILED, Reason.UNREACHABLE))

    entry = find_entry(ledger, late.ref)
    assert entry is not None
    assert ("UNKNOWN", "TIMEOUT") == (entry.outcome, entry.reason)


def test_a_late_result_ends_no_other_send_of_the_same_process(ledger: Ledger) -> None:
    """Nor one that is under way, in another thread, say."""
    late = _break_off_and_free(ledger)
    assert isinstance(claim_key(ledger, TEXT, E164), Claim)

    with pytest.raises(LedgerError, match="settled or removed"):
        _finish(ledger, late, _end(Outcome.ACCEPTED))

    entry = find_entry(ledger, late.ref)
    assert entry is not None
    assert "SENDING" == entry.state


def test_a_key_that_is_sent_again_is_settled_no_more(ledger: Ledger) -> None:
    """What a person said of the first try is not said of the second."""
    late = _break_off_and_free(ledger)
    send_remembered(ledger, MemoryBackend(), TEXT)

    entry = find_entry(ledger, late.ref)
    assert entry is not None
    assert ("ACCEPTED", "") == (entry.outcome, entry.settled)


@pytest.mark.parametrize(
    "key", ["", "x" * 10_000, "nul\0", "\ud800"], ids=["empty", "long", "nul", "half"]
)
def test_a_key_that_cannot_be_kept_is_refused(ledger: Ledger, key: str) -> None:
    """On either store alike, in words that do not repeat it, and before anything is sent."""
    backend = MemoryBackend()

    result = send_remembered(ledger, backend, attrs.evolve(TEXT, key=key))

    assert Reason.INVALID_MESSAGE is result.reason
    assert "the key" in result.detail
    assert 0 == len(backend.outbox)


def test_a_text_with_a_nul_is_sent_or_is_not(ledger: Ledger) -> None:
    """PostgreSQL keeps none: then nothing is sent. It never raises."""
    backend = MemoryBackend()

    result = send_remembered(ledger, backend, attrs.evolve(TEXT, text="a\0b"))

    assert (result.outcome is Outcome.ACCEPTED) == bool(backend.outbox)


def test_two_keys_wait_for_nobody(ledger: Ledger) -> None:
    """Threads with keys of their own all send."""
    backend = MemoryBackend()
    texts = [attrs.evolve(TEXT, key=f"order-{number}") for number in range(32)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda text: send_remembered(ledger, backend, text), texts))

    assert {Outcome.ACCEPTED} == {result.outcome for result in results}
    assert 32 == len(backend.outbox)
