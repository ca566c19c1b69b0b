"""What a person, a list or a provider says of consent: written down, told and listed."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import attrs
import pytest

from sumotext_backend import (
    ConsentChange,
    Message,
    Outcome,
    Plugins,
    Reason,
    Sender,
    SendResult,
    SmsBackend,
    Verdict,
    hookimpl,
)
from sumotext_backend.ledger import (
    Ledger,
    LedgerError,
    Settings,
    SqliteDatabase,
    list_changes,
    list_consent,
    opt_in,
    opt_out,
    share_ledger,
    show_consent,
    write_changes,
)
from sumotext_backend.ledger.imports import BadRow, read_numbers
from sumotext_backend.local import MemoryBackend
from sumotext_backend.routing import Fallback, Route

TO = "5015551234"
E164 = "+15015551234"


def test_an_opt_in_lifts_an_opt_out(ledger: Ledger) -> None:
    """The last word of a person holds; both words stay."""
    backend = MemoryBackend()
    sender = Sender(backend, ledger=ledger)
    opt_out(ledger, TO, note="rang up")
    refused = sender.send(Message(E164, "hello"))
    opt_in(ledger, "+1 (501) 555-1234")
    accepted = sender.send(Message(TO, "hello"))

    assert (Reason.OPTED_OUT, Outcome.ACCEPTED) == (refused.reason, accepted.outcome)
    assert ["OPTED_OUT", "OPTED_IN"] == [each.word for each in list_changes(ledger, TO)]
    assert "" == show_consent(ledger, TO)["default"].opted_out


def test_a_no_binds_its_programme_alone(ledger: Ledger) -> None:
    """A person who wants no offers still gets the alerts; without a name a no is for all."""
    ledger.settings = Settings(programmes={"offers": ("shop",)})
    offers, alerts = (
        Sender(Route(provider=alias, of=MemoryBackend()), ledger=ledger)
        for alias in ("shop", "main")
    )
    opt_out(ledger, TO, programme="offers")
    first = [sender.send(Message(TO, "hello")).outcome for sender in (offers, alerts)]
    opt_out(ledger, TO)
    second = [sender.send(Message(TO, "hello")).outcome for sender in (offers, alerts)]

    assert [Outcome.REJECTED, Outcome.ACCEPTED] == first
    assert [Outcome.REJECTED, Outcome.REJECTED] == second


def test_an_unknown_programme_is_refused(ledger: Ledger) -> None:
    """A no for a programme that nobody sends for would bind nobody."""
    ledger.settings = Settings(programmes={"offers": ("shop",)})

    with pytest.raises(LookupError, match="did you mean 'offers'"):
        opt_out(ledger, TO, programme="ofers")
    assert () == list_changes(ledger, TO)


def test_each_change_is_told_once_it_is_durable(ledger: Ledger) -> None:
    """A plugin hears of a refusal and can read it from the ledger."""
    heard: list[tuple[ConsentChange, int]] = []

    class Listener:
        @hookimpl
        def sumotext_consent(self, change: ConsentChange) -> None:
            heard.append((change, len(list_changes(ledger, change.number))))

    ledger.tell = Plugins.of(Listener()).tell_consent
    Sender(MemoryBackend(reason="OPTED_OUT"), ledger=ledger).send(Message(TO, "hello"))

    [(change, rows)] = heard
    assert (E164, "OPTED_OUT", "memory", "send", 1) == (
        change.number,
        change.word,
        change.provider,
        change.source,
        rows,
    )
    assert "1234" in repr(change)
    assert TO not in repr(change)


def test_many_words_are_written_whole_or_not_at_all(ledger: Ledger) -> None:
    """One bad row among many leaves nothing behind."""
    good = ConsentChange(number=E164, word="OPTED_OUT", programme="default")
    bad = ConsentChange(number=E164, word="OPTED_OUT", programme=None)  # type: ignore[arg-type]

    with pytest.raises(LedgerError):
        write_changes(ledger, [good, bad])
    assert () == list_changes(ledger, TO)


def test_the_last_word_on_everybody(ledger: Ledger) -> None:
    """One row for each person, in the order of writing."""
    opt_out(ledger, TO)
    opt_out(ledger, "5015550000")
    opt_in(ledger, TO)

    assert [("OPTED_OUT", "+15015550000"), ("OPTED_IN", E164)] == [
        (each.word, each.number) for each in list_consent(ledger, latest=True)
    ]


def test_a_no_that_could_not_be_written_is_written_later(tmp_path: Path) -> None:
    """It binds at once in the process that heard it, and all others once the store is back."""
    path = tmp_path / "ledger.sqlite3"
    ledger = Ledger(SqliteDatabase(path))
    backup = MemoryBackend()
    chain = Fallback(chain=(Route(provider="a", of=MemoryBackend(reason="OPTED_OUT")),))
    assert ledger.hasher
    sender = Sender(chain, ledger=ledger)
    with closing(sqlite3.connect(path, isolation_level=None)) as locked:
        locked.execute(
            "CREATE TRIGGER no BEFORE INSERT ON sumotext_consent BEGIN "
            "SELECT RAISE(ABORT, 'full'); END"
        )
        result = sender.send(Message(TO, "hello"))
        locked.execute("DROP TRIGGER no")
    sender.send(Message(TO, "hello"))
    other = Sender(Route(provider="b", of=backup), ledger=Ledger(SqliteDatabase(path)))

    assert "could not be written down" in result.detail
    assert Reason.OPTED_OUT is other.send(Message(TO, "hello")).reason
    assert 0 == len(backup.outbox)


@attrs.frozen(eq=False)
class Refusing(SmsBackend):
    """A provider that refuses everybody, while something else happens."""

    name: ClassVar[str] = "refusing"

    meanwhile: Callable[[], None]

    def send(self, message: Message) -> SendResult:
        """Refuse."""
        self.meanwhile()
        return SendResult.of(self.name, message, Verdict(reason=Reason.NOT_OPTED_IN))


def test_a_refusal_outlives_an_opt_in_that_came_while_it_was_asked_for(ledger: Ledger) -> None:
    """The provider's word is the last one, though it had said the same before."""
    backup = MemoryBackend()
    for meanwhile in (lambda: None, lambda: opt_in(ledger, TO)):
        backend = Refusing(meanwhile)
        Sender(Route(provider="a", of=backend), ledger=ledger).send(Message(TO, "hello"))
    result = Sender(Route(provider="b", of=backup), ledger=ledger).send(Message(TO, "hello"))

    assert Reason.NOT_OPTED_IN is result.reason
    assert ["REFUSED", "OPTED_IN", "REFUSED"] == [each.word for each in list_changes(ledger, TO)]


