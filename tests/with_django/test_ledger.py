"""The ledger that Django's settings ask for."""

from __future__ import annotations

import json
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
from tests.databases import empty_server, server

__all__ = ["empty_server", "server"]

TO = "5015551234"
KEPT = {"default": {"BACKEND": "memory"}}

PROJECT = """
import json
import sys
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.admin",
                    "django.contrib.messages", "django.contrib.sessions", "sumotext_django"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "main.db"},
               "sms": json.loads(sys.argv[1])},
    SMS_PROVIDERS={"default": {"BACKEND": "memory"},
                   "doubts": {"BACKEND": "memory", "OPTIONS": {"reason": "TIMEOUT"}}},
    SMS_LEDGER="sms", USE_TZ=True, ROOT_URLCONF="__main__", ALLOWED_HOSTS=["testserver"],
    SECRET_KEY="of no worth", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                "OPTIONS": {"context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages"]}}],
)
django.setup()
from django.core.management import call_command
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.test import RequestFactory
from sumotext_django import send_text
from sumotext_django.models import Send
from django.urls import path
urlpatterns = [path("admin/", admin.site.urls)]
call_command("migrate", verbosity=0)
"""

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "sms.db"}

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


CHANGELIST = (
    PROJECT
    + """
import html
import re
from django.test import Client
send_text("5015551234", "hello", using="doubts")
send_text("5015550000", "hello", using="doubts")
user = User.objects.create(username="clerk", is_staff=True)
names = ["view_send", "change_send", "view_consent", "change_consent"]
user.user_permissions.set(Permission.objects.filter(codename__in=names))
client = Client()
client.force_login(user)

def look(page, **sent):
    answer = client.post(page, sent, follow=True) if sent else client.get(page)
    return html.unescape(re.sub("<[^>]+>", " ", answer.content.decode())), answer.status_code

sends, consent = "/admin/sumotext/send/", "/admin/sumotext/consent/"
words, code = look(sends)
print(code, "•••1234" in words, "5551234" in words, "UNKNOWN" in words)
refs = [row.ref for row in Send.objects.using("sms").order_by("created_at")]
words, code = look(sends, action="settle_sent", _selected_action=refs[0])
print(code, "1 done" in words)
words, code = look(sends, action="settle_sent", _selected_action=refs[0])
print(code, "0 of 1 done: " in words)
words, code = look(sends, action="opt_out", _selected_action=refs[1])
print(code, "1 done" in words, send_text("5015550000", "hello").reason)
words, code = look(consent)
print(code, "by clerk in the admin" in words or "OPTED_OUT" in words, "5550000" in words)
words, code = look(sends + refs[0] + "/change/")
print(code, "5551234" in words, "hello" in words)
codes = [look(sends + "?" + query)[1] for query in ("outcome__exact=UNKNOWN", "number__gt=%2B1501")]
print(*codes, look(consent + "?number__startswith=%2B1501")[1])
client.force_login(User.objects.create(username="guest", is_staff=True))
print(look(sends)[1], look(sends, action="opt_out", _selected_action=refs[0])[1])
"""
)


