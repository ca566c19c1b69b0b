"""A Django project with one application, and a gateway on loopback. Skipped without Django."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

if find_spec("django") is None:
    found = Path(__file__).parent.glob("test_*.py")
    collect_ignore = [each.name for each in found if each.name != "test_messages.py"]
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
            SMS_BACKEND="sumotext_django.SmsBackend" if find_spec("sms") else None,
            USE_TZ=True,
        )
        django.setup()

    @pytest.fixture(autouse=True)
    def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is learned of a provider stays in the test, and no configuration is found."""
        monkeypatch.setenv("SUMOTEXT_STATE_DIR", str(tmp_path))
        for name in ("SMS_DSN", "SUMOTEXT_CONFIG"):
            monkeypatch.delenv(name, raising=False)

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
