"""A ledger's words, brought to another one, mean the same there."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sumotext_backend import ConsentChange
from sumotext_backend.ledger import (
    Ledger,
    MemoryDatabase,
    Settings,
    SqliteDatabase,
    forget,
    list_changes,
    list_consent,
    merge_changes,
    opt_in,
    opt_out,
    show_consent,
    write_changes,
)
from sumotext_backend.redact import mask
from sumotext_backend.render.texts import InputError
from tests.ledger import moves
from tests.ledger.crashes import open_ledger
from tests.ledger.moves import Life, bring, change_lines, export, hear

TO, E164 = "5015551234", "+15015551234"
OLD = "2020-01-01T00:00:00.000000+00:00"
WORD = {
    "person": "ab" * 32,
    "number": E164,
    "programme": "default",
    "word": "OPTED_OUT",
    "provider": "canary",
    "reason": "",
    "source": "hand",
    "note": "canary",
    "at": "2025-11-30T10:21:41.734990+00:00",
    "backend": "",
    "said_at": None,
    "apart": [],
}
GOOD = json.dumps(WORD)
LOOSE = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings.default.max_examples // 2,
)


@pytest.fixture(params=["sqlite to sqlite", "sqlite to postgresql", "postgresql to sqlite"])
def route(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Two places for ledgers, which are empty: from where and to where."""
    url = request.getfixturevalue("empty_server") if "postgresql" in request.param else ""
    first, _, second = request.param.split()
    return (
        url if first == "postgresql" else str(tmp_path / "first.sqlite3"),
        url if second == "postgresql" else str(tmp_path / "second.sqlite3"),
    )


@pytest.fixture
def pair(route: tuple[str, str]) -> Iterator[tuple[Ledger, Ledger]]:
    """The two ledgers."""
    made = [open_ledger(place, Settings()) for place in route]
    yield made[0], made[1]
    for each in made:
        each.close()


Answers = list[list[Any]]


def _move(life: Life, target: Ledger, **changed: object) -> tuple[Answers, Answers]:
    """What both ledgers answer after the words of the first were brought to the second."""
    own = [line for line in export(life.ledger) if life.number in line]
    if lines := change_lines(own, lambda fields: fields.update(changed)):
        bring(target, lines)
    before, after = (moves.question(life, each.database) for each in (life.ledger, target))
    return [*before], [*after]


@LOOSE
@given(history=moves.steps)
def test_every_question_is_answered_as_before(
    pair: tuple[Ledger, Ledger], history: list[moves.Step]
) -> None:
    """Whatever was said, to whatever programmes, and whatever programmes come later."""
    life = Life(pair[0].database)
    life.live(history)
    before, after = _move(life, pair[1])

    assert before == after


RICH: list[moves.Step] = [
    ("refuse", "b", "vonage", "NOT_SUBSCRIBED"),
    ("configure", 1),
    ("say", False, "default"),
    ("say", True, "default"),
    ("refuse", "a", "twilio", "NOT_OPTED_IN"),
]
LATE: list[moves.Step] = [("configure", 3), ("hear", False, "a", 3)]


@pytest.mark.parametrize(
    ("name", "value", "history"),
    [
        ("programme", "default", RICH),
        ("word", "OPTED_OUT", RICH),
        ("provider", "", RICH),
        ("backend", "", RICH),
        ("reason", "", RICH),
        ("source", "import", LATE),
        ("at", "1970-01-01T00:00:00+00:00", RICH),
        ("said_at", None, LATE),
        ("apart", [], RICH),
    ],
)
def test_without_one_field_it_is_not(
    tmp_path: Path, name: str, value: object, history: list[moves.Step]
) -> None:
    """Control: each of them is needed for an answer, and with all of them none differs."""
    differ = []
    for changed in ({}, {name: value}):
        first, second = (
            Ledger(SqliteDatabase(tmp_path / f"{len(changed)}{place}.sqlite3")) for place in "ab"
        )
        life = Life(first.database)
        life.live(history)
        before, after = _move(life, second, **changed)
        differ.append(before != after)
        first.close()
        second.close()

    assert [False, True] == differ


