"""Take private data out of what people and log files get to see."""

import re

_DIGIT = re.compile(r"\d")
_QUERY = re.compile(r'\?[^\s"<>]+')

# What may stand between two digits of one number: spaces (as such, as `+` or as `%20`),
# punctuation, hyphens of all widths, and marks that nobody sees.
_BETWEEN = (
    r"(?:[\s+().\-/\u00ad\u00b7\u200b-\u2015\u202a-\u202e\u2060\u2066-\u2069\u2212"
    r"\ufe63\ufeff\uff08\uff09\uff0b\uff0d\uff0e]|%2[0-9A-Fa-f])"
)
# Every repetition is bounded or begins with a digit, so a match takes linear time.
_NUMBER = re.compile(rf"[+(]{{0,2}}\d(?:{_BETWEEN}{{0,3}}\d){{6,}}")


def mask(number: str) -> str:
    """Return `•••` and the last four digits of `number`.

    Of fewer than seven digits none is shown: four of them would be most of the number.
    Takes any string, and never raises.
    """
    digits = "".join(_DIGIT.findall(number))
    return f"•••{digits[-4:]}" if len(digits) >= 7 else "•••"


def scrub(text: str) -> str:
    """Return `text` with phone numbers masked and query strings cut to `?…`.

    For texts made by others, before they are shown.
    Seven digits or more, with common separators between them, count as a phone number
    (so a date with its time is masked too),
    and so does any `?` with something right after it as the start of a query string.
    The words of a message outside a query string cannot be told from other words, and stay.
    """
    return _NUMBER.sub(_mask_match, _QUERY.sub("?…", text))


def _mask_match(match: re.Match[str]) -> str:
    return mask(match[0])
