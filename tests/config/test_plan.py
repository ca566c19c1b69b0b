"""What a send of a configuration would do, told without doing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sumotext_backend import Message, connect
from sumotext_backend.config import Places, load, make_plan, open_ledger
from sumotext_backend.ledger import opt_out

TO = "+15015551234"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Surroundings of which nothing is known."""
    return Places({}, tmp_path, tmp_path / "home")


def test_the_plan_asks_nobody(places: Places) -> None:
    """Providers in order, who is left alone and why, segments; nothing is sent, no file is made."""
    given = {
        "providers": {
            "default": {"backend": "fallback", "chain": ["a", "b"]},
            "a": "memory://?reason=UNAUTHORIZED",
            "b": "redirect(null://)?to=%2B15015550199",
        }
    }
    found = load(given)
    before = make_plan(found, TO, "é€" * 80, places)

    assert not places.state_dir().exists()
    assert ["a", "null"] == [step.provider for step in before.steps]
    assert ["", ""] == [step.skipped for step in before.steps]
    assert [2, 2] == [step.segments for step in before.steps]
    assert ("default", "b") == before.steps[1].within
    assert ("goes to •••0199 instead",) == before.steps[1].notes
    assert ["fallback", "redirect"] == [rule.backend for rule in before.rules]
    assert "5015551234" not in repr(before)

    connect(given, places=places).send(Message(TO, "hello"))
    after = make_plan(found, TO, "hello", places)

    assert after.steps[0].skipped.startswith("left alone for ")
    assert after.steps[0].skipped.endswith("after 1 failures, the last UNAUTHORIZED")


def test_a_plan_gives_no_probe_away(places: Places) -> None:
    """When the cool-down is over, the plan says so and the next send is the probe."""
    given = {
        "providers": {"default": "fallback(a)", "a": "memory://?reason=UNAUTHORIZED"},
        "health": {"cooldown": 0.001},
    }
    given["providers"]["default"] = {"backend": "fallback", "chain": ["a"]}
    connect(given, places=places).send(Message(TO, "hello"))
    notes = {make_plan(load(given), TO, "hello", places).steps[0].notes for _ in range(3)}

    assert {("the next text is the probe of its recovery",)} == notes
    assert "UNAUTHORIZED" == connect(given, places=places).send(Message(TO, "hello")).reason


@pytest.mark.parametrize(
    ("to", "text", "words"),
    [("12", "hello", "phone number"), (TO, "", "text is empty"), (TO, "\ud800", "lone surrogate")],
)
def test_a_plan_tells_what_nobody_would_send(
    to: str, text: str, words: str, places: Places
) -> None:
    """A number that is none, or a text that cannot be sent, is told at the top."""
    assert words in make_plan(load("null://"), to, text, places).refused


def test_held_back_by_a_redirect(places: Places) -> None:
    """The plan says that a number is not on the allow-list, and lets one through that is."""
    found = load(f"redirect(null://)?allow={TO.replace('+', '%2B')}")
    own, other = (make_plan(found, to, "hello", places).steps[0] for to in (TO, "+15015550100"))

    assert "" == own.skipped
    assert other.skipped.startswith("held back")


def test_a_plan_reads_consent_and_writes_none(places: Places) -> None:
    """The configuration's own ledger is asked, and no row of it changes."""
    found = load({"providers": {"default": "null://"}})
    ledger = open_ledger(found, places)
    opt_out(ledger, TO)
    ledger.close()
    file = places.state_dir() / "ledger.sqlite3"
    before = file.read_bytes()
    skipped = [make_plan(found, to, "hello", places).steps[0].skipped for to in (TO, "5015550199")]

    assert skipped[0].startswith("the person opted out (known by hand)")
    assert "" == skipped[1]
    assert before == file.read_bytes()


def test_a_plan_tells_that_consent_cannot_be_read(places: Places) -> None:
    """Then a send would send nothing."""
    places.state_dir().parent.mkdir(parents=True)
    places.state_dir().write_text("a file, not a folder")
    plan = make_plan(load({"providers": {"default": "null://"}}), TO, "hello", places)

    assert "the ledger 'ledger.sqlite3' cannot be used" in plan.steps[0].skipped