@LOOSE
@given(words=st.lists(st.tuples(st.integers(0, 1), moves.words), max_size=8))
def test_two_ledgers_become_one(
    pair: tuple[Ledger, Ledger], words: list[tuple[int, moves.Fields]]
) -> None:
    """After each got the other's words, both say what one would that had heard all of them."""
    number, reference = next(moves.numbers), Ledger(MemoryDatabase())
    for which, fields in words:
        time.sleep(0.002)  # SQLite knows a moment to the millisecond
        for ledger in (pair[which], reference):
            write_changes(ledger, [ConsentChange(number=number, **fields)])
    for ledger, other in (pair, pair[::-1]):
        merge_changes(ledger, list_consent(other))
    told = [[each.word for each in list_changes(ledger, number)] for ledger in (*pair, reference)]

    assert [told[2]] * 2 == told[:2]
    assert [moves.answer(reference, number)] * 2 == [moves.answer(each, number) for each in pair]


def test_a_second_time_changes_nothing(pair: tuple[Ledger, Ledger]) -> None:
    """Nor does bringing back what came from here; of what was said twice, two are kept."""
    first, second = pair
    for word in ("OPTED_OUT", "OPTED_OUT", "OPTED_IN", "OPTED_OUT"):
        write_changes(first, [ConsentChange(number=E164, word=word, programme="default")] * 2)
    found = [bring(second, export(first))["imported"] for _ in "ab"]
    opt_in(second, TO)
    back = [bring(first, export(second))["imported"] for _ in "ab"]

    assert [8, 0, 1, 0] == [*found, *back]
    assert export(first) == change_lines(export(first), lambda _: None)
    assert 9 == len(list_changes(first, TO)) == len(list_changes(second, TO))


def test_the_order_of_a_file_is_kept(ledger: Ledger) -> None:
    """Though a clock was set back there: the last line is the last word, as it was."""
    older = json.dumps(WORD | {"word": "OPTED_IN", "at": OLD})
    bring(ledger, [GOOD, older])

    assert ["OPTED_OUT", "OPTED_IN"] == [each.word for each in list_changes(ledger, TO)]
    assert 1 == bring(ledger, [GOOD, GOOD, older])["imported"]


def test_a_word_takes_its_place_by_its_moment(pair: tuple[Ledger, Ledger]) -> None:
    """An older no lifts no newer yes, which is listed behind it, and the other way round."""
    first, second = pair
    opt_out(first, TO)
    time.sleep(0.002)
    opt_in(second, TO)
    bring(second, export(first))

    assert ["OPTED_OUT", "OPTED_IN"] == [each.word for each in list_changes(second, TO)]
    assert [("OPTED_IN", E164)] == [(e.word, e.number) for e in list_consent(second, latest=True)]
    assert not show_consent(second, TO)["default"].opted_out
    opt_out(second, TO)
    bring(first, export(second))
    assert "hand" == show_consent(first, TO)["default"].opted_out


@pytest.mark.parametrize("numbers", [("+525512345678", "+5215512345678")])
def test_one_person_in_two_writings_is_one(
    pair: tuple[Ledger, Ledger], numbers: tuple[str, str]
) -> None:
    """The older no of one writing stands before the newer yes of the other."""
    for ledger, number, change in zip(pair, numbers, (opt_out, opt_in), strict=True):
        change(ledger, number)
        time.sleep(0.002)
    bring(pair[1], export(pair[0]))

    assert [False] * 2 == [bool(show_consent(pair[1], n)["default"].opted_out) for n in numbers]


def test_a_no_to_a_programme_that_is_called_otherwise_binds_all(route: tuple[str, str]) -> None:
    """And one to all binds a programme that there was not where it was said."""
    programmes = (Settings(programmes={"offers": ("a",)}), Settings(programmes={"alerts": ("b",)}))
    first, second = map(open_ledger, route, programmes)
    opt_out(first, TO, programme="offers")
    opt_out(first, "5015550000", programme="default")
    bring(second, export(first))
    known = show_consent(second, TO) | show_consent(second, "5015550000")

    assert all(each.opted_out for each in known.values())
    assert {"offers", "default", "alerts"} == known.keys()
    first.close()
    second.close()


