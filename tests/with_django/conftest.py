"""A Django project with one application, and a gateway on loopback. Skipped without Django."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

if find_spec("django") is None:
    collect_ignore_glob = ["test_*.py"]
else:
    import django
    from django.conf import settings
    from django.test import override_settings

    from sumotext_backend.simulator import Simulator

    if not settings.configured:
        settings.configure(
            ALLOWED_HOSTS=["testserver"],
            INSTALLED_APPS=["sumotext_django"],
            DATABASES={},
            LOGGING_CONFIG=None,
            SECRET_KEY="of no worth",
            SMS_BACKEND="sumotext_django.SmsBackend",
            USE_TZ=True,
        )
        django.setup()

    @pytest.fixture(scope="session")
    def simulator() -> Iterator[Simulator]:
        """One simulator for all tests."""
        with Simulator() as running:
            yield running

    def providers(url: str) -> dict[str, Any]:
        """``default`` goes to the simulator; ``chain`` does so after a provider that is down."""
        options = {"shortcode": "74700", "keyword": "SUMO", "carrier": "ATTUS", "base_url": url}
        return {
            "default": {"BACKEND": "sumotext", "OPTIONS": options},
            "chain": {"BACKEND": "fallback", "OPTIONS": {"chain": ["down", "default"]}},
            "down": {"BACKEND": "memory", "OPTIONS": {"reason": "UNREACHABLE"}},
            "kept": {"BACKEND": "memory"},
        }

    @pytest.fixture
    def gateway(simulator: Simulator) -> Iterator[Simulator]:
        """The simulator with nothing seen yet, and settings that lead to it."""
        simulator.clear()
        given = providers(simulator.url)
        with override_settings(SMS_PROVIDERS=given, SMS_HEALTH={"state": "memory"}):
            yield simulator
