"""What people and logs may see of a number or of a provider's text."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend.redact import mask, scrub

SEPARATORS = st.sampled_from(
    ["", " ", "-", ".", "/", ") ", " (", "+", "%20", "%2D", "\xa0", "\u2011"]
)


@st.composite
def written_numbers(draw: st.DrawFn) -> str:
    """7 to 15 digits, each with a common separator or none before it."""
    digits = draw(st.text("0123456789", min_size=7, max_size=15))
    return digits[0] + "".join(draw(SEPARATORS) + digit for digit in digits[1:])


@pytest.mark.parametrize(
    "number", ["5015551234", "+15015551234", "tel:+1-501-555-1234", "(501) 555-1234", "5551234"]
)
def test_a_number_is_shown_by_its_last_four_digits(number: str) -> None:
    """A person can tell two numbers apart, and nobody can dial them."""
    assert "•••1234" == mask(number)


@pytest.mark.parametrize("number", ["", "hello", "74700", "123456"])
def test_a_short_number_is_not_shown_at_all(number: str) -> None:
    """Four digits of six would be most of the number."""
    assert "•••" == mask(number)


@given(st.text() | st.text("0123456789-+ ", max_size=40) | st.text(st.characters()))
def test_a_mask_is_four_decimal_digits_at_most(number: str) -> None:
    """Any string has a mask, and no five digits of it are in the mask."""
    shown = mask(number).removeprefix("•••")

    assert len(shown) in (0, 4)
    assert all(unicodedata.decimal(digit, None) is not None for digit in shown)


def test_a_lone_surrogate_has_a_mask() -> None:
    """A string that cannot be encoded is masked as any other."""
    assert "•••1234" == mask("\ud8005015551234")


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("ERROR CARRIER NOT FOUND FOR: 5015551234", "ERROR CARRIER NOT FOUND FOR: •••1234"),
        ("call +1 (501) 555-1234 now", "call •••1234 now"),
        ("mobile=501%20555%201234&x=1", "mobile=•••1234&x=1"),
        ("501+555+1234:NOTOPT", "•••1234:NOTOPT"),
        ("from 5015551234, to 2125551212", "from •••1234, to •••1212"),
    ],
)
def test_numbers_in_a_text_are_masked(text: str, scrubbed: str) -> None:
    """Every number is replaced by its mask, and the words around it stay."""
    assert scrubbed == scrub(text)


@pytest.mark.parametrize("text", ["HTTP 503", "ErrNum 27", "short code 74700", "ok?", "", "12 34"])
def test_short_numbers_in_a_text_stay(text: str) -> None:
    """Codes, status numbers and short codes are no phone numbers."""
    assert text == scrub(text)


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        (
            "GET http://h.example/a?mobile=5015551234&msg=it's failed",
            "GET http://h.example/a?… failed",
        ),
        ('<a href="https://h.example/?msg=hello">x</a>', '<a href="https://h.example/?…">x</a>'),
        ("/sumoSend.aspx?msg=hello HTTP/1.1", "/sumoSend.aspx?… HTTP/1.1"),
    ],
)
def test_query_strings_are_cut(text: str, scrubbed: str) -> None:
    """A query holds number, text and keyword, so nothing of it is left."""
    assert scrubbed == scrub(text)


@given(st.text(), written_numbers(), st.text())
def test_no_number_comes_through(before: str, number: str, after: str) -> None:
    """Whatever stands around a number, no seven digits in a row are left."""
    scrubbed = scrub(before + number + after)

    assert not re.search(r"\d{7}", scrubbed)


@given(written_numbers())
def test_a_number_however_written_becomes_its_mask(number: str) -> None:
    """Of a number alone nothing but its mask is left."""
    assert mask(number) == scrub(number)


@given(st.text() | st.text("0123456789?%2( )-+.•…", max_size=60))
def test_scrubbing_twice_changes_nothing(text: str) -> None:
    """What was scrubbed once is clean."""
    assert scrub(text) == scrub(scrub(text))


@pytest.mark.parametrize("piece", ["1 ", "1    ", "(", "123456 x", "+", "1%2", "?"])
def test_a_huge_text_is_scrubbed(piece: str) -> None:
    """No repetition makes the patterns backtrack for ever."""
    assert not re.search(r"\d{7}", scrub(piece * 100_000))
