"""Typographic characters written plainly, as GSM-7 has them: what knows the extra ``anyascii``.

One curly quote makes a text UCS-2, whose segments hold less than half. Only punctuation, spaces and
invisible marks are replaced, by punctuation and spaces, and only where all of the text is GSM-7
afterwards. Letters, digits and symbols are never touched, emoji among them.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from sumotext_backend.segments import is_gsm, segment

_KINDS: Final = frozenset({"Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Zl", "Zp", "Zs", "Cf"})
"""Unicode's categories of punctuation, of separators, and of marks that nobody sees."""
_MINUS: Final = "\N{MINUS SIGN}"
"""A symbol, but written for a hyphen."""


@functools.cache
def _load() -> Callable[[str], str] | None:
    """What writes a character in ASCII; None where the extra is not installed."""
    try:
        from anyascii import anyascii
    except ImportError:
        return None
    return anyascii


def find_missing_extra() -> str:
    """What to install, in words; empty where it is there."""
    return "" if _load() else "needs anyascii: pip install 'sumotext-backend[transliterate]'"


def is_typographic(text: str) -> bool:
    """Whether ``text`` is not GSM-7, and all that stands in the way is typographic."""
    forced_by = segment(text).forced_by
    return bool(forced_by) and all(map(_is_typographic_character, forced_by))


def find_replacements(text: str) -> dict[str, str]:
    """What would be written for which characters of ``text``, in the order of their appearance.

    Empty where the text would not be GSM-7 then, or would be empty, and where the extra is missing.
    """
    write = _load()
    if write is None or not is_typographic(text):
        return {}
    found = {each: write(each) for each in segment(text).forced_by}
    plain = _replace(text, found)
    says_more = any(map(str.isalnum, "".join(found.values())))  # of 5‰ it would make 5%0
    return found if plain and is_gsm(plain) and not says_more else {}


def transliterate(text: str) -> str:
    """``text`` in GSM-7, where only typographic characters stand in the way; else as it is."""
    return _replace(text, find_replacements(text))


def as_sent(text: str, backend: object) -> str:
    """``text`` as ``backend`` sends it: transliterated where its option says so."""
    return transliterate(text) if getattr(backend, "transliterate", False) else text


def _is_typographic_character(character: str) -> bool:
    return unicodedata.category(character) in _KINDS or character == _MINUS


def _replace(text: str, replacements: Mapping[str, str]) -> str:
    return text.translate({ord(each): by for each, by in replacements.items()})
