"""What works on a system that has no ``fcntl``, as Windows: all but the backend ``file``."""

from __future__ import annotations

import subprocess
import sys

import pytest

BLOCKED = """
import errno, os, sys
sys.modules["fcntl"] = None
for name in ("O_NONBLOCK", "O_CLOEXEC", "pread", "fork", "register_at_fork"):
    delattr(os, name)
del errno.EDQUOT
import sumotext_backend
from sumotext_backend import Message, connect
"""


def without_fcntl(code: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in an interpreter that lacks what Windows lacks."""
    return subprocess.run(
        [sys.executable, "-c", BLOCKED + code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("provider", ["console://", "memory://", "null://", "null:// || memory://"])
def test_the_other_backends_send(provider: str) -> None:
    """Development on Windows has its choice of three, and chains of them."""
    ended = without_fcntl(f"print(connect({provider!r}).send(Message('5015551234', 'a')).outcome)")

    assert ended.stdout == "ACCEPTED\n", ended.stderr


def test_a_provider_is_asked() -> None:
    """Nothing listens at the port, and the result says so."""
    dsn = "sumotext://74700/SUMO?carrier=ATTUS&base_url=http://127.0.0.1:9"
    ended = without_fcntl(f"print(connect({dsn!r}).send(Message('5015551234', 'a')).reason)")

    assert ended.stdout == "UNREACHABLE\n", ended.stderr


def test_the_backend_file_says_early_what_it_lacks() -> None:
    """When it is configured and not when a text is sent; one line names what to use instead."""
    ended = without_fcntl("connect('file:///tmp/outbox.jsonl')")
    *_, line = ended.stderr.splitlines()

    assert "ConfigurationError" in line
    assert "'file' needs flock" in line
    assert "'console' or 'memory'" in line
