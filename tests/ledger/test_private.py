"""No number, text or key where nobody looks for one; and gone is gone."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from sumotext_backend import ConsentChange, InboundMessage, Message, Reason, Sender
from sumotext_backend.ledger import (
    Ledger,
    LedgerError,
    MemoryDatabase,
    NotADoubtError,
    Settings,
    SqliteDatabase,
    find_entry,
    list_doubts,
    list_entries,
    opt_in,
    opt_out,
    settle,
    show_consent,
    write_changes,
)
from sumotext_backend.ledger.inbox import claim_event, end_event, keep_events
from sumotext_backend.ledger.retention import forget, purge
from sumotext_backend.local import MemoryBackend
from tests.ledger.crashes import open_ledger

NUMBER, E164 = "5015559876", "+15015559876"
TEXT = Message(NUMBER, "canary-text-zulu", key="canary-key-yankee")
CANARIES = ("5559876", "canary-text", "canary-key")


def _find(words: str) -> list[str]:
    return [canary for canary in CANARIES if canary in words]


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """Everything that any logger says."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    names = [*root.manager.loggerDict, "psycopg", "psycopg.pool", "sqlite3"]
    loggers = [root, *map(logging.getLogger, names)]
    before = [logger.level for logger in loggers]
    root.addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


def _use(ledger: Ledger) -> list[object]:
    """Use all of ``ledger``, also after it broke; what came back."""
    refuses = Sender(MemoryBackend(reason="NOT_OPTED_IN"), ledger=ledger)
    doubts = Sender(MemoryBackend(reason="TIMEOUT"), ledger=ledger)
    found: list[object] = [sender.send(TEXT) for sender in (refuses, doubts)]
    found.append(doubts.send(attrs.evolve(TEXT, key="canary-key-2")))
    found += [*list_entries(ledger), *list_doubts(ledger), ledger, ledger._database, refuses]
    opt_in(ledger, E164, note="n")
    with ledger.database._lend() as connection:  # type: ignore[attr-defined]
        connection.execute("ALTER TABLE sumotext_send RENAME COLUMN number TO number2")
    found.append(doubts.send(attrs.evolve(TEXT, key="canary-key-3")))
    found.append(doubts.send(attrs.evolve(TEXT, key=None)))
    return found


def test_logs_and_reprs_hold_nothing_private(ledger: Ledger, logs: io.StringIO) -> None:
    """With every logger at DEBUG, the database's drivers among them."""
    found = _use(ledger)

    assert [] == _find(logs.getvalue())
    assert [] == _find(repr(found))
    assert logs.getvalue()


@pytest.mark.parametrize("wrong", ["nul\0canary-text", "half \ud800 canary-text"])
def test_errors_hold_nothing_private(ledger: Ledger, wrong: str) -> None:
    """Not in their text, their traceback or what they were raised from."""
    ledger.database  # noqa: B018 - opened
    try:
        with ledger.database.transact() as run:
            run(
                "add_consent",
                programme="p",
                person="p",
                number=E164,
                word=None,
                provider="",
                reason="",
                source="x",
                note=wrong,
            )
    except LedgerError as error:
        shown = "".join(traceback.format_exception(error)) + repr(error) + str(error.__context__)
        assert [] == _find(shown.replace("note=wrong", ""))
        assert "\n" not in str(error)  # noqa: PT017
    else:
        pytest.fail("the row was taken")


HALF = "half \ud800 canary-text"
"""What no database takes, and whose error holds all of it."""


def _encode_half(ledger: Ledger) -> None:
    """A caller's own fault inside a transaction."""
    with ledger.database.transact():
        HALF.encode()


def _add_half(ledger: Ledger) -> None:
    with ledger.database.transact() as run:
        run("add_audit", ref="r", word="w", source="s", note=HALF)


