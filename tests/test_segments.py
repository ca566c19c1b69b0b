"""How a text is encoded and where it is cut."""

import string
from itertools import pairwise

import gsm0338  # type: ignore[import-untyped]
import pytest
import smsutil  # type: ignore[import-untyped]
from hypothesis import example, given
from hypothesis import strategies as st

from sumotext_backend.segments import Segmentation, segment

EXTENSION = "\f^{}\\[~]|€"
CODEC = gsm0338.Codec()


def in_gsm(character: str) -> bool:
    """Tell whether the oracle has `character` in the default alphabet.

    Both oracles encode ESC as itself.
    That is wrong: 0x1B makes an extension character of the one after it
    (ESC and `e` would arrive as a euro sign), so ESC cannot be sent in GSM-7.
    """
    try:
        CODEC.encode(character)
    except UnicodeEncodeError:
        return False
    return character != "\x1b"


GSM = "".join(filter(in_gsm, map(chr, range(0x10000))))


def runs(alphabet: str) -> st.SearchStrategy[str]:
    """Draw texts of several segments, which st.text() hardly ever makes."""
    run = st.builds(str.__mul__, st.sampled_from(alphabet), st.integers(1, 160))
    return st.lists(run, max_size=8).map("".join)


gsm_texts = st.text(st.sampled_from(GSM)) | runs("a€")
any_texts = gsm_texts | runs("aж😀") | st.text()


def limit(result: Segmentation) -> int:
    """Return the size of each segment of `result`, in units."""
    single, concatenated = (160, 153) if result.encoding == "GSM-7" else (70, 67)
    return single if result.count < 2 else concatenated


def width(text: str, encoding: str) -> int:
    """Return the units of `text`, as the codecs count them."""
    if encoding == "GSM-7":
        return len(CODEC.encode(text)[0])
    return len(text.encode("utf-16-be")) // 2


def test_the_alphabet_is_the_default_table_and_its_extension() -> None:
    """Of all of Unicode, GSM-7 lacks what the gsm0338 codec lacks, and ESC."""
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]

    assert 127 + len(EXTENSION) == len(GSM)
    assert set(every) - set(GSM) == set(segment("".join(every)).forced_by)


@given(gsm_texts)
def test_septets_are_those_of_the_codec(text: str) -> None:
    """Return the units of a GSM-7 text are the bytes that gsm0338 makes of it."""
    result = segment(text)

    assert "GSM-7" == result.encoding
    assert len(CODEC.encode(text)[0]) == result.units


@given(any_texts.filter(lambda text: text and "\x1b" not in text))
@example("€" * 80)
@example("a" * 152 + "€" + "b" * 10)
@example("😀" * 35)
@example("я" * 66 + "😀" + "я" * 5)
def test_parts_are_those_of_smsutil(text: str) -> None:
    """An independent splitter cuts the same text at the same places.

    Left out are ESC, see `in_gsm`, and the empty text, of which smsutil makes one UCS-2 part.
    """
    oracle = smsutil.split(text)
    result = segment(text)

    assert tuple(part.content for part in oracle.parts) == result.parts
    assert {"gsm0338": "GSM-7", "utf_16_be": "UCS-2"}[oracle.encoding] == result.encoding


@given(any_texts)
def test_the_parts_are_the_text(text: str) -> None:
    """Nothing is lost, doubled or split within a character."""
    assert text == "".join(segment(text).parts)


@given(any_texts)
def test_no_part_is_over_the_limit(text: str) -> None:
    """Every segment fits, and `units` is their sum."""
    result = segment(text)
    widths = [width(part, result.encoding) for part in result.parts]

    assert all(0 < each <= limit(result) for each in widths)
    assert sum(widths) == result.units


@given(any_texts)
def test_every_part_is_as_full_as_can_be(text: str) -> None:
    """The first character of a segment had no room in the one before."""
    result = segment(text)

    for part, following in pairwise(result.parts):
        assert width(part + following[0], result.encoding) > limit(result)


@given(any_texts)
def test_the_room_left_is_what_still_fits(text: str) -> None:
    """`units_left` more units need no further segment; one more does."""
    result = segment(text)
    count = max(result.count, 1)

    assert count == segment(text + "a" * result.units_left).count
    assert count + 1 == segment(text + "a" * (result.units_left + 1)).count


@pytest.mark.parametrize(
    ("text", "encoding", "units", "count", "units_left"),
    [
        ("", "GSM-7", 0, 0, 160),
        ("a", "GSM-7", 1, 1, 159),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 145),
        ("a" * 306, "GSM-7", 306, 2, 0),
        ("a" * 307, "GSM-7", 307, 3, 152),
        ("€" * 80, "GSM-7", 160, 1, 0),
        ("€" * 81, "GSM-7", 162, 2, 143),
        ("я" * 70, "UCS-2", 70, 1, 0),
        ("я" * 71, "UCS-2", 71, 2, 63),
        ("😀" * 35, "UCS-2", 70, 1, 0),
        ("😀" * 36, "UCS-2", 72, 2, 61),
    ],
)
def test_sizes(text: str, encoding: str, units: int, count: int, units_left: int) -> None:
    """160 septets or 70 code units alone; 153 or 67 each when there are several."""
    result = segment(text)

    assert (encoding, units, count, units_left) == (
        result.encoding,
        result.units,
        result.count,
        result.units_left,
    )


@pytest.mark.parametrize("pair", EXTENSION)
def test_an_escape_pair_is_not_split(pair: str) -> None:
    """An extension character that has room for its escape only goes to the next segment."""
    text = "a" * 152 + pair + "a" * 152

    assert ("a" * 152, pair + "a" * 151, "a") == segment(text).parts


def test_a_surrogate_pair_is_not_split() -> None:
    """A character outside the BMP that has room for half of it goes to the next segment."""
    text = "я" * 66 + "😀" + "я" * 66

    assert ("я" * 66, "😀" + "я" * 65, "я") == segment(text).parts


def test_what_forces_ucs2_is_named() -> None:
    """Each character that GSM-7 lacks is given once, in order of appearance."""
    assert ("\u2019", "ç", "😀") == segment("it\u2019s ça \u2019 😀 ç").forced_by


@given(any_texts)
def test_only_what_gsm_lacks_forces_ucs2(text: str) -> None:
    """Without the characters that are named the text is GSM-7."""
    forced_by = segment(text).forced_by

    assert "GSM-7" == segment("".join(each for each in text if each not in forced_by)).encoding
    assert not set(forced_by) & set(GSM)


@pytest.mark.parametrize("lone", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
def test_a_lone_surrogate_is_refused(lone: int) -> None:
    """The error says where it is and holds nothing of the text."""
    with pytest.raises(ValueError, match=r"lone surrogate at index 6\b") as caught:
        segment(f"secret{chr(lone)}я")

    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("text", ["secret", "sécret ж", string.printable * 5])
def test_the_text_is_in_no_repr(text: str) -> None:
    """A segmentation can be logged."""
    result = segment(text)

    assert f"Segmentation(encoding={result.encoding!r}, units={result.units})" == repr(result)
