"""What the command prints of the segments of a text: pure functions, which show no text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

import attrs

from sumotext_backend.render.results import size, size_object, table
from sumotext_backend.segments import Segmentation, segment
from sumotext_backend.transliteration import (
    find_missing_extra,
    find_replacements,
    is_typographic,
    transliterate,
)


@attrs.frozen
class Plainly:
    """A text without its typographic characters: ``by`` is what is written for each.

    ``cuts`` is how it is cut then.
    """

    by: Mapping[str, str] = attrs.field(repr=False)
    cuts: Segmentation


def find_plainly(text: str) -> Plainly | None:
    """``text`` as a provider with ``transliterate`` is given it; None where that is no other."""
    by = find_replacements(text)
    return Plainly(by, segment(transliterate(text))) if by else None


def segments_table(text: str) -> str:
    """How ``text`` is cut, for a person; not the text, but the characters that forced UCS-2.

    Raises ValueError for a lone surrogate.
    """
    cuts = segment(text)
    kind = "septets" if cuts.encoding == "GSM-7" else "UTF-16 code units"
    rows = [
        ("encoding", cuts.encoding),
        ("units", f"{cuts.units} {kind}"),
        ("room left", f"{cuts.units_left} {kind} in the last segment"),
        *(("forced by", f"{code_point(each)} {name(each)}") for each in cuts.forced_by),
        *_plain_rows(text, cuts),
    ]
    return table(_count(cuts.count), rows)


def _plain_rows(text: str, cuts: Segmentation) -> Iterator[tuple[str, str]]:
    """What `transliterate` would write, and save."""
    plain = find_plainly(text)
    if plain is None:
        yield "plainly", find_missing_extra() if is_typographic(text) else ""
        return
    for each, by in plain.by.items():
        yield "plainly", f"{code_point(each)} as {by or 'nothing'}"
    saved = cuts.count - plain.cuts.count
    yield "that is", f"{size(plain.cuts)}, which saves {_count(saved)}"


def _count(segments: int) -> str:
    return f"{segments or 'no'} segment{'' if segments == 1 else 's'}"


def segments_object(text: str) -> dict[str, object]:
    """How ``text`` is cut, for a program; ``transliterated`` is null where that changes nothing.

    Raises ValueError for a lone surrogate.
    """
    cuts, plain = segment(text), find_plainly(text)
    forced = [_character(each) for each in cuts.forced_by]
    own = {**_cuts_object(cuts), "forced_by": forced, "transliterated": None}
    if plain is None:
        return own
    replaced = [{**_character(each), "by": by} for each, by in plain.by.items()]
    return own | {"transliterated": {**_cuts_object(plain.cuts), "replaced": replaced}}


def _cuts_object(cuts: Segmentation) -> dict[str, object]:
    return {**size_object(cuts), "units": cuts.units, "units_left": cuts.units_left}


def _character(character: str) -> dict[str, str]:
    return {"character": character, "code_point": code_point(character), "name": name(character)}


def code_point(character: str) -> str:
    """``"U+2019"``."""
    return f"U+{ord(character):04X}"


def name(character: str) -> str:
    """The character's name in Unicode; control characters have none."""
    return unicodedata.name(character, "(no name)")