TAKES: dict[str, Callable[[Ledger], object]] = {
    "read": lambda ledger: find_entry(ledger, HALF),
    "transact": _add_half,
    "inside": _encode_half,
    "write_all": lambda ledger: opt_out(ledger, E164, note=HALF),
    "settle": lambda ledger: settle(ledger, HALF, sent=True, note=HALF),
    "forget": lambda ledger: forget(ledger, HALF),
    "list": lambda ledger: list_entries(ledger, e164=HALF),
}


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def any_ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger in each of the stores, that of ``record = "off"`` too."""
    if request.param == "memory":
        yield Ledger(MemoryDatabase())
        return
    url = request.getfixturevalue("empty_server") if request.param == "postgresql" else ""
    made = open_ledger(url or str(tmp_path / "ledger.sqlite3"))
    yield made
    made.close()


@pytest.mark.parametrize("take", TAKES.values(), ids=TAKES)
def test_no_error_in_the_chain_holds_half_of_a_pair(
    any_ledger: Ledger, take: Callable[[Ledger], object]
) -> None:
    """Neither its words nor its ``object``; the control is the error of Python's own codec."""
    found = _list_chain(lambda: take(any_ledger))

    assert ["canary-text"] == _find(repr(_list_chain(HALF.encode)))
    assert [] == _find(repr(found))


def _list_chain(take: Callable[[], object]) -> list[object]:
    """What all errors hold that ``take`` ends with, if it does, and that each came of."""
    waiting: list[BaseException | None] = []
    try:
        take()
    except Exception as error:  # noqa: BLE001 - whatever leaves
        waiting.append(error)
    found: list[object] = []
    for each in waiting:
        if each is not None:
            found += [str(each), each.args, getattr(each, "object", ""), vars(each)]
            waiting += [each.__cause__, each.__context__]
    return found


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def _fill(folder: Path) -> Ledger:
    ledger = open_ledger(str(folder / "ledger.sqlite3"))
    sender = Sender(MemoryBackend(reason="TIMEOUT"), ledger=ledger)
    for number in range(30):
        sender.send(attrs.evolve(TEXT, text=TEXT.text * 40, key=f"order-{number}"))
    opt_out(ledger, E164, note="n")
    return ledger


def test_purged_texts_are_in_no_byte(tmp_path: Path) -> None:
    """Neither in the file nor in its write-ahead log. Control: before, they are in both."""
    ledger = _fill(tmp_path)
    assert b"canary-text" in (tmp_path / "ledger.sqlite3-wal").read_bytes()
    ledger.database.erase()
    assert b"canary-text" in (tmp_path / "ledger.sqlite3").read_bytes()

    purged = purge(ledger, keep_texts=-1, keep_rows=365)

    assert 30 == purged.texts
    assert b"canary-text" not in _bytes(tmp_path)


def test_a_dry_run_removes_nothing(tmp_path: Path) -> None:
    """It says what would be removed."""
    ledger = _fill(tmp_path)

    assert 30 == purge(ledger, keep_texts=-1, keep_rows=365, dry_run=True).texts
    assert b"canary-text" in _bytes(tmp_path)


def test_a_forgotten_number_is_in_no_byte(tmp_path: Path) -> None:
    """Nor are its texts; its no still binds. Control: before, it is there."""
    ledger = _fill(tmp_path)
    assert b"5559876" in _bytes(tmp_path)

    assert 30 == forget(ledger, E164)

    assert b"5559876" not in _bytes(tmp_path)
    assert b"canary-text" not in _bytes(tmp_path)
    backend = MemoryBackend()
    assert Reason.OPTED_OUT is Sender(backend, ledger=ledger).send(TEXT).reason
    assert 0 == len(backend.outbox)


@pytest.mark.parametrize("forgotten", ["+525512345678", "+5215512345678"])
def test_a_number_is_forgotten_however_it_was_written(tmp_path: Path, forgotten: str) -> None:
    """Where networks write one handset's in two ways. Control: before, both are there."""
    ledger = _fill(tmp_path)
    for number in ("+525512345678", "+5215512345678"):
        opt_out(ledger, number)
    assert b"5512345678" in _bytes(tmp_path)

    forget(ledger, forgotten)

    assert b"5512345678" not in _bytes(tmp_path)
    assert show_consent(ledger, forgotten)["default"].opted_out


def test_what_a_hook_had_yet_to_hear_of_a_forgotten_person_goes_once_it_did(
    tmp_path: Path,
) -> None:
    """It is kept for that hook alone. Control: before it heard, it is there."""
    ledger = open_ledger(str(tmp_path / "ledger.sqlite3"))
    text = InboundMessage(alias="main", sender=E164, recipient="74700", text="canary-text")
    [seq] = keep_events(ledger, "main", [text], lambda _: False)
    told = claim_event(ledger, seq)
    forget(ledger, E164)
    assert told
    assert b"canary-text" in _bytes(tmp_path)

    end_event(ledger, told, "a hook raised")
    again = claim_event(ledger, seq)
    assert again
    assert again.event == text
    end_event(ledger, again)
    ledger.database.erase()

    assert b"canary-text" not in _bytes(tmp_path)
    assert b"5559876" not in _bytes(tmp_path)


