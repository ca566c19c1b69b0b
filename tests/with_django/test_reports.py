"""What reports of errors show of an exception that comes out of this package.

Django's debug page and Sentry print the locals of every frame.
"""

from __future__ import annotations

import json
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


def reports(case: str, folder: Path) -> dict[str, Any]:
    """The debug page as HTML and text, and what went to Sentry, from a process of its own."""
    ended = subprocess.run(
        [sys.executable, str(REPORTERS), case],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    assert len(found["event"]) == 1
    return found


def test_a_local_is_seen(tmp_path: Path) -> None:
    """The control: page and event show both where a frame holds them; the page as text has none."""
    found = reports("control", tmp_path)

    for report in (found["pages"][0], *found["event"]):
        assert all(each in report for each in PRIVATE)


@pytest.mark.parametrize("case", CASES)
def test_no_report_holds_a_number_or_a_text(case: str, tmp_path: Path) -> None:
    """Whatever is raised, on either way of sending."""
    found = reports(case, tmp_path)

    assert CASES[case] == found["kind"]
    for report in (*found["pages"], *found["event"]):
        assert found["kind"] in report
        assert not [each for each in PRIVATE if each in report]
