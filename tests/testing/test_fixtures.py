"""The fixtures that pytest finds where this package is installed."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from sumotext_backend import ConfigurationError, Message, Outcome, connect
from sumotext_backend.local import MemoryBackend, Outbox, record

TO = "5015551234"
PROGRAM = """
[providers.default]
backend = "fallback"
chain = ["main", "backup.two"]

[providers.main]
backend = "sumotext"
shortcode = "74700"
keyword = { env = "NOBODY_SET_THIS" }

[providers."backup.two"]
backend = "null"
"""
SUITE = """
from sumotext_backend import Message, connect

sender = connect()  # made before any test, as a program's module may do

def test_first(sumotext_outbox):
    sender.send(Message("5015551234", "one"))
    assert ["one"] == [message.text for message in sumotext_outbox]

def test_second(sumotext_outbox):
    sender.send(Message("5015551234", "two"))
    assert ["two"] == [message.text for message in sumotext_outbox]
"""
LEAF = """
import sys, pytest
from importlib.metadata import entry_points
[entry] = entry_points(group="pytest11", name="sumotext_backend")
before = {*sys.modules}
entry.load()
print(*sorted({*sys.modules} - before))
"""


@pytest.fixture(autouse=True)
def outside_django(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests of this process have imported is no part of the program."""
    monkeypatch.delitem(sys.modules, "sumotext_django.senders", raising=False)


def python(*args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run this interpreter."""
    return subprocess.run(
        [sys.executable, *args], capture_output=True, text=True, timeout=60, check=False, cwd=cwd
    )


def test_what_pytest_loads_imports_nothing() -> None:
    """The entry point is a leaf: in a run that asks for no fixture, no other module of ours."""
    ended = python("-c", LEAF)

    assert {
        "sumotext_backend",
        "sumotext_backend.testing",
        "sumotext_backend.testing.fixtures",
    } == {*ended.stdout.split()}


def test_our_fixtures_bear_our_name(tmp_path: Path) -> None:
    """Every fixture that pytest gets from us begins with ``sumotext_``."""
    ended = python("-m", "pytest", "--fixtures", "-q", "-p", "no:cacheprovider", cwd=tmp_path)
    ours = [line for line in ended.stdout.splitlines() if "testing/fixtures.py" in line]

    assert ["sumotext_hostile_gateway", "sumotext_outbox", "sumotext_simulator"] == sorted(
        line.partition(" ")[0] for line in ours
    )


def test_a_program_that_names_no_provider_sends_into_the_outbox(sumotext_outbox: Outbox) -> None:
    """``connect()`` as production has it: what it sends is in the list."""
    with connect() as sms:
        result = sms.send(Message(TO, "hello", ref="order 7"))

    assert result.outcome is Outcome.ACCEPTED
    assert [("hello", "order 7")] == [(each.text, each.ref) for each in sumotext_outbox]


def test_each_test_begins_with_an_empty_outbox(sumotext_outbox: Outbox) -> None:
    """What another test sent is not there."""
    assert [] == sumotext_outbox


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program with a configuration of its own, which the environment names."""
    file = tmp_path / "production.toml"
    file.write_text(PROGRAM)
    monkeypatch.setenv("SUMOTEXT_CONFIG", str(file))


@pytest.mark.parametrize("provider", [None, "main", "backup.two", "main || backup.two"])
@pytest.mark.usefixtures("configured")
def test_every_alias_of_the_programs_configuration_keeps_its_texts(
    request: pytest.FixtureRequest, provider: str | None
) -> None:
    """Also one that needs a secret that no test has; nothing leaves by any of them."""
    outbox: Outbox = request.getfixturevalue("sumotext_outbox")
    with connect(provider) as sms:
        sms.send(Message(TO, "hello"))

    assert ["hello"] == [message.text for message in outbox]


@pytest.mark.usefixtures("configured")
def test_an_alias_that_does_not_exist_is_still_an_error(request: pytest.FixtureRequest) -> None:
    """A misspelt provider is found by a test, too."""
    request.getfixturevalue("sumotext_outbox")

    with pytest.raises(ConfigurationError, match="did you mean 'main'"):
        connect("mian")


def test_a_django_project_is_told_to_use_its_own_outbox(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its texts do not go by the environment, so this fixture would let them leave."""
    monkeypatch.setitem(sys.modules, "sumotext_django.senders", ModuleType("senders"))

    with pytest.raises(pytest.fail.Exception, match=r"sumotext_django\.pytest_plugin"):
        request.getfixturevalue("sumotext_outbox")


def test_a_sender_that_was_made_before_is_seen_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ``SMS_DSN=memory://`` for the whole suite, a sender made on import will do."""
    (tmp_path / "test_program.py").write_text(SUITE)
    monkeypatch.setenv("SMS_DSN", "memory://")
    ended = python("-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path)

    assert "2 passed" in ended.stdout, ended.stdout


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for a suite of its own, without configuration."""
    monkeypatch.delenv("SUMOTEXT_CONFIG", raising=False)
    return tmp_path


def test_the_environment_is_as_it_was_afterwards(suite: Path) -> None:
    """The fixture leaves the settings of the process alone once its test has ended."""
    (suite / "test_it.py").write_text(
        "import os\n"
        "def test_with(sumotext_outbox): assert 'SUMOTEXT_CONFIG' in os.environ\n"
        "def test_after(): assert 'SUMOTEXT_CONFIG' not in os.environ\n"
    )
    ended = python("-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=suite)

    assert "2 passed" in ended.stdout, ended.stdout


def test_records_may_be_nested_and_threads_may_send() -> None:
    """Each record has what was kept while it ran, from any thread."""
    with record() as outer:
        MemoryBackend().send(Message(TO, "one"))
        with record() as inner:
            sender = threading.Thread(target=MemoryBackend().send, args=(Message(TO, "two"),))
            sender.start()
            sender.join()
        MemoryBackend().send(Message(TO, "three"))

    assert ["one", "two", "three"] == [message.text for message in outer]
    assert ["two"] == [message.text for message in inner]


def test_nothing_is_recorded_that_did_not_leave() -> None:
    """A text that surely failed is in no outbox."""
    with record() as outbox:
        MemoryBackend(reason="UNREACHABLE").send(Message(TO, "failed"))
        MemoryBackend(reason="NO_ANSWER").send(Message(TO, "in doubt"))

    assert ["in doubt"] == [message.text for message in outbox]
