"""Programs that tests start, and that import modules of the tests."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def find_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let them find ``tests``, behind what is installed: the package is the wheel, not the tree."""
    places = (sysconfig.get_path("purelib"), str(ROOT))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(places))
