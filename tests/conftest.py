"""What every test may ask for: how much to try."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Lets tests import what they share, and processes that they spawn import the tests. At the end, so
# that what is installed, and not the tree, is what is tested.
sys.path.append(str(Path(__file__).parent.parent))

SCALE = int(os.environ.get("SUMOTEXT_TEST_SCALE", "1"))

# At scale 1 every run tries the same examples, so that nobody meets a failure that is not theirs.
settings.register_profile(
    "scaled", max_examples=100 * SCALE, derandomize=SCALE == 1, deadline=None, database=None
)
settings.load_profile("scaled")


@pytest.fixture(scope="session")
def scale() -> int:
    """How many times the usual number of trials to run: ``$SUMOTEXT_TEST_SCALE``, or 1."""
    return SCALE


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless asked for more than the usual."""
    if SCALE == 1:
        skip = pytest.mark.skip(reason="slow: set SUMOTEXT_TEST_SCALE above 1")
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(skip)