def _run(program: str, folder: Path, database: dict[str, str] | None = None) -> list[str]:
    ended = subprocess.run(
        [sys.executable, "-c", program, json.dumps(database or SQLITE)],
        cwd=folder,
        env={**os.environ, "SUMOTEXT_STATE_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert 0 == ended.returncode, ended.stderr
    return ended.stdout.splitlines()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """An entry of ``DATABASES``, with nothing in it."""
    if request.param == "sqlite":
        return SQLITE
    conninfo = pytest.importorskip("psycopg.conninfo")
    given = conninfo.conninfo_to_dict(request.getfixturevalue("empty_server"))
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    own = {names[name]: str(value) for name, value in given.items() if name in names}
    return {"ENGINE": "django.db.backends.postgresql", **own}


def test_a_key_outlives_a_transaction_that_is_rolled_back(
    tmp_path: Path, database: dict[str, str]
) -> None:
    """The row of the business is gone, the key is not: the text is not sent again."""
    assert ["0 False True"] == _run(DURABLE, tmp_path, database)


def test_the_admin_settles_doubts_and_opts_out(tmp_path: Path, database: dict[str, str]) -> None:
    """A clerk's actions are written down; numbers and texts are not shown, guests see nothing."""
    lines = _run(CHANGELIST, tmp_path, database)

    assert [
        "200 True False True",
        "200 True",
        "200 True",
        "200 True OPTED_OUT",
        "200 True False",
        "200 False False",
        "200 400 400",
        "403 403",
    ] == lines


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


LOOKUPS = (
    PROJECT
    + """
from sumotext_backend.simulator import Simulator
with Simulator() as gateway:
    options = {"shortcode": "74700", "keyword": "SUMO", "carrier": "lookup",
               "base_url": gateway.url}
    settings.SMS_PROVIDERS = {"default": {"BACKEND": "sumotext", "OPTIONS": options}}
    print(*(send_text("5015551234", "hello").outcome for _ in "ab"), len(gateway.account.lookups))
    call_command("sumotext", "ledger", "export", "--lookups")
    call_command("sumotext", "ledger", "forget", "5015551234")
    call_command("sumotext", "ledger", "export", "--lookups")
"""
)


def test_carriers_are_remembered_in_the_database_of_the_ledger(
    tmp_path: Path, database: dict[str, str]
) -> None:
    """Looked up once, printed, and forgotten with the number."""
    outcomes, exported, *rest = _run(LOOKUPS, tmp_path, database)

    assert outcomes == "ACCEPTED ACCEPTED 1"
    assert json.loads(exported)["carrier"] == "ATTUS"
    assert "forgotten" in rest[0]
    assert [line for line in rest[1:] if line] == []


@override_settings(SMS_PROVIDERS=KEPT)
def test_manage_py_has_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """They print what ``sumotext`` prints."""
    call_command("sumotext", "consent", "opt-out", TO, "--note", "rang up")
    call_command("sumotext", "consent", "show", TO)
    call_command("sumotext", "ledger", "info")
    call_command("sumotext", "log", "--json")
    call_command("sumotext", "doubts", "resolve")
    printed = capsys.readouterr().out

    assert "rang up" in printed
    assert "there are no doubts" in printed
    assert TO not in printed
    call_command("sumotext", "doubts", "list")
    assert ("", "there is no doubt\n") == capsys.readouterr()
    with pytest.raises(CommandError, match="not a phone number"):
        call_command("sumotext", "consent", "opt-out", "x")


@override_settings(SMS_PROVIDERS=KEPT)
def test_manage_py_takes_what_it_exports(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As ``sumotext`` does; a second time nothing is new, and what is masked is one line."""
    exports = []
    call_command("sumotext", "consent", "opt-out", TO)
    for words in (["--show-numbers"], []):
        capsys.readouterr()
        call_command("sumotext", "consent", "export", *words)
        exports.append(tmp_path / f"{len(words)}.jsonl")
        exports[-1].write_text(capsys.readouterr().out)
    call_command("sumotext", "consent", "import", str(exports[0]))

    assert "0 words were written down, 1 known" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--show-numbers"):
        call_command("sumotext", "consent", "import", str(exports[1]))
    with pytest.raises(CommandError, match="leave out --word"):
        call_command("sumotext", "consent", "import", str(exports[0]), "--word", "opt-in")


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


IN_MEMORY = """
import sys
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["sumotext_django"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    SMS_PROVIDERS={"default": {"BACKEND": "memory"}}, SMS_LEDGER="default", USE_TZ=True,
)
django.setup()
from django.test import override_settings
from sumotext_backend.ledger import opt_out
from sumotext_django import send_text
from sumotext_django.senders import get_ledger
opt_out(get_ledger(), "5015551234")
first = send_text("5015551234", "hello").outcome
with override_settings(SMS_REGION="US"):  # the senders are made anew
    second = send_text("5015551234", "hello").outcome
assert "ACCEPTED" == send_text("5015550000", "hello", key="one").outcome
with override_settings(SMS_CONSENT={}):
    again = send_text("5015550000", "hello", key="one").stored
print(first, second, again)
"""


def test_a_ledger_in_memory_outlives_its_senders(tmp_path: Path) -> None:
    """As one in a file does: else a project's test of a no, or of a key, says nothing."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IN_MEMORY],
        cwd=tmp_path,
        env={**os.environ, "SUMOTEXT_STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "REJECTED REJECTED True\n" == done.stdout, done.stderr


TESTED = """
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["sumotext_django"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "main.db"}},
    SMS_PROVIDERS={"default": {"BACKEND": "memory"}}, SMS_LEDGER="default", USE_TZ=True,
    SMS_INBOUND={"secrets": ["0123456789abcdef0123456789abcdef"]},
)
django.setup()
from django.test.utils import setup_databases, teardown_databases
from sumotext_backend.ledger import list_changes, opt_out
from sumotext_django import send_text
from sumotext_django.inbound import get_receiver
from sumotext_django.senders import get_ledger, get_sender
get_receiver(), get_sender()  # as an application does that sends when it is ready
before = setup_databases(verbosity=0, interactive=False)
opt_out(get_ledger(), "5015551234")
in_test = send_text("5015551234", "hello").outcome, get_receiver().ledger is get_ledger()
send_text("5015550000", "hello", key="one")
teardown_databases(before, verbosity=0)
again = send_text("5015550000", "hello", key="one").stored
print(*in_test, len(list_changes(get_ledger(), "5015551234")), again)
"""


def test_who_was_made_before_the_tests_uses_their_database(tmp_path: Path) -> None:
    """Django renames databases for its tests, and back: no test writes to the real one."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", TESTED],
        cwd=tmp_path,
        env={**os.environ, "SUMOTEXT_STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "REJECTED True 0 False\n" == done.stdout, done.stderr
