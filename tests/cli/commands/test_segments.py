"""``sumotext segments``: how a text is cut."""

from __future__ import annotations

import json

import pytest
from command_cases import CURLY
from commandline import PRIVATE, spawned, sumotext

pytestmark = pytest.mark.once


def test_segments_of_a_plain_text() -> None:
    """Encoding, units, segments and the room left are shown; the text is not."""
    ended = sumotext("segments", "a" * 161)

    assert ended.returncode == 0
    assert ended.stdout == (
        "2 segments\n"
        "  encoding   GSM-7\n"
        "  units      161 septets\n"
        "  room left  145 septets in the last segment\n"
    )


def test_segments_name_the_characters_that_forced_ucs_2() -> None:
    """Each character that GSM-7 lacks is named once, with its code point."""
    ended = spawned("segments", "-", stdin=f"{CURLY} \N{GRINNING FACE} {CURLY}\n".encode())

    assert "U+2019 RIGHT SINGLE QUOTATION MARK" in ended.stdout
    assert "U+1F600 GRINNING FACE" in ended.stdout
    assert ended.stdout.count("forced by") == 2


def test_segments_as_json() -> None:
    """``--json`` holds the same, for a program."""
    told = json.loads(sumotext("segments", "--json", CURLY).stdout)
    quote = {"character": CURLY[2], "code_point": "U+2019", "name": "RIGHT SINGLE QUOTATION MARK"}
    plainly = {"segments": 1, "encoding": "GSM-7", "units": 4, "units_left": 156}

    assert told == {
        "segments": 1,
        "encoding": "UCS-2",
        "units": 4,
        "units_left": 66,
        "forced_by": [quote],
        "transliterated": {**plainly, "replaced": [{**quote, "by": "'"}]},
    }


def test_segments_tell_what_plain_writing_would_save() -> None:
    """What would be written for each character, and how many segments less that is."""
    ended = spawned("segments", "-", stdin=("\u2019\u2026\u200b" * 40).encode())

    assert "  plainly    U+2019 as '\n  plainly    U+2026 as ...\n" in ended.stdout
    assert "  plainly    U+200B as nothing\n" in ended.stdout
    assert (
        "  that is    1 (GSM-7, 160 units, room for 0 more), which saves 1 segment\n"
        in ended.stdout
    )


def test_segments_save_nothing_where_a_letter_needs_ucs_2() -> None:
    """Then nothing would be replaced."""
    text = f"{CURLY} \N{CYRILLIC SMALL LETTER ZHE}"
    ended, told = sumotext("segments", text), sumotext("segments", "--json", text)

    assert "UCS-2" in ended.stdout
    assert "plainly" not in ended.stdout
    assert json.loads(told.stdout)["transliterated"] is None


def test_a_text_that_no_encoding_can_carry_has_no_segments() -> None:
    """A lone surrogate ends with exit 2 and one line."""
    ended = sumotext("segments", b"canary \xff")

    assert ended.returncode == 2
    assert "lone surrogate" in ended.stderr
    assert not any(private in ended.stderr for private in PRIVATE)
