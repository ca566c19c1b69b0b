"""The numbering plans of the world: the one place that knows the extra ``phonenumbers``.

Without the extra, numbers of +1 can be read as people there write them, and no number is looked at
more closely than for its form.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from sumotext_backend.exceptions import ConfigurationError

if TYPE_CHECKING:
    from types import ModuleType

    from phonenumbers import PhoneNumber

DEFAULT_REGION: Final = "US"
"""Where numbers without a country code are dialled, if nobody says otherwise."""

PLUS_ONE: Final = frozenset(
    {
        *("AG", "AI", "AS", "BB", "BM", "BS", "CA", "DM", "DO", "GD", "GU", "JM", "KN"),
        *("KY", "LC", "MP", "MS", "PR", "SX", "TC", "TT", "US", "VC", "VG", "VI"),
    }
)
"""The countries of the North American Numbering Plan."""

ZERO_FIRST: Final = frozenset(
    ("39", "47", "225", "226", "229", "241", "242", "247", "378", "881", "888", "992")
)
"""Country codes after which a number may begin with 0, by the metadata of phonenumbers 9.0.

Freephone and premium rate do not count, nor a country where a 0 is dialled before all numbers.
"""

_COUNTRY_CODE: Final = re.compile(
    r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3}"
)
_TWINS: Final = (
    # Mexico dialled a 1 before mobiles from abroad, and Argentina dials a 9.
    (re.compile(r"\+521([2-9][0-9]{9})"), r"+52\1"),
    (re.compile(r"\+52([2-9][0-9]{9})"), r"+521\1"),
    (re.compile(r"\+549([1-8][0-9]{9})"), r"+54\1"),
    (re.compile(r"\+54([1-8][0-9]{9})"), r"+549\1"),
    # Brazil put a 9 before its mobiles, which had 8 digits.
    (re.compile(r"\+55([1-9]{2})9([6-9][0-9]{7})"), r"+55\1\2"),
    (re.compile(r"\+55([1-9]{2})([6-9][0-9]{7})"), r"+55\g<1>9\2"),
)
_REGION: Final = re.compile(r"[A-Z]{2}")
_EXTRA: Final = "pip install 'sumotext-backend[phonenumbers]'"
_NO_TEXTS: Final = {
    "FIXED_LINE": "the number is a fixed line, which gets no texts",
    "PREMIUM_RATE": "the number is one of premium rate, which gets no texts",
    "SHARED_COST": "the number is one of shared cost, which gets no texts",
}
"""Kinds that surely get none; of many numbers nobody can tell the kind."""


@functools.cache
def load() -> ModuleType | None:
    """The library; None where the extra is not installed.

    It takes long to import, which no send should have to wait for: a `Sender` does so when made.
    """
    try:
        import phonenumbers
    except ImportError:
        return None
    return phonenumbers


def check_region(region: object) -> str:
    """``region``, where numbers can be read as people write them there.

    Raises `ConfigurationError` for what is no country's two letters, and for one outside +1 where
    the extra is missing.
    """
    if not isinstance(region, str) or not _REGION.fullmatch(region):
        raise ConfigurationError("'region' wants a country's two capital letters, such as US")
    library = None if region in PLUS_ONE else load()
    if library is None and region not in PLUS_ONE:
        raise ConfigurationError(f"'region' outside +1 needs phonenumbers: {_EXTRA}")
    if library and region not in library.SUPPORTED_REGIONS:
        raise ConfigurationError("'region' is no country's two letters, such as US")
    return region


def read_national(digits: str, region: str) -> str | None:
    """``digits``, dialled in ``region``, with their country code; None for no whole number.

    A prefix that is dialled before a number there, such as 0, is understood; so is the one for
    calls abroad. Raises `ConfigurationError` as `check_region` does.
    """
    check_region(region)
    library = load()
    number = _parse(library, digits, region) if library else None
    if library is None or number is None or _find_length_fault(library, number):
        return None
    read = str(library.format_number(number, library.PhoneNumberFormat.E164)).removeprefix("+")
    # One that would be read as another, were it written with its country code, is nobody's.
    return read if drop_prefix(read) == read else None


def drop_prefix(digits: str) -> str:
    """``digits``, which begin with a country code, without a prefix of calls within the country.

    ``4407911…`` and ``447911…`` are one person's number. Without the extra they stay as they are.
    """
    library = None if digits.startswith("1") else load()
    number = _parse(library, f"+{digits}", None) if library else None
    if library is None or number is None:
        return digits
    return str(library.format_number(number, library.PhoneNumberFormat.E164)).removeprefix("+")


def has_trunk_zero(digits: str) -> bool:
    """Whether ``digits`` have a 0 after their country code that no number there begins with.

    It is dialled within the country, or nowhere: who is texted under both spellings is one person.
    """
    code = _COUNTRY_CODE.match(digits)
    return bool(code and digits[code.end() :].startswith("0") and code[0] not in ZERO_FIRST)


def find_twin(e164: str) -> str:
    """How else the same handset's number is written in E.164; ``e164`` where there is one way.

    Networks hand over either, whatever was dialled.
    """
    if e164.startswith("+5"):
        for written, otherwise in _TWINS:
            if written.fullmatch(e164):
                return written.sub(otherwise, e164)
    return e164


def find_fault(e164: str) -> str:
    """Why no text can arrive at the number, in words without it; empty where one may.

    Empty too where the extra is missing, which alone can tell.
    """
    library = load()
    if library is None:
        return ""
    number = _read(library, e164)
    if number is None:
        return "no country has the number's country code"
    kind = library.PhoneNumberType.to_string(library.number_type(number))
    return _find_length_fault(library, number) or _NO_TEXTS.get(kind, "")


def _read(library: ModuleType, e164: str) -> PhoneNumber | None:
    # What the library would make of it too, in twenty times as long.
    if e164.startswith("+1"):
        made: PhoneNumber = library.PhoneNumber(country_code=1, national_number=int(e164[2:]))
        return made
    return _parse(library, e164, None)


def _parse(library: ModuleType, text: str, region: str | None) -> PhoneNumber | None:
    try:
        number: PhoneNumber = library.parse(text, region)
    except library.NumberParseException:
        return None
    return number


def _find_length_fault(library: ModuleType, number: PhoneNumber) -> str:
    """Empty where the number has as many digits as one with an area code has in its country."""
    found = library.is_possible_number_with_reason(number)
    fits = found == library.ValidationResult.IS_POSSIBLE
    return "" if fits else "no number of its country has as many digits"
