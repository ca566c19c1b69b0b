"""A simulator for the tests of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sumotext_backend.simulator import Simulator


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    """One simulator for the tests that leave it as it was."""
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """A simulator that has seen nothing."""
    running.clear()
    return running
