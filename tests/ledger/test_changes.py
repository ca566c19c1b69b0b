"""What a person, a list or a provider says of consent: written down, told and listed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sumotext_backend import ConsentChange, Message, Outcome, Plugins, Reason, Sender, hookimpl
from sumotext_backend.ledger import (
    Ledger,
    LedgerError,
    Settings,
    SqliteDatabase,
    list_changes,
    list_consent,
    opt_in,
    opt_out,
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
    ledger.settings = Settings(programmes={"shop": "offers"})
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
    ledger.settings = Settings(programmes={"shop": "offers"})

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
    with sqlite3.connect(path, isolation_level=None) as locked:
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


@pytest.mark.parametrize("header", ["number", "Phone Number", "\ufeffMSISDN", "id,phone"])
def test_the_column_of_numbers_is_found(header: str) -> None:
    """By the words that exports use."""
    row = "7,5015551234" if "," in header else "5015551234"

    assert [E164] == list(read_numbers([header, row]))


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
