"""Which ledger a configuration asks for."""

from __future__ import annotations

import gc
import logging
from pathlib import Path

import pytest

from sumotext_backend import ConfigurationError, Message, Outcome, Reason, connect
from sumotext_backend.config import Places, load, open_ledger
from sumotext_backend.config.check import check
from sumotext_backend.config.show import in_force
from sumotext_backend.ledger import MemoryDatabase, PostgresDatabase, SqliteDatabase, opt_out

TO = "5015551234"
NULL = {"providers": {"default": "null://"}}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Surroundings of which nothing is known."""
    return Places({"SUMOTEXT_STATE_DIR": str(tmp_path / "state")}, tmp_path, tmp_path)


def test_a_process_that_sends_nothing_makes_no_file(places: Places) -> None:
    """The ledger is opened by the first send, and is its user's alone."""
    with connect(NULL, places=places) as sms:
        assert not places.state_dir().exists()
        sms.send(Message(TO, "hello"))

    file = places.state_dir() / "ledger.sqlite3"
    assert (0o700, 0o600) == (
        places.state_dir().stat().st_mode & 0o777,
        file.stat().st_mode & 0o777,
    )


def test_a_key_outlives_its_sender(places: Places) -> None:
    """The second sender of a configuration knows the first one's keys."""
    message = Message(TO, "hello", key="k")
    with connect(NULL, places=places) as first:
        one = first.send(message)
    with connect(NULL, places=places) as second:
        two = second.send(message)

    assert (False, True) == (one.stored, two.stored)
    assert one.message_id == two.message_id


def test_senders_of_a_configuration_share_one_ledger(places: Places) -> None:
    """It goes with the last of them."""
    one, two = connect(NULL, places=places), connect(NULL, places=places)
    assert one.ledger is two.ledger
    before = id(one.ledger)
    del one, two
    gc.collect()
    held = [object() for _ in range(100)]

    assert before != id(connect(NULL, places=places).ledger) or held


def test_the_table_names_path_or_database(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path is below the configuration's folder; a URL may stand in the environment."""
    monkeypatch.chdir(tmp_path)
    named = {**NULL, "ledger": {"path": "here.db"}}
    database = open_ledger(load(named), places).database
    pointed = {**NULL, "ledger": {"url": {"env": "URL"}}}
    there = Places({"URL": "postgresql://u:canary@h/d"}, places.cwd, places.home)

    assert isinstance(database, SqliteDatabase)
    assert "here.db" == database.path.name
    assert isinstance(open_ledger(load(pointed), there)._database, PostgresDatabase)
    assert "canary" not in repr(in_force(load(pointed), there))
    assert (tmp_path / "here.db").exists()


def test_without_a_ledger_keys_are_refused(
    places: Places, caplog: pytest.LogCaptureFixture
) -> None:
    """One warning says so; who said no is known to the process, and no file is made."""
    caplog.set_level(logging.WARNING)
    off = {**NULL, "ledger": {"record": "off", "lease": 77}}
    with connect(off, places=places) as sms, connect(off, places=places) as other:
        keyed = sms.send(Message(TO, "hello", key="k"))
        assert sms.ledger
        assert isinstance(sms.ledger._database, MemoryDatabase)
        opt_out(sms.ledger, TO)
        refused = other.send(Message(TO, "hello"))

    assert (Reason.CONFIGURATION, Reason.OPTED_OUT) == (keyed.reason, refused.reason)
    assert 1 == sum("the ledger is off" in each.getMessage() for each in caplog.records)
    assert not places.state_dir().exists()


def test_consent_fails_closed(places: Places) -> None:
    """A ledger that cannot be read lets nothing go, unless its owner says so in these words."""
    places.state_dir().parent.joinpath("state").write_text("a file, not a folder")
    risky = {**NULL, "consent": {"on_unread": "may_text_who_said_no"}}
    with connect(NULL, places=places) as closed, connect(risky, places=places) as opened:
        kept, gone = closed.send(Message(TO, "hello")), opened.send(Message(TO, "hello"))

    assert (Outcome.FAILED, Reason.UNAVAILABLE) == (kept.outcome, kept.reason)
    assert Outcome.ACCEPTED is gone.outcome


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"ledger": {"url": "mysql://x"}}, "option 'url' wants postgresql://"),
        ({"ledger": {"url": "postgresql://x", "path": "y"}}, "exclude each other"),
        ({"ledger": {"record": "some"}}, "option 'record' wants one of"),
        ({"ledger": {"lease": 0}}, "option 'lease'"),
        ({"consent": {"programmes": {"a": ["nobody"]}}}, "there is no provider 'nobody'"),
        ({"consent": {"programmes": {"a": ["x"], "b": ["x"]}}}, "names the provider 'x' twice"),
        ({"consent": {"programmes": "a"}}, "wants a table"),
        ({"consent": {"on_unread": "yes"}}, "may_text_who_said_no"),
    ],
)
def test_a_wrong_setting_is_one_line(tables: dict[str, object], words: str) -> None:
    """Found by ``config check``, without a ledger being opened."""
    lines = check(load({**NULL, **tables}))

    assert 1 == len(lines), lines
    assert words in lines[0]


def test_a_wrong_ledger_stops_connect(places: Places) -> None:
    """Before anything is sent."""
    with pytest.raises(ConfigurationError, match="wants postgresql"):
        connect({**NULL, "ledger": {"url": "mysql://x"}}, places=places)


def test_what_only_keeps_texts_in_memory_learns_nothing_of_people(places: Places) -> None:
    """A refusal that a program's test made up binds no other sender, and makes no file."""
    made_up = {"providers": {"default": {"backend": "memory", "reason": "OPTED_OUT"}}}
    with connect(made_up, places=places) as test, connect(NULL, places=places) as real:
        refused = test.send(Message(TO, "hello"))
        assert not places.state_dir().exists()
        sent = real.send(Message(TO, "hello"))

    assert (Outcome.REJECTED, Outcome.ACCEPTED) == (refused.outcome, sent.outcome)
