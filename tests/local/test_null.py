"""The backend ``null``."""

from __future__ import annotations

import pytest
from local_backends import MESSAGE

from sumotext_backend.local import NullBackend


def test_null_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Accepted and forgotten."""
    NullBackend().send(MESSAGE)

    assert ("", "") == capfd.readouterr()
