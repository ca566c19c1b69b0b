"""The example project runs: its own tests, its checks, and its views against the simulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sumotext_backend.simulator import Simulator

pytest.importorskip("sms")

PROJECT = Path(__file__).parents[2] / "docs" / "examples" / "django_project"
GOOD, REFUSED, DOUBT = "5015551234", "5015550101", "5015550106"


def manage(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py``."""
    # A project's own folder must be on the path, which tox keeps off for our tests.
    dropped = ("DJANGO", "PYTHONSAFEPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return subprocess.run(
        [sys.executable, "-W", "error", "-B", "manage.py", *arguments],
        cwd=PROJECT,
        env={**kept, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def post(gateway: Simulator, path: str, *to: str) -> tuple[int, dict[str, object]]:
    """Status and JSON of a POST, in a process of its own that sends to ``gateway``."""
    dsn = f"sumotext://74700/SUMO?carrier=ATTUS&base_url={gateway.url}"
    code = (
        "import json; from django.test import Client;"
        f"answer = Client().post({path!r}, {{'to': {to!r}}});"
        "print(json.dumps([answer.status_code, answer.json()]))"
    )
    ended = manage("shell", "-c", code, SMS_DSN=dsn)
    assert ended.returncode == 0, ended.stderr
    status, fields = json.loads(ended.stdout.splitlines()[-1])
    return status, fields


def test_its_own_tests_pass() -> None:
    """With ``manage.py test``, as a project runs them."""
    ended = manage("test")

    assert (0, True) == (ended.returncode, "Ran 2 tests" in ended.stderr), ended.stderr


def test_its_settings_are_in_order() -> None:
    """For development; with ``--deploy`` the console is told of."""
    assert manage("check", "--fail-level", "WARNING").returncode == 0
    assert "sumotext.W003" in manage("check", "--deploy", "--tag", "sumotext").stderr


@pytest.mark.parametrize(
    ("number", "status", "outcome"),
    [(GOOD, 200, "ACCEPTED"), (REFUSED, 422, "REJECTED"), (DOUBT, 502, "UNKNOWN")],
)
def test_the_native_view(gateway: Simulator, number: str, status: int, outcome: str) -> None:
    """One request at the gateway, and a status that says what may be done next."""
    found, fields = post(gateway, "/orders/7/confirm", number)

    assert (status, outcome, 1) == (found, fields["outcome"], len(gateway.requests))


def test_the_view_with_django_sms(gateway: Simulator) -> None:
    """Three recipients, the second refused: one request each."""
    _, fields = post(gateway, "/orders/7/remind", GOOD, REFUSED, "5015551235")

    assert {"accepted": 2, "outcomes": ["ACCEPTED", "REJECTED", "ACCEPTED"]} == fields
    assert len(gateway.requests) == 3
