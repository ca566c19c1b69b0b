"""The words by which people take their consent back by text, and give it again."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import (
    ConsentSource,
    CrmUpdate,
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    InfoRequest,
    OptIn,
    OptOut,
    Part,
    PollReply,
)
from sumotext_backend.keywords import (
    START_WORDS,
    STOP_WORDS,
    add_consent,
    find_consent,
    read_keyword,
)

NUMBER = "+15015551234"
AT = dt.datetime(2026, 11, 29, 19, 20, tzinfo=dt.UTC)
TEXT = InboundMessage(alias="a", sender=NUMBER, recipient="74700", text="STOP", at=AT)
OUT = OptOut(alias="a", number=NUMBER, source=ConsentSource.TEXT, at=AT)
AROUND = st.text(
    st.sampled_from(" \t\r\n.,;:!?\"'()*-_\u2026\u201c\u00a0\u200b\U0001f6d1"), max_size=6
)


def spell(word: str, draw: st.DataObject) -> str:
    """``word`` in any case."""
    return "".join(draw.draw(st.sampled_from([each, each.lower()])) for each in word)


@given(word=st.sampled_from(sorted(STOP_WORDS)), before=AROUND, after=AROUND, draw=st.data())
def test_a_word_for_stop_is_one_in_any_case_and_whatever_is_around(
    word: str, before: str, after: str, draw: st.DataObject
) -> None:
    """Punctuation, white space, and marks that nobody sees."""
    assert "stop" == read_keyword(before + spell(word, draw) + after)


@given(word=st.sampled_from(sorted(START_WORDS)), before=AROUND, after=AROUND, draw=st.data())
def test_a_word_for_start_is_one_too(
    word: str, before: str, after: str, draw: st.DataObject
) -> None:
    """In any case, and whatever is around."""
    assert "start" == read_keyword(before + spell(word, draw) + after)


@pytest.mark.parametrize(
    "text",
    [
        *("opt-out", "Opt Out", "STOP ALL", "stop-all", "\uff33\uff34\uff2f\uff30", "St\u00adop"),
        *("opt\u2010out", "OPT \u2013 OUT", "S.T.O.P.", "s*t*o*p", "s\u0336t\u0336o\u0336p\u0336"),
        *("Stop STOP stop", "STOP! STOP!", "Stop, cancel, unsubscribe."),
    ],
)
def test_other_ways_to_write_them_are_understood(text: str) -> None:
    """In pieces, with full-width letters, with a soft hyphen, with lines through it, and twice."""
    assert "stop" == read_keyword(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "...", "please stop", "stop it", "stops", "STOP1", "nonstop", "the end", "\u0455top"],
)
def test_any_other_text_is_none(text: str) -> None:
    """A word in a sentence, part of a word, and letters of another script."""
    assert read_keyword(text) is None


@pytest.mark.parametrize("text", ["un stop", "UN-STOP", "st.art", "start start", "start, stop"])
def test_a_yes_is_one_whole_word(text: str) -> None:
    """A false no costs a text, a false yes texts somebody; "un stop" is one stop in Spanish."""
    assert read_keyword(text) is None


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("ARR\u00caT", "arret"),
        ("arret", "Arr\u00eat!"),
        ("\u0130PTAL", "iptal"),
        ("IPTAL", "\u0131ptal"),
        ("\U0001f6d1", "\U0001f6d1\ufe0f"),
        ("\u505c\u6b62", "\u505c\u6b62\u3002"),
        ("\u062a\u0648\u0642\u0641", "\u200f\u062a\u064e\u0648\u0642\u0641"),
    ],
    ids=[
        "accent left out",
        "accent put in",
        "I with a dot",
        "i without",
        "a sign",
        "Han",
        "Arabic",
    ],
)
def test_an_own_word_is_understood_as_people_write_it(own: str, text: str) -> None:
    """Without its accents, or with them; a sign alone may be a word."""
    assert "stop" == read_keyword(text, [own])
    assert read_keyword(text) is None


def test_a_very_long_text_is_none() -> None:
    """And takes no time to find out."""
    assert read_keyword(f"STOP{' ' * 10_000_000}") is None


def test_the_owner_s_own_words_are_added() -> None:
    """As they are folded themselves."""
    more = ["Alto!", "arr\u00eat"]

    assert "stop" == read_keyword(" ALTO ", more)
    assert "stop" == read_keyword("ARR\u00caT.", more)
    assert read_keyword("alto") is None
    assert read_keyword("", ["", "!"]) is None


@given(st.text(max_size=40))
def test_every_text_is_read(text: str) -> None:
    """Whatever it is."""
    assert read_keyword(text) in ("stop", "start", None)


def test_a_stop_is_followed_by_its_opt_out() -> None:
    """Right after the text, with its time."""
    other = attrs.evolve(TEXT, text="hello")

    assert [TEXT, OUT, other] == add_consent([TEXT, other])


def test_a_start_is_followed_by_its_opt_in() -> None:
    """The same for a yes."""
    start = attrs.evolve(TEXT, text="unstop")
    yes = OptIn(alias="a", number=NUMBER, source=ConsentSource.TEXT, at=AT)

    assert [start, yes] == add_consent([start])


def test_a_no_and_a_yes_at_once_keep_their_order() -> None:
    """What the person said last is last."""
    start = attrs.evolve(TEXT, text="START")

    assert [InboundMessage, OptOut, InboundMessage, OptIn] == [
        type(each) for each in add_consent([TEXT, start])
    ]


def test_asking_again_adds_only_what_is_new() -> None:
    """With the owner's words, when the provider's reader has asked with the usual ones."""
    alto = InboundMessage(alias="a", sender="+447700900123", recipient="74700", text="alto")
    once = add_consent([TEXT, alto])
    twice = add_consent(once, ["alto"])

    assert [TEXT, OUT, alto] == once
    assert [TEXT, OUT, alto, OptOut(alias="a", number="+447700900123", source="TEXT")] == twice
    assert twice == add_consent(twice, ["alto"])


START = attrs.evolve(TEXT, text="START")
YES = OptIn(alias="a", number=NUMBER, source=ConsentSource.TEXT, at=AT)
ALTO = attrs.evolve(TEXT, text="alto")


@pytest.mark.parametrize(
    "texts",
    [
        [START, ALTO],
        [TEXT, START, ALTO],
        [ALTO, START],
        [ALTO, START, attrs.evolve(TEXT, text="hello")],
        [START, ALTO, START],
    ],
    ids=lambda texts: " ".join(each.text for each in texts),
)
def test_what_a_person_said_last_is_last_also_in_the_owners_words(
    texts: list[InboundMessage],
) -> None:
    """Whatever was asked before with the usual words, and whatever they said before."""
    said = {"START": YES, "STOP": OUT, "alto": OUT}
    pairs = [(each, said.get(each.text)) for each in texts]
    told = add_consent(add_consent(texts), ["alto"])

    assert [event for pair in pairs for event in pair if event] == told
    assert told == add_consent(told, ["alto"])


@pytest.mark.parametrize("text", [TEXT, ALTO, attrs.evolve(TEXT, text="hello")])
def test_of_a_no_and_a_yes_in_one_text_the_no_holds(text: InboundMessage) -> None:
    """Where the provider understood the other of it; a text that says nothing takes nothing."""
    yes = attrs.evolve(YES, source=ConsentSource.PROVIDER)
    told = add_consent([text, yes], ["alto"])

    assert told == ([text, yes] if text.text == "hello" else [text, yes, OUT])
    assert told == add_consent(told, ["alto"])
    assert [START, OUT] == add_consent([START, OUT])


def test_an_owner_s_word_for_stop_may_be_one_for_start() -> None:
    """It takes consent away all the same."""
    assert [START, YES, OUT] == add_consent(add_consent([START]), ["start"])


def test_another_person_s_word_stands_for_nobody_else_s() -> None:
    """Right behind a text, too."""
    other = attrs.evolve(OUT, number="+447700900123")

    assert [TEXT, OUT, other] == add_consent([TEXT, other])


def test_what_the_provider_told_is_not_told_twice() -> None:
    """Its own opt-out stands for the word's."""
    told = attrs.evolve(OUT, source=ConsentSource.PROVIDER)

    assert [TEXT, told] == add_consent([TEXT, told])