@pytest.mark.parametrize("settings", [Settings(), Settings(lease=60.0)], ids=["same", "other"])
def test_a_no_that_could_not_be_written_binds_every_sender(
    tmp_path: Path, settings: Settings
) -> None:
    """Also one that is made when the sender that heard it is gone, or that has other settings."""
    path, backup = tmp_path / "ledger.sqlite3", MemoryBackend()

    def share(settings: Settings) -> Ledger:
        return share_ledger(str(path), lambda: SqliteDatabase(path), settings)

    refuses = Route(provider="a", of=MemoryBackend(reason="NOT_OPTED_IN"))
    sender = Sender(refuses, ledger=share(Settings()))
    sender.send(Message("5015550000", "hello"))  # makes the tables
    with closing(sqlite3.connect(path, isolation_level=None)) as locked:
        locked.execute(
            "CREATE TRIGGER no BEFORE INSERT ON sumotext_consent BEGIN "
            "SELECT RAISE(ABORT, 'full'); END"
        )
        sender.send(Message(TO, "hello"))
        del sender
        gc.collect()
        later = Sender(Route(provider="b", of=backup), ledger=share(settings))
        result = later.send(Message(TO, "hello"))

    assert Reason.NOT_OPTED_IN is result.reason
    assert 0 == len(backup.outbox)


