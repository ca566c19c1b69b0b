"""Read a phone number as people write it.

Rules of form only: E.164 for all the world, the North American Numbering Plan for +1; how numbers
of one other country are written is for `numbering`, which has the extra ``phonenumbers`` behind it.
Whether somebody has the number is for the provider to say.
"""

import re
import unicodedata
from typing import Final

import attrs

from sumotext_backend.numbering import (
    DEFAULT_REGION,
    PLUS_ONE,
    drop_prefix,
    has_trunk_zero,
    read_national,
)
from sumotext_backend.redact import mask

MAX_CHARACTERS: Final = 64

# Area codes are never N11 (those are services). Exchanges written N11 are in use
# in area codes without local 7-digit dialling, so they pass.
_NANP = r"[2-9](?!11)[0-9]{2}[2-9][0-9]{6}"
_PLAIN = re.compile(rf"(?:\+?1)?({_NANP})")
_NANP_WITH_CODE = re.compile(rf"1{_NANP}")
_E164 = re.compile(r"[1-9][0-9]{6,14}")

_SCHEME = re.compile(r"\A(?:tel|sms|smsto):(?://)?", re.IGNORECASE)
# A lone last digit is refused: `501555123.0` is nine digits that were taken for a float.
_WRITTEN = re.compile(r"[( ]*(\+?)[( ]*([0-9][0-9 \t().\-/·]*[0-9]{2})\)?")
_NOT_DIGIT = re.compile(r"[^0-9]+")
_EXTENSION = re.compile(r";|#|(?<=[0-9. ])(?:x|ext)", re.IGNORECASE)
# 011 abroad is also an area code (Delhi, Turin, Buenos Aires), or the start of one (Leeds).
# Such numbers have nine digits at most after it.
_DIALLED = re.compile(r"00(?=[1-9])|011(?=[1-9][0-9]{9})")


class InvalidNumberError(ValueError):
    """A text that is not a phone number that can be texted; the message never holds it."""


@attrs.frozen
class Msisdn:
    """A phone number in E.164 form, such as `+15015551234`, as `parse` makes it."""

    e164: str = attrs.field(repr=mask)

    @property
    def national(self) -> str | None:
        """The ten digits of a +1 number; None for other countries."""
        return self.e164[2:] if self.e164.startswith("+1") else None


def parse(text: str, region: str = DEFAULT_REGION) -> Msisdn:
    """Return the number that `text` stands for.

    A number without `+` is read as it is dialled in `region`, two letters (ISO 3166-1).
    In a country of +1 that is with or without 1, and 00 or 011 before another country's code.
    Spaces, hyphens, dots, slashes, parentheses, digits of any script, and
    `tel:`, `sms:` and `smsto:` are understood; with the extra phonenumbers so is a 0, or what is
    dialled in its place within a country, after the country's code.
    Raises InvalidNumberError otherwise, for such a 0 without the extra, and for extensions, which
    cannot be texted;
    `ConfigurationError` for another region where the extra phonenumbers is missing.
    """
    if (plain := _PLAIN.fullmatch(text)) and region in PLUS_ONE:
        return Msisdn(f"+1{plain[1]}")
    if len(text) > MAX_CHARACTERS:
        raise InvalidNumberError(f"a phone number has at most {MAX_CHARACTERS} characters")
    number = _SCHEME.sub("", _ascii(text).strip())
    plus, digits = _read(number)
    checked = _check(digits if plus else _with_country_code(digits, region))
    return Msisdn(f"+{_refuse_zero(_check(drop_prefix(checked)))}")


def _read(number: str) -> tuple[str, str]:
    """Return the `+` of `number`, if it has one, and its digits."""
    if not number:
        raise InvalidNumberError("the phone number is empty")
    if _EXTENSION.search(number):
        raise InvalidNumberError("an extension or parameter cannot be texted; leave it out")
    if "(0)" in number:
        raise InvalidNumberError("(0) is not dialled after a country code; leave it out")
    if not (written := _WRITTEN.fullmatch(number)):
        raise InvalidNumberError("not a phone number; write it as +15015551234")
    return written[1], _NOT_DIGIT.sub("", written[2])


def _with_country_code(digits: str, region: str) -> str:
    """Return what `+` would stand before, of digits written without it."""
    if region not in PLUS_ONE:
        return _of_region(digits, region)
    if prefix := _DIALLED.match(digits):
        return digits[prefix.end() :]
    if len(digits) == 10:
        return f"1{digits}"
    if len(digits) == 11 and digits.startswith("1"):
        return digits
    raise InvalidNumberError(
        "neither 10 digits nor 11 that begin with 1; write it with + and the country code"
    )


def _of_region(digits: str, region: str) -> str:
    if found := read_national(digits, region):
        return found
    raise InvalidNumberError(
        f"not a whole number as it is dialled in {region}; write it with + and the country code"
    )


def _check(digits: str) -> str:
    if digits.startswith("1") and not _NANP_WITH_CODE.fullmatch(digits):
        raise InvalidNumberError(
            "not a +1 number, as area code, exchange or length is wrong; "
            "write one of another country with + and its code"
        )
    if not _E164.fullmatch(digits):
        raise InvalidNumberError("a country code and its number are 7 to 15 digits, no 0 first")
    return digits


def _refuse_zero(digits: str) -> str:
    # Not taken out: without phonenumbers nobody knows what else is wrong with the number.
    if has_trunk_zero(digits):
        raise InvalidNumberError(
            "a 0 after this country code is not dialled from abroad; leave it out"
        )
    return digits


def _ascii(text: str) -> str:
    return text if text.isascii() else "".join(map(_ascii_of, text))


def _ascii_of(character: str) -> str:
    """Return the ASCII twin of a digit, space, hyphen or full-width mark.

    NFKC would do more than that: it makes a digit of the footnote mark in `555-1234²`.
    """
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    if character == "\N{MINUS SIGN}":
        return "-"
    return {"Zs": " ", "Pd": "-", "Cf": ""}.get(unicodedata.category(character), character)
