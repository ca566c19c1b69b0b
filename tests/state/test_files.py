"""Files of the state belong to their user alone."""

from __future__ import annotations

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sumotext_backend.state import StateBusyError, StateError, load_key, open_database

MODES = pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")


def use(path: Path) -> None:
    """Make a table and a row in the database at ``path``."""
    with open_database(path, synchronous="FULL", timeout=1) as database:
        database.execute("CREATE TABLE IF NOT EXISTS t (x)")
        database.execute("INSERT INTO t VALUES (1)")


def mode(path: Path) -> int:
    """The permissions of what is at ``path``."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database is to be, in a folder that is not there yet."""
    return tmp_path / "state" / "some.sqlite3"


@MODES
def test_what_is_made_is_private(path: Path) -> None:
    """Folder 0700, file 0600, whatever the umask."""
    before = os.umask(0)
    try:
        use(path)
        load_key(path.parent)
    finally:
        os.umask(before)

    assert 0o700 == mode(path.parent)
    assert {0o600} == {mode(each) for each in path.parent.iterdir()}
    assert ["secret.key", "some.sqlite3"] == sorted(each.name for each in path.parent.iterdir())


@MODES
@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_side_files_are_private(path: Path, journal: str) -> None:
    """SQLite's journal, -wal and -shm hold the same data."""
    before = os.umask(0)
    try:
        with open_database(path, synchronous="FULL", timeout=1) as database:
            database.execute(f"PRAGMA journal_mode = {journal}")
            database.execute("CREATE TABLE t (x)")
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO t VALUES (1)")
            modes = {each.name: mode(each) for each in path.parent.iterdir()}
            database.execute("COMMIT")
    finally:
        os.umask(before)

    assert len(modes) > 1
    assert {0o600} == set(modes.values())


@MODES
def test_a_file_that_was_open_to_others_is_closed(path: Path) -> None:
    """An older version, or a copy, may have left it readable."""
    use(path)
    path.chmod(0o644)
    use(path)

    assert 0o600 == mode(path)


@MODES
def test_a_folder_that_is_shared_on_purpose_stays_as_it_is(path: Path) -> None:
    """It is the user's; only what we make is ours."""
    path.parent.mkdir()
    path.parent.chmod(0o755)
    use(path)

    assert (0o755, 0o600) == (mode(path.parent), mode(path))


@pytest.mark.parametrize("suffix", ["", "-journal", "-wal", "-shm"])
def test_a_link_in_the_place_of_a_file_is_not_followed(
    path: Path, tmp_path: Path, suffix: str
) -> None:
    """Whoever put it there wants us to write elsewhere."""
    other = tmp_path / "other"
    other.write_bytes(b"precious")
    path.parent.mkdir()
    path.with_name(path.name + suffix).symlink_to(other)

    with pytest.raises(StateError, match="is a symbolic link"):
        use(path)
    assert b"precious" == other.read_bytes()


def test_a_link_in_the_place_of_the_folder_is_not_followed(path: Path, tmp_path: Path) -> None:
    """Nor is anything made behind it."""
    (tmp_path / "other").mkdir()
    path.parent.symlink_to(tmp_path / "other")

    with pytest.raises(StateError, match="folder is a symbolic link"):
        use(path)
    assert [] == list((tmp_path / "other").iterdir())


def test_a_dangling_link_makes_no_file(path: Path, tmp_path: Path) -> None:
    """For the key too."""
    path.parent.mkdir()
    for name in ("secret.key", path.name):
        (path.parent / name).symlink_to(tmp_path / "made")
    with pytest.raises(StateError):
        use(path)
    with pytest.raises(StateError):
        load_key(path.parent)

    assert not (tmp_path / "made").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs to give away")
@pytest.mark.parametrize("what", ["folder", "file", "key"])
def test_what_belongs_to_another_user_is_refused(path: Path, what: str) -> None:
    """They could read it, or have written it."""
    use(path)
    load_key(path.parent)
    names = {"folder": path.parent, "file": path, "key": path.parent / "secret.key"}
    os.chown(names[what], 65534, -1)

    with pytest.raises(StateError, match="belongs to another user"):
        load_key(path.parent) if what == "key" else use(path)


def test_a_fifo_is_not_waited_for(path: Path) -> None:
    """It is something else than a file."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are none here")
    path.parent.mkdir()
    os.mkfifo(path.parent / "secret.key")
    os.mkfifo(path)

    with pytest.raises(StateError, match="something else"):
        use(path)
    with pytest.raises(StateError, match="something else"):
        load_key(path.parent)


def test_a_writer_that_takes_long_is_told_apart(path: Path) -> None:
    """One may pass over it for a moment, which a broken file is not."""
    use(path)
    with open_database(path, synchronous="OFF", timeout=1) as database:
        database.execute("BEGIN EXCLUSIVE")
        with (
            pytest.raises(StateBusyError),
            open_database(path, synchronous="OFF", timeout=0.01) as other,
        ):
            other.execute("BEGIN IMMEDIATE")


@pytest.mark.parametrize(("synchronous", "number"), [("OFF", 0), ("FULL", 2)])
def test_durability_is_an_argument(path: Path, synchronous: str, number: int) -> None:
    """Health can do without; a ledger cannot."""
    with open_database(path, synchronous=synchronous, timeout=1) as database:  # type: ignore[arg-type]
        assert (number,) == database.execute("PRAGMA synchronous").fetchone()


def test_an_error_names_no_place(path: Path) -> None:
    """Its reader adds what is fit to be shown."""
    path.parent.write_text("a file")
    with pytest.raises(StateError) as caught:
        use(path)

    assert str(path.parent) not in str(caught.value)


def test_all_get_the_same_key(path: Path) -> None:
    """However many come at once, and again later."""
    start = threading.Barrier(8)

    def load(_: int) -> bytes:
        start.wait()
        return load_key(path.parent)

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load, range(8)))

    assert {load_key(path.parent)} == keys
    assert [32] == list(map(len, keys))
    assert ["secret.key"] == [each.name for each in path.parent.iterdir()]


def test_a_key_that_was_cut_is_refused(path: Path) -> None:
    """Under half a key everything would have another name."""
    load_key(path.parent)
    (path.parent / "secret.key").write_bytes(b"short")

    with pytest.raises(StateError, match="is not a key"):
        load_key(path.parent)
