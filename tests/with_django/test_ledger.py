"""The ledger that Django's settings ask for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from sumotext_django import send_text
from sumotext_django.checks import check_settings
from sumotext_django.messages import messages_from
from sumotext_django.senders import get_ledger
from sumotext_django.signals import consent_changed

from sumotext_backend.ledger import MemoryDatabase, opt_out

TO = "5015551234"
KEPT = {"default": {"BACKEND": "memory"}}

PROJECT = """
import sys
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.admin",
                    "django.contrib.messages", "django.contrib.sessions", "sumotext_django"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "main.db"},
               "sms": {"ENGINE": "django.db.backends.sqlite3", "NAME": "sms.db"}},
    SMS_PROVIDERS={"default": {"BACKEND": "memory"}}, SMS_LEDGER="sms", USE_TZ=True,
    SECRET_KEY="of no worth", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
from django.core.management import call_command
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.test import RequestFactory
from sumotext_django import send_text
from sumotext_django.models import Send
call_command("migrate", verbosity=0)
"""

DURABLE = (
    PROJECT
    + """
try:
    with transaction.atomic():
        User.objects.create(username="a")
        first = send_text("5015551234", "hello", key="k")
        raise RuntimeError
except RuntimeError:
    pass
second = send_text("5015551234", "hello", key="k")
print(User.objects.count(), first.stored, second.stored)
"""
)

ADMIN = (
    PROJECT
    + """
send_text("5015551234", "hello", key="k")
shown = admin.site._registry[Send]
for name in ("view_send", "see_numbers"):
    user = User.objects.create(username=name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_send", name]))
    request = RequestFactory().get("/")
    request.user = user
    [row] = shown.get_queryset(request)
    rights = shown.has_add_permission(request), shown.has_change_permission(request, row)
    acts = shown.has_act_permission(request)
    print(shown.number_of(row), shown.has_view_permission(request), *rights, acts)
"""
)


def _run(program: str, folder: Path) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "SUMOTEXT_STATE_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert 0 == ended.returncode, ended.stderr
    return ended.stdout.splitlines()


def test_a_key_outlives_a_transaction_that_is_rolled_back(tmp_path: Path) -> None:
    """The row of the business is gone, the key is not: the text is not sent again."""
    assert ["0 False True"] == _run(DURABLE, tmp_path)


def test_the_admin_shows_numbers_to_those_who_may_see_them(tmp_path: Path) -> None:
    """All others see the last four digits; nobody adds or edits."""
    lines = _run(ADMIN, tmp_path)

    assert ["•••1234 True False False False", "+15015551234 True False False False"] == lines


@override_settings(SMS_PROVIDERS=KEPT)
def test_an_opt_out_is_a_signal_and_stops_texts() -> None:
    """`consent_changed` has the change."""
    heard: list[object] = []

    def hear(change: object, **_: object) -> None:
        heard.append(change)

    consent_changed.connect(hear)
    try:
        opt_out(get_ledger(), TO)
    finally:
        consent_changed.disconnect(hear)

    assert "OPTED_OUT" == send_text(TO, "hello").reason
    assert 1 == len(heard)


@override_settings(SMS_PROVIDERS=KEPT)
def test_manage_py_has_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """They print what ``sumotext`` prints."""
    call_command("sumotext", "consent", "opt-out", TO, "--note", "rang up")
    call_command("sumotext", "consent", "show", TO)
    call_command("sumotext", "ledger", "info")
    call_command("sumotext", "log", "--json")
    printed = capsys.readouterr().out

    assert "rang up" in printed
    assert TO not in printed
    with pytest.raises(CommandError, match="not a phone number"):
        call_command("sumotext", "consent", "opt-out", "x")


@pytest.mark.parametrize(
    ("value", "words"),
    [("nix", "DATABASES has no 'nix'"), (7, "wants an alias of DATABASES or a mapping")],
)
def test_a_wrong_setting_is_found_by_the_checks(value: object, words: str) -> None:
    """One line, and no database is opened."""
    with override_settings(SMS_PROVIDERS=KEPT, SMS_LEDGER=value):
        lines = [each.msg for each in check_settings() if "LEDGER" in each.msg]

    assert 1 == len(lines)
    assert words in lines[0]


def test_each_recipient_has_a_key_of_its_own() -> None:
    """Made of the message's key and the number, which it does not show."""
    one, two = messages_from(
        {"body": "x", "originator": "", "recipients": [TO, "5015550000"], "sms_key": "order-1"}
    )

    assert one.key != two.key
    assert str(one.key).startswith("order-1:")
    assert TO not in str(one.key)
    again = messages_from(
        {"body": "x", "originator": "", "recipients": ["+1" + TO], "sms_key": "order-1"}
    )
    assert one.key == again[0].key


def test_the_outbox_of_tests_begins_with_nothing_known() -> None:
    """What a test refuses is in the memory of that test."""
    from sumotext_django.testing import override

    with override(default="OPTED_OUT"):
        send_text(TO, "hello")
        assert isinstance(get_ledger()._database, MemoryDatabase)
    with override() as outbox:
        send_text(TO, "hello")

    assert 1 == len(outbox)
