"""How the contract runs something in the child of a fork."""

from __future__ import annotations

import os
import time

import pytest

from sumotext_backend.testing.rules.forking import run_in_fork

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def test_what_the_child_says() -> None:
    """What the function returns comes back, from another process."""
    assert str(os.getpid()) != run_in_fork(lambda: str(os.getpid()), 10)


def test_a_child_that_raises() -> None:
    """Nothing is said, and nothing is raised here."""
    assert "" == run_in_fork(lambda: str(1 // 0), 10)


def test_a_child_that_hangs_is_ended() -> None:
    """It is given its time, and no more."""
    begun = time.monotonic()

    assert "" == run_in_fork(lambda: str(time.sleep(60)), 0.1)
    assert time.monotonic() - begun < 30
