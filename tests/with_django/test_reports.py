"""What reports of errors show of an exception that comes out of this package.

Django's debug page and Sentry print the locals of every frame.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sms")
pytest.importorskip("sentry_sdk")

REPORTERS = Path(__file__).with_name("reporters.py")
PRIVATE = ("5015559876", "the-secret-text")
CASES = {
    "native: no provider": "SettingsError",
    "native: wrong provider": "SettingsError",
    "native: bare option": "TypeError",
    "native: unknown backend": "ValueError",
    "native: no text": "TypeError",
    "native: stopped": "SystemExit",
    "django-sms: not accepted": "NotAcceptedError",
    "django-sms: misconfigured": "MisconfiguredError",
    "django-sms: wrong options": "ValueError",
    "django-sms: option of none": "ValueError",
    "django-sms: bare option": "TypeError",
    "django-sms: stopped": "SystemExit",
    "shape": "TypeError",
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """By case the debug page as HTML and text, and what went to Sentry: of one process."""
    folder = tmp_path_factory.mktemp("reports")
    ended = subprocess.run(
        [sys.executable, str(REPORTERS)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "SUMOTEXT_STATE_DIR": str(folder)},
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_a_local_is_seen(reports: dict[str, Any]) -> None:
    """The control: page and event show both where a frame holds them; the page as text has none."""
    found = reports["control"]

    for report in (found["pages"][0], *found["event"]):
        assert all(each in report for each in PRIVATE)


@pytest.mark.parametrize("case", CASES)
def test_no_report_holds_a_number_or_a_text(case: str, reports: dict[str, Any]) -> None:
    """Whatever is raised, on either way of sending."""
    found = reports[case]

    assert (CASES[case], 1) == (found["kind"], len(found["event"]))
    for report in (*found["pages"], *found["event"]):
        assert found["kind"] in report
        assert not [each for each in PRIVATE if each in report]
