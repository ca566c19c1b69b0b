"""The extra ``django`` is Django alone: who uses `send_text` needs no django-sms."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "sms":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["sumotext_django"], LOGGING_CONFIG=None, SMS_HEALTH={"state": "off"},
    SMS_PROVIDERS={"default": "memory://", "theirs": "django-sms://sms.backends.dummy.SmsBackend"},
)
django.setup()
"""
SEND = """
from sumotext_django import send_text
print(send_text("5015551234", "hello").outcome)
"""
CHECK = """
from django.core.checks import run_checks
settings.SMS_PROVIDERS = {"default": "memory://"}
print([one.msg for one in run_checks(tags=["sumotext"])])
"""
COMMAND = """
import contextlib, io
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "sumotext", "send", "5015551234", "hello"])
with contextlib.redirect_stdout(io.StringIO()) as listed:
    execute_from_command_line(["manage.py", "sumotext", "backends"])
print("memory (" in listed.getvalue())
"""
OVERRIDE = """
from sumotext_django import send_text
from sumotext_django.testing import override
with override() as outbox:
    send_text("5015551234", "hello")
print(len(outbox))
"""
THEIRS = """
from django.core.checks import run_checks
from sumotext_django import send_text
print(send_text("5015551234", "hello", using="theirs").detail)
print([f"{one.id} {one.hint}" for one in run_checks(tags=["sumotext"])])
"""
OUR_BACKEND = """
try:
    from sumotext_django import SmsBackend
except Exception as error:
    print(error)
"""


def printed_by(code: str, tmp_path: Path) -> list[str]:
    """The lines that ``code`` prints where ``import sms`` finds nothing."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", BLOCKED + code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def needed_by(extra: str) -> set[str]:
    """The projects that an extra of ours asks for by name."""
    found = map(Requirement, requires("sumotext-backend") or ())
    return {
        each.name.lower()
        for each in found
        if each.marker
        and each.marker.evaluate({"extra": extra})
        and not each.marker.evaluate({"extra": ""})
    }


def test_each_extra_brings_what_it_names() -> None:
    """``django`` is Django; ``django-sms`` adds django-sms."""
    assert {"django"} == needed_by("django")
    assert {"django", "django-sms"} == needed_by("django-sms")


@pytest.mark.parametrize(
    ("code", "last"),
    [(SEND, "ACCEPTED"), (CHECK, "[]"), (COMMAND, "True"), (OVERRIDE, "1")],
    ids=["send_text", "checks", "command", "override"],
)
def test_nothing_of_the_native_way_needs_it(code: str, last: str, tmp_path: Path) -> None:
    """Sending, the checks, ``manage.py sumotext`` and the outbox of tests."""
    assert last == printed_by(code, tmp_path)[-1]


def test_what_needs_it_names_the_extra(tmp_path: Path) -> None:
    """A provider that is a backend of django-sms, the check of it, and our own backend."""
    detail, checked = printed_by(THEIRS, tmp_path)
    [said] = printed_by(OUR_BACKEND, tmp_path)

    assert detail.endswith("pip install 'sumotext-backend[django-sms]'")
    assert "sumotext.E005" in checked
    assert "pip install 'sumotext-backend[django-sms]'" in checked
    assert said == "django-sms is not installed: pip install 'sumotext-backend[django-sms]'"
