"""How many segments a text takes on the air, and where they are cut.

The alphabets and the sizes are those of 3GPP TS 23.038 (default alphabet and its extension
table) and TS 23.040 (a concatenated segment gives six of its 140 octets to the header).
National language tables are not used: gateways do not select them.
"""

import re
from collections.abc import Iterator
from typing import Literal

import attrs

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"

_GSM = frozenset(_BASIC + _EXTENSION)
_SURROGATE = re.compile("[\ud800-\udfff]")

_Encoding = Literal["GSM-7", "UCS-2"]
# Where a character begins that takes two units: an escape pair, a surrogate pair.
# Only looking ahead leaves nothing to put back, which makes sub() several times as fast.
_WIDE: dict[_Encoding, re.Pattern[str]] = {
    "GSM-7": re.compile(f"(?=[{re.escape(_EXTENSION)}])"),
    "UCS-2": re.compile("(?=[\U00010000-\U0010ffff])"),
}
_SINGLE: dict[_Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
_CONCATENATED: dict[_Encoding, int] = {"GSM-7": 153, "UCS-2": 67}

# Stands for the first unit of a pair while a text is cut.
# Nothing else can be it, as a text with a lone surrogate is refused.
_LEAD = "\ud800"


@attrs.frozen
class Segmentation:
    """A text as it goes on the air.

    `units` are septets in GSM-7 and UTF-16 code units in UCS-2, headers not counted.
    `parts` is the text of each segment; joined they are the whole text.
    `forced_by` are the characters that GSM-7 lacks, each once, in order of appearance;
    it is empty in GSM-7.
    The last two are part of somebody's message and so are in no repr.
    """

    encoding: _Encoding
    units: int
    parts: tuple[str, ...] = attrs.field(repr=False)
    forced_by: tuple[str, ...] = attrs.field(default=(), repr=False)

    @property
    def count(self) -> int:
        """The number of segments; 0 for an empty text."""
        return len(self.parts)

    @property
    def units_left(self) -> int:
        """The room in the last segment, in units; a whole segment for an empty text."""
        if self.count < 2:
            return _SINGLE[self.encoding] - self.units
        return _CONCATENATED[self.encoding] - len(_spread(self.parts[-1], self.encoding))


def segment(text: str) -> Segmentation:
    """Cut `text` into as few segments as it takes, in GSM-7 if it has every character.

    An escape pair or a surrogate pair is never split; an emoji of several characters may be.
    Raises ValueError for a lone surrogate, which no encoding can carry.
    """
    forced_by = () if is_gsm(text) else _beyond_gsm(text)
    encoding: _Encoding = "UCS-2" if forced_by else "GSM-7"
    if forced_by and (lone := _SURROGATE.search(text)):
        raise ValueError(f"the text has a lone surrogate at index {lone.start()}; remove it")
    units = _spread(text, encoding)
    size = (_SINGLE if len(units) <= _SINGLE[encoding] else _CONCATENATED)[encoding]
    return Segmentation(encoding, len(units), tuple(_cut(units, size)), forced_by)


def is_gsm(text: str) -> bool:
    """Whether GSM-7 has every character of ``text``."""
    return _GSM.issuperset(text)


def _beyond_gsm(text: str) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys(text) if each not in _GSM)


def _spread(text: str, encoding: _Encoding) -> str:
    """Return `text` with a lead before each wide character, so that its length is its units."""
    return _WIDE[encoding].sub(_LEAD, text)


def _cut(units: str, size: int) -> Iterator[str]:
    start = 0
    while start < len(units):
        end = start + size
        if units[end - 1 : end] == _LEAD:
            end -= 1
        yield units[start:end].replace(_LEAD, "")
        start = end
