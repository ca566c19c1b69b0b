"""The two stories that the ledger is for, each told by two processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from sumotext_backend.testing import HostileGateway

PROGRAM = """
import json, os, sys
from tests.ledger.crashes import open_ledger
from sumotext_backend import Message, Sender
from sumotext_backend.providers.sumotext import SumotextBackend
from sumotext_backend.routing import Fallback, Route

place, main, backup, key, dies = json.loads(sys.argv[1])

def provider(alias, url):
    account = {"shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS"}
    return Route(provider=alias, of=SumotextBackend(base_url=url, **account))

tree = Fallback(chain=(provider("main", main), provider("backup", backup)))
sender = Sender(tree, ledger=open_ledger(place) if place else None)
result = sender.send(Message("5015551234", "hello", key=key))
if dies:
    os.kill(os.getpid(), 9)  # before its own commit
print(json.dumps([result.outcome, result.reason, result.stored]))
"""
ROOT = Path(__file__).parent.parent.parent


def _run(*arguments: object) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    answer: list[object] = json.loads(done.stdout or "[]")
    return answer


def _refuse_and_go_down(place: str) -> tuple[list[object], list[object], int]:
    with HostileGateway() as backup:
        with HostileGateway("R03") as main:
            first = _run(place, main.url, backup.url, None, False)
        later = _run(place, main.url, backup.url, None, False)
        return first, later, backup.gets


def test_a_refused_person_is_not_texted_by_the_backup_later(place: str) -> None:
    """SUMOTEXT refuses a person and goes down; another process does not text them elsewhere."""
    first, later, texts = _refuse_and_go_down(place)

    assert "REJECTED" == first[0]
    assert ["REJECTED", "NOT_OPTED_IN"] == later[:2]
    assert 0 == texts


def test_without_a_ledger_a_refused_person_is_texted() -> None:
    """Control: what was measured before there was a ledger."""
    first, later, texts = _refuse_and_go_down("")

    assert ("REJECTED", "ACCEPTED", 1) == (first[0], later[0], texts)


def test_a_killed_program_does_not_send_again(place: str) -> None:
    """Killed between the request and its own commit, it gets the first send's result."""
    with HostileGateway() as main:
        _run(place, main.url, main.url, "order-1", True)
        again = _run(place, main.url, main.url, "order-1", False)

        assert ["ACCEPTED", None, True] == again
        assert 1 == main.gets


def test_without_a_key_a_killed_program_sends_again(place: str) -> None:
    """Control: what has no key is a new text each time."""
    with HostileGateway() as main:
        _run(place, main.url, main.url, None, True)
        _run(place, main.url, main.url, None, False)

        assert 2 == main.gets