def test_every_door_is_one() -> None:
    """A text, one to Text-4-Info, and the text of a CRM callback; not a part, not a report."""
    crm = CrmUpdate(alias="a", number=NUMBER, recipient="74700", text="stop")
    info = InfoRequest(alias="a", sender=NUMBER, lead="SUMO", text="stop")
    part = attrs.evolve(TEXT, part=Part(reference="1", number=1, count=2))
    report = DeliveryReport(alias="a", provider_id="1", status=DeliveryStatus.DELIVERED)

    assert [OptOut, OptOut, OptOut] == [type(find_consent(each)) for each in (TEXT, crm, info)]
    assert [None, None] == [find_consent(each) for each in (part, report)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("STOP SUMO", True),
        ("Sumo, stop!", True),
        ("sumo  opt out", True),
        ("SUMO\nSTOP", True),
        ("SUMO\u00a0STOP", True),
        ("SUMO-STOP", True),
        ("STOP", True),
        ("SUMO", False),
        ("STOP OTHER", False),
        ("SUMO when do you stop?", False),
    ],
)
def test_a_stop_may_name_the_keyword_that_it_is_put_to(text: str, *, says: bool) -> None:
    """As people write it to a short code that many share; another's keyword is a sentence."""
    event = attrs.evolve(TEXT, text=text, keyword="SUMO")

    assert says == isinstance(find_consent(event), OptOut)


def test_a_keyword_of_two_words_may_be_named_too() -> None:
    """Before the word for stop or behind it."""
    club = attrs.evolve(TEXT, keyword="SUMO CLUB")
    said = [
        find_consent(attrs.evolve(club, text=text))
        for text in ("SUMO CLUB STOP", "stop all sumo club", "SUMO STOP")
    ]

    assert [OUT, OUT, None] == said


def test_a_start_beside_a_keyword_gives_nothing() -> None:
    """A no is understood sooner than a yes."""
    assert find_consent(attrs.evolve(TEXT, text="START SUMO", keyword="SUMO")) is None


def test_a_vote_takes_consent_away_and_never_gives_it() -> None:
    """A poll may ask whether to start, and a stop stands in whatever a person texts."""
    vote = PollReply(alias="a", sender=NUMBER, recipient="74700", reply="Stop")

    assert find_consent(vote) == attrs.evolve(OUT, at=None)
    assert find_consent(attrs.evolve(vote, reply="START", label="begin")) is None
    assert find_consent(attrs.evolve(vote, reply="b")) is None
