"""Texts in a file: they are there after a restart."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from simulator_client import MOBILE, call, post, send
from simulator_texts import make_text

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.simulator import Simulator
from sumotext_backend.simulator.shelf import open_shelf
from sumotext_backend.simulator.store import Store

pytestmark = pytest.mark.once


def test_texts_outlive_the_simulator_as_they_were(tmp_path: Path) -> None:
    """With their request, their states and their order; what was deleted stays away."""
    db = tmp_path / "texts.db"
    with Simulator(db=db) as first:
        send(first, msg="gone")
        post(first, msg="né ❄")
        send(first, mobile="5015550116")
        for text, what in zip(first.messages[:2], ("", "/deliver"), strict=True):
            method = "POST" if what else "DELETE"
            call(first.port, method, f"/api/messages/{text.id}{what}")
        before = first.messages
    with Simulator(db=db) as second:
        after = second.messages

    assert 2 == len(after)
    assert before == after


def test_a_stop_outlives_it_too(tmp_path: Path) -> None:
    """A handset need not say no twice."""
    db = tmp_path / "texts.db"
    with Simulator(db=db) as first:
        send(first)
        first.reply(first.messages[0], "STOP")
    with Simulator(db=db) as second:
        answer = send(second)[2]

    assert answer.startswith(f"{MOBILE}:NOTOPT")


def test_nothing_is_left_in_the_file_of_what_was_cleared(tmp_path: Path) -> None:
    """Not even where SQLite would leave what it overwrites later."""
    db = tmp_path / "texts.db"
    with Simulator(db=db) as simulator:
        send(simulator, msg="canary")
        held = b"canary" in db.read_bytes()
        simulator.clear()

    assert held
    assert not any(b"canary" in each.read_bytes() for each in tmp_path.iterdir())


def test_the_file_is_its_users_alone(tmp_path: Path) -> None:
    """It holds numbers and texts."""
    with Simulator(db=tmp_path / "texts.db"):
        pass

    assert 0o600 == stat.S_IMODE((tmp_path / "texts.db").stat().st_mode)


def test_the_oldest_go_from_the_file_too(tmp_path: Path) -> None:
    """A store with a limit has no more on its shelf."""
    with open_shelf(tmp_path / "texts.db") as shelf:
        store = Store(limit=2, shelf=shelf)
        for number in range(5):
            store.put(make_text(number))

        assert store.texts == shelf.load(10)
        assert ["4"] == [each.id for each in shelf.load(1)]


@pytest.mark.parametrize("content", [b"not a database, but words" * 100, None])
def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    """One of something else, or a folder."""
    db = tmp_path / "texts.db"
    if content is None:
        db.mkdir()
    else:
        db.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"--db .*name another") as error:
        Simulator(db=db).__enter__()

    assert "\n" not in str(error.value)


def test_the_control_reads_what_another_program_reads(tmp_path: Path) -> None:
    """It is an SQLite file as any other."""
    with Simulator(db=tmp_path / "texts.db") as simulator:
        send(simulator)
    with sqlite3.connect(tmp_path / "texts.db") as database:
        found = database.execute("SELECT count(*) FROM text").fetchone()
    database.close()

    assert (1,) == found