def test_the_notes_on_a_forgotten_number_are_in_no_byte(tmp_path: Path) -> None:
    """Whoever settled a doubt of theirs may have named them. Control: before, it is there."""
    ledger = _fill(tmp_path)
    [first, *_] = list_doubts(ledger)
    settle(ledger, first.reference, sent=True, note="rang 555-4321 up, canary-name")
    assert b"canary-name" in _bytes(tmp_path)

    forget(ledger, E164)

    assert b"canary-name" not in _bytes(tmp_path)
    entry = find_entry(ledger, first.reference)
    assert entry
    assert [("settled as sent", "")] == [(note.word, note.note) for note in entry.notes]


def test_the_notes_on_a_purged_send_are_in_no_byte(tmp_path: Path) -> None:
    """They go with it; those on a doubt that is left stay. Control: before, both are there."""
    ledger = _fill(tmp_path)
    first, second, *_ = list_doubts(ledger)
    settle(ledger, first.reference, sent=True, note="canary-name-one")
    purge(ledger, keep_rows=365)
    assert b"canary-name-one" in _bytes(tmp_path)

    purge(ledger, keep_rows=-1)
    settle(ledger, second.reference, sent=True, note="canary-name-two")
    purge(ledger, keep_rows=365)

    assert b"canary-name-one" not in _bytes(tmp_path)
    assert b"canary-name-two" in _bytes(tmp_path)


def test_what_a_reader_holds_back_is_not_called_gone(tmp_path: Path) -> None:
    """Where another process reads for so long that the log cannot be cut off, that is an error."""
    _fill(tmp_path)
    path = tmp_path / "ledger.sqlite3"
    ledger = Ledger(SqliteDatabase(path, lock_timeout=0.2), Settings())
    other = open_ledger(str(tmp_path / "ledger.sqlite3"))
    with other.database._lend() as connection:  # type: ignore[attr-defined]
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sumotext_send").fetchall()
        with pytest.raises(LedgerError, match="reads"):
            forget(ledger, E164)
        connection.execute("COMMIT")

    forget(ledger, E164)
    assert b"5559876" not in _bytes(tmp_path)


def test_file_names_hold_nothing_private(tmp_path: Path) -> None:
    """They are the same for everybody."""
    ledger = _fill(tmp_path)

    names = {path.name for path in tmp_path.iterdir()}
    ledger.close()
    assert names == {"ledger.sqlite3", "ledger.sqlite3-wal", "ledger.sqlite3-shm"}


def test_the_process_list_holds_nothing_private(server: str) -> None:
    """PostgreSQL shows a statement's parameters to nobody, in its activity or its processes."""
    import subprocess

    import psycopg

    ledger = open_ledger(server)
    Sender(MemoryBackend(), ledger=ledger).send(TEXT)
    with psycopg.connect(server) as connection:
        shown = connection.execute(
            "SELECT query, application_name FROM pg_stat_activity"
        ).fetchall()
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    ledger.close()
    # Others on this machine may show what they like: tests of the command line among them.
    servers = [line for line in processes.stdout.splitlines() if line.startswith("postgres:")]

    assert len(shown) > 1
    assert len(servers) > 1
    assert [] == _find(repr(shown))
    assert [] == _find(repr(servers))


def test_an_error_brings_no_other_error_that_shows_a_row(ledger: Ledger) -> None:
    """PostgreSQL's own says which row it would not take, and Python prints what came before."""
    change = ConsentChange(number=E164, word=None, programme="p")  # type: ignore[arg-type]
    with pytest.raises(LedgerError) as caught:
        write_changes(ledger, [change])

    error: BaseException | None = caught.value
    while error:
        assert [] == _find(str(error))
        error = error.__context__


def test_what_was_given_for_a_reference_is_not_shown(ledger: Ledger) -> None:
    """It is easily a number, or a key."""
    with pytest.raises(NotADoubtError) as caught:
        settle(ledger, E164, sent=True, note="seen")

    assert [] == _find(str(caught.value))