def test_a_no_that_does_not_say_what_was_apart_binds_each_programme(place: str) -> None:
    """Also one that is there from the beginning."""
    with contextlib.closing(open_ledger(place, Settings(programmes={"offers": ("a",)}))) as ledger:
        bring(ledger, [json.dumps(WORD | {"apart": None})])
        opt_out(ledger, "5015550000", programme="default")

        assert {"default", "offers"} == show_consent(ledger, TO).keys()
        assert {"default"} == show_consent(ledger, "5015550000").keys()


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_a_moment_that_local_time_has_not_is_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """Many programs write the year 1 for no time at all, and a provider may tell it."""
    first, second = (Ledger(SqliteDatabase(tmp_path / f"{each}.sqlite3")) for each in "ab")
    hear(first, E164, "a", dt.datetime(1, 1, 1, tzinfo=dt.UTC), yes=False)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    taken = bring(second, export(first))["imported"]
    monkeypatch.undo()
    time.tzset()

    assert 1 == taken
    [[word], [moved]] = list_changes(first, TO), list_changes(second, TO)
    assert word.said_at == moved.said_at
    first.close()
    second.close()


def test_a_forgotten_number_is_not_left_out_in_silence(pair: tuple[Ledger, Ledger]) -> None:
    """Its no would bind nobody elsewhere: the owner is told, and may leave it out."""
    first, second = pair
    opt_out(first, TO)
    opt_out(first, "5015550000")
    forget(first, E164)
    refused, nothing = bring(second, export(first)), export(second)
    taken = bring(second, export(first), skip_forgotten=True)

    assert ({"imported": 0, "bad": [], "forgotten": 1}, []) == (refused, nothing)
    assert {"imported": 1, "bad": [], "known": 0, "forgotten": 1} == taken
    with pytest.raises(ValueError, match="forgotten"):
        merge_changes(second, list_consent(first))


def test_what_is_known_brings_no_forgotten_number_back(pair: tuple[Ledger, Ledger]) -> None:
    """Neither by the file that it came from, nor when its row is written anew behind an older."""
    first, second = pair
    write_changes(first, [ConsentChange(number=E164, word="OPTED_OUT", programme="default")])
    time.sleep(0.002)
    opt_in(second, TO, note="canary")
    lines = export(second)
    forget(second, E164)

    assert 0 == bring(second, lines)["imported"]
    assert 1 == bring(second, export(first))["imported"]
    assert ["", E164] == sorted(each.number for each in list_changes(second, TO))
    assert "canary" not in "".join(export(second))


def test_several_that_import_one_file_write_it_once(place: str) -> None:
    """At once, by threads with a ledger each, while somebody says something."""
    with contextlib.closing(open_ledger(place, Settings())) as ledger:
        numbers = [f"+1501556{n:04}" for n in range(200)]
        words = [ConsentChange(number=n, word="OPTED_OUT", programme="default") for n in numbers]
        write_changes(ledger, words)
        lines = change_lines(export(ledger), lambda fields: fields.update(note="moved", at=OLD))
        barrier, found = threading.Barrier(4), list[int]()

        def import_() -> None:
            with contextlib.closing(open_ledger(place, Settings())) as mine:
                barrier.wait()
                found.append(bring(mine, lines)["imported"])

        threads = [threading.Thread(target=import_) for _ in range(3)]
        for thread in threads:
            thread.start()
        barrier.wait()
        for number in numbers:
            opt_in(ledger, number)
        for thread in threads:
            thread.join()

        assert [0, 0, 200] == sorted(found)
        assert 600 == len([*list_consent(ledger)])
        assert not any(show_consent(ledger, n)["default"].opted_out for n in numbers)


class Meddled(Ledger):
    """To which somebody says no while the words of a file are being compared with its own."""

    def read_births(self) -> Mapping[str, int]:
        """As the ledger's own."""
        with contextlib.suppress(KeyError):
            opt_out(MEDDLERS.pop(self.database), TO)
        return super().read_births()


MEDDLERS: dict[object, Ledger] = {}


def test_a_no_that_comes_meanwhile_is_not_passed_over(place: str) -> None:
    """An older yes of the file stands before it, though it was not there when both were read."""
    with contextlib.closing(open_ledger(place, Settings())) as ledger:
        meddled = Meddled(ledger.database)
        MEDDLERS[ledger.database] = ledger
        yes = ConsentChange(number=E164, word="OPTED_IN", programme="default", at=1e9, apart=())
        merge_changes(meddled, [yes])

        assert "hand" == show_consent(ledger, TO)["default"].opted_out
        assert ["OPTED_IN", "OPTED_OUT"] == [each.word for each in list_changes(ledger, TO)]


