"""A `Sender` with a ledger travels: to another process, or as a copy."""

from __future__ import annotations

import copy
import pickle
import stat
import threading
from pathlib import Path

from sumotext_backend import ConsentChange, Message, Reason, Sender
from sumotext_backend.ledger import Ledger, MemoryDatabase, Settings, SqliteDatabase, opt_out
from sumotext_backend.ledger.book import Book
from sumotext_backend.local import MemoryBackend

TEXT = Message("5015551234", "hello")
NO = ConsentChange(
    number="+15015551234", word="OPTED_OUT", programme="default", provider="main", source="send"
)


def test_one_that_was_used_travels_without_the_secret(tmp_path: Path) -> None:
    """It is read anew there; who said no is known, written down or not."""
    ledger = Ledger(SqliteDatabase(tmp_path / "ledger.sqlite3"))
    sender = Sender(MemoryBackend(), ledger=ledger)
    sender.send(TEXT)
    opt_out(ledger, TEXT.to)
    pickled = pickle.dumps(sender)

    assert ledger.hasher.secret not in pickled
    for twin in (pickle.loads(pickled), copy.deepcopy(sender)):
        assert Reason.OPTED_OUT is twin.send(TEXT).reason
        twin.close()
    sender.close()


def test_a_no_that_one_process_alone_knows_binds_copies_of_its_sender() -> None:
    """With ``record = "off"``: a copy is of the same process."""
    ledger = Ledger(MemoryDatabase(), Settings(record="off"))
    sender = Sender(MemoryBackend(), ledger=ledger)
    opt_out(ledger, TEXT.to)

    assert Reason.OPTED_OUT is copy.deepcopy(sender).send(TEXT).reason


def test_a_file_of_somebody_else_stays_theirs(tmp_path: Path) -> None:
    """A copy leaves its mode alone, as the one that it was made of does."""
    path = tmp_path / "project.sqlite3"
    path.touch()
    path.chmod(0o664)
    twin = pickle.loads(pickle.dumps(SqliteDatabase(path, foreign=True)))
    twin.upgrade()
    twin.close()

    assert 0o664 == stat.S_IMODE(path.stat().st_mode)


class Racing(Ledger):
    """In which another thread writes down what waits, just after the store was read."""

    def read_consent(self, e164: str) -> list[tuple[object, ...]]:
        """As the ledger's own."""
        rows = super().read_consent(e164)
        writer = threading.Thread(target=Book(self)._write_late)
        writer.start()
        writer.join()
        return rows


def test_a_no_that_is_written_down_meanwhile_is_not_passed_over(tmp_path: Path) -> None:
    """It waited in this process, as the store was held, and then stood in the store."""
    ledger = Racing(SqliteDatabase(tmp_path / "ledger.sqlite3"))
    ledger.database.read("count_sends")
    ledger.unwritten.append(NO)
    known = Book(ledger)._read(ledger, NO.number, ("default",))

    assert "send" == getattr(known, "opted_out", None)
    assert not ledger.unwritten
    ledger.close()
