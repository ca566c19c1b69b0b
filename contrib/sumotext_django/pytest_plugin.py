"""A fixture for tests of projects.

``pytest_plugins = ["sumotext_django.pytest_plugin"]`` in the topmost ``conftest.py`` brings it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sumotext_backend.local import Outbox


@pytest.fixture
def sumotext_outbox() -> Iterator[Outbox]:
    """The messages that the test sent, in any way, instead of texts."""
    # Not imported by the plugin itself, as settings may not be ready when pytest loads it.
    from sumotext_django.testing import override

    with override() as outbox:
        yield outbox