@pytest.mark.parametrize(
    "header",
    ["number", "Phone Number", "\ufeffMSISDN", "id,phone", "phoneNumber", "phone-number", "Tel."],
)
def test_the_column_of_numbers_is_found(header: str) -> None:
    """By the words that exports use."""
    row = "7,5015551234" if "," in header else "5015551234"

    assert [E164] == list(read_numbers([header, row]))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("said", [True, False])
def test_the_delimiter_is_found(delimiter: str, *, said: bool) -> None:
    """By the first line, or by the one before it by which spreadsheets are told."""
    lines = ["\r\n", f"sep={delimiter}\r\n"] if said else ["\r\n"]
    lines += [f'"name, or; what"{delimiter}number\r\n', f"b{delimiter}{TO}\r\n", f"a{delimiter}12"]
    number, bad = read_numbers(lines)

    assert E164 == number
    assert isinstance(bad, BadRow)
    assert len(lines) == bad.line


@pytest.mark.parametrize("lines", [(), ("\n", "\r\n"), ("\ufeff",), ("sep=;\n",)])
def test_an_empty_list_is_refused(lines: tuple[str, ...]) -> None:
    """Else whoever gave the wrong file would think that all on it are known."""
    with pytest.raises(LookupError, match="nothing is in the file"):
        list(read_numbers(lines))


def test_bad_rows_are_known_by_their_lines() -> None:
    """Empty lines do not count as rows, and no part of a row is shown."""
    lines = ["name,number\n", "a,5015551234\n", "\n", "b,canary\n", "c\n"]
    found = list(read_numbers(lines, "NUMBER"))

    assert E164 == found[0]
    assert [4, 5] == [each.line for each in found[1:] if isinstance(each, BadRow)]
    assert "canary" not in repr(found)


@pytest.mark.parametrize("column", ["", "telephone"])
def test_a_file_without_numbers_is_refused(column: str) -> None:
    """The words of its first line are not shown: it may be a row."""
    with pytest.raises(LookupError) as caught:
        list(read_numbers(["5015551234,x"], column))
    assert "5015551234" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Account number,Mobile", ""),
        ("From,To", ""),
        ("home phone,mobile phone", ""),
        ("number,number", "number"),
    ],
)
def test_a_column_that_may_be_the_wrong_one_is_not_taken(header: str, column: str) -> None:
    """Else others would be opted out, and those who said no be texted."""
    with pytest.raises(LookupError, match="2 columns"):
        list(read_numbers([header, "5015551234,5015550000"], column))


@pytest.mark.parametrize(
    "lines",
    [
        ("number,name\n", '5015551234,"Bob\n', "5015550000,Ann\n", '5015550001,"Carl"\n'),
        ("number,name\n", '5015551234,"Bob\n', "5015550000,Ann\n"),
        ("number,name\n", f'5015551234,"{"x" * 200_000}"\n'),
        ("number\r5015551234\r5015550000\r",),
    ],
    ids=["quote", "open quote", "long", "lone CR"],
)
def test_a_row_that_is_swallowed_is_not_lost(lines: tuple[str, ...]) -> None:
    """What is no CSV is a bad row, so that nothing of the file is taken."""
    assert any(isinstance(each, BadRow) for each in read_numbers(lines))


def test_a_no_is_for_the_number_as_it_is_dialled_in_the_region(tmp_path: Path) -> None:
    """Ten digits of India are not taken for a number of the US, whose owner said nothing."""
    ledger = Ledger(SqliteDatabase(tmp_path / "ledger.sqlite3"), Settings(region="IN"))
    opt_out(ledger, "9123456789")
    sender = Sender(MemoryBackend(), ledger=ledger, region="IN")
    reasons = [
        sender.send(Message(each, "hello")).reason for each in ("09123456789", "+19123456789")
    ]

    assert [Reason.OPTED_OUT, None] == reasons
    assert [change.number for change in list_changes(ledger, "+919123456789")] == ["+919123456789"]
    assert ["+919123456789"] == [*read_numbers(["phone", "9123456789"], region="IN")]
