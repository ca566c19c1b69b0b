"""The providers' own clients and specifications; tox installs and fetches them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "SUMOTEXT_TEST_JUDGES"

collect_ignore_glob = [] if VARIABLE in os.environ else ["*"]


@pytest.fixture(scope="session")
def judges() -> Path:
    """The folder of what was fetched."""
    return Path(os.environ[VARIABLE])
