"""Phone numbers among the options, read in a region as people dial them."""

from __future__ import annotations

from typing import Any

from sumotext_backend.exceptions import ConfigurationError
from sumotext_backend.msisdn import InvalidNumberError, parse
from sumotext_backend.options import Option


def write_phones(option: Option, value: Any, region: str) -> Any:
    """``value`` with each phone number in E.164; as it is where ``option`` holds none.

    Raises `ConfigurationError`, which never shows the number.
    """
    if not option.phone or value is None:
        return value
    try:
        if option.many:
            return tuple(parse(each, region).e164 for each in value)
        return parse(value, region).e164
    except InvalidNumberError as error:
        wrong = f"option {option.name!r}: {error}"
    raise ConfigurationError(wrong, option=option.name)