class Slow(SqliteDatabase):
    """In which somebody has a number forgotten just after the words on it were read."""

    def read(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """As the database's own."""
        rows = super().read(statement, **values)
        if statement == "list_consent_of_person":
            with contextlib.suppress(KeyError):
                forget(MEDDLERS.pop(self), E164)
        return rows


def test_a_number_that_is_forgotten_meanwhile_stays_so(tmp_path: Path) -> None:
    """Its newer word is written anew behind an older one, and without it."""
    path = tmp_path / "ledger.sqlite3"
    ledger, slow = Ledger(SqliteDatabase(path)), Ledger(Slow(path))
    opt_in(ledger, TO, note="canary")
    MEDDLERS[slow.database] = ledger
    bring(slow, [json.dumps(WORD | {"at": OLD})])
    words = [(each.word, each.number, each.note) for each in list_changes(ledger, TO)]

    assert [("OPTED_OUT", E164, "canary"), ("OPTED_IN", "", "")] == words
    ledger.close()
    slow.close()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("canary", "it is not one JSON object"),
        (GOOD[:-1], "it is not one JSON object"),
        (GOOD + GOOD, "it is not one JSON object"),
        ("[" * 100_000, "it is not one JSON object"),
        ("{}", "it has no 'apart'"),
        (json.dumps({name: WORD[name] for name in WORD if name != "reason"}), "it has no 'reason'"),
        (WORD | {"canary": ""}, "a field that this release does not know"),
        (WORD | {"at": "canary"}, "a moment is none"),
        (WORD | {"at": None}, "a moment is none"),
        (WORD | {"at": "2026-11-30T10:21:41"}, "no offset from UTC"),
        (WORD | {"said_at": 7}, "a moment is none"),
        (WORD | {"said_at": "0001-01-01T00:00:00+05:00"}, "a moment is none"),
        (WORD | {"at": "9999-12-31T23:59:59.999999-05:00"}, "a moment is none"),
        (WORD | {"word": "canary"}, "its word or source is none"),
        (WORD | {"source": "canary"}, "its word or source is none"),
        (WORD | {"number": "5015559876"}, "not in E.164"),
        (WORD | {"number": "+15555"}, "not a +1 number"),
        (WORD | {"provider": None}, "a field is no text"),
        (WORD | {"note": "canary\0"}, "a field is no text"),
        (WORD | {"note": "canary\ud800"}, "a field is no text"),
        (WORD | {"apart": "canary"}, "a field is no text"),
        (WORD | {"apart": [7]}, "a field is no text"),
    ],
)
def test_a_bad_line_is_known_by_its_number(ledger: Ledger, line: object, why: str) -> None:
    """Nothing of the file is taken, and no part of the line is shown."""
    bad = line if isinstance(line, str) else json.dumps(line)
    found = bring(ledger, ["\ufeff" + GOOD + "\r\n", "\r\n", bad + "\r\n"])

    [row] = found["bad"]
    assert (3, 0) == (row["line"], found["imported"])
    assert why in row["why"]
    assert not any(each in json.dumps(found) for each in ("canary", "5559876"))
    assert [] == [*list_consent(ledger)]
    assert 1 == bring(ledger, ["\ufeff" + GOOD + "\r\n"])["imported"]


def test_masked_numbers_are_one_line_that_says_how_to_mend_it(ledger: Ledger) -> None:
    """However many lines there are, and nothing is taken."""
    masked = json.dumps(WORD | {"number": mask(E164)})

    with pytest.raises(InputError, match=r"masked.*consent export --show-numbers"):
        bring(ledger, [GOOD, masked, masked])
    assert [] == [*list_consent(ledger)]


@pytest.mark.parametrize("how", ["word", "column", "programme", "note"])
def test_what_is_for_lists_is_refused_beside_an_export(ledger: Ledger, how: str) -> None:
    """It says all that itself, of each word."""
    with pytest.raises(InputError, match=f"leave out .*--{how}"):
        bring(ledger, [GOOD], **{how: "opt-in"})
    with pytest.raises(InputError, match="--skip-forgotten is for"):
        bring(ledger, ["number\n", TO], skip_forgotten=True)


def test_nobody_is_told_of_what_was_said_elsewhere(ledger: Ledger) -> None:
    """They were told when it was said."""
    told: list[ConsentChange] = []
    ledger.tell = told.append
    bring(ledger, [GOOD])

    assert [] == told
    assert 1 == len(list_changes(ledger, TO))


def test_a_new_word_has_no_place_among_others(ledger: Ledger) -> None:
    """It is for ``write_changes``."""
    with pytest.raises(ValueError, match="write_changes"):
        merge_changes(ledger, [ConsentChange(number=E164, word="OPTED_IN", programme="default")])
