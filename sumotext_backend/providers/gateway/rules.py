"""What comes back: rules that say what an answer proves; pure.

An answer counts only where all of it came: one whole object of JSON, a first line with its end,
or a whole body. A rule matches all of that or nothing, so that half an answer matches none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs

from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.http.json_body import parse_object
from sumotext_backend.http.response import Response
from sumotext_backend.models import Reason, Verdict
from sumotext_backend.msisdn import Msisdn
from sumotext_backend.providers import rest

Answer = Literal["json", "line", "text"]

_ID: Final = re.compile(r"[0-9A-Za-z._:-]{1,100}", re.ASCII)
_DIGITS: Final = re.compile(r"[0-9]{7,15}")


@attrs.frozen
class Rules:
    """How an answer is read.

    ``accepted`` and ``code`` are patterns with a group ``id`` and ``code`` for a line or a text.
    For JSON ``accepted`` are values by JSON pointer, all of which must hold, and ``id`` and
    ``code`` are pointers.
    """

    answer: Answer
    accepted: Mapping[str, str]
    id: str
    code: str | None
    refusals: Mapping[str, Reason]


def read(rules: Rules, response: Response, number: Msisdn) -> Verdict:
    """What ``response`` proves; what matches no rule is a doubt."""
    found = _read_json(rules, response) if rules.answer == "json" else _read_words(rules, response)
    if found is None:
        return rest.doubt("the response is not whole, or matches no rule")
    message_id, code = found
    if code is not None and code in rules.refusals:
        known = f"the provider answered with code {code}"
        return Verdict(reason=rules.refusals[code], detail=known, raw=code)
    if code is not None:
        return rest.refuse(code, {})
    if message_id and _is_of(message_id, number):
        return rest.doubt("the id is the number that the text went to")
    return rest.accept(message_id, _ID)


def _is_of(message_id: str, number: Msisdn) -> bool:
    digits = message_id.lstrip("+0")
    return bool(_DIGITS.fullmatch(digits)) and number.e164.endswith(digits)


def _read_words(rules: Rules, response: Response) -> tuple[str | None, str | None] | None:
    """The id of an acceptance, or the code of a refusal; None for neither."""
    words = _find_line(response) if rules.answer == "line" else _find_text(response)
    if words is None:
        return None
    if found := re.fullmatch(rules.id, words, re.DOTALL):
        return found["id"], None
    refused = rules.code and re.fullmatch(rules.code, words, re.DOTALL)
    return (None, refused["code"]) if refused else None


def _find_line(response: Response) -> str | None:
    text = response.body.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    first, *rest_of_it = re.split(r"[\r\n]", text, maxsplit=1)
    return first.strip() if rest_of_it or response.ended else None


def _find_text(response: Response) -> str | None:
    return response.body.decode("utf-8", "replace").strip() if response.ended else None


def _read_json(rules: Rules, response: Response) -> tuple[str | None, str | None] | None:
    answer = parse_object(response.body)
    if answer is None:
        return None
    taken = all(_write(look_up(answer, at)) == value for at, value in rules.accepted.items())
    found = look_up(answer, rules.id) if taken else None
    message_id = None if isinstance(found, bool) else _write(found)
    code = _write(look_up(answer, rules.code)) if rules.code else None
    if taken and rules.code in rules.accepted:
        code = None
    if message_id and code:  # taken and refused at once
        return None
    return (message_id, code) if message_id or code else None


def look_up(document: Any, pointer: str) -> Any:
    """What stands at a JSON pointer (RFC 6901); None where nothing does."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(name)
        elif isinstance(document, list) and name.isdecimal() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document


def _write(value: Any) -> str | None:
    """A text or a number of JSON as text; None for what is neither, or empty."""
    if isinstance(value, bool):
        return str(value).lower()
    return (str(value) or None) if isinstance(value, str | int) else None


def parse_refusals(pairs: Mapping[str, str]) -> dict[str, Reason]:
    """The reason of each code. Raises `ConfigurationError` for what is not a reason."""
    for name in pairs.values():
        if name not in Reason.__members__:
            meant = did_you_mean(name, Reason.__members__)
            raise ConfigurationError(f"option 'refusals' names what is not a reason{meant}")
    return {code: Reason[name] for code, name in pairs.items()}


def make_rules(
    answer: Answer,
    accepted: Mapping[str, str],
    id_at: str,
    code_at: str | None,
    refusals: Mapping[str, Reason],
) -> Rules:
    """`Rules`, checked. Raises `ConfigurationError`."""
    places = {"id": id_at} | ({"code": code_at} if code_at is not None else {})
    if answer == "json":
        for option, pointer in (*places.items(), *(("accepted", at) for at in accepted)):
            _check_pointer(option, pointer)
    elif accepted:
        raise ConfigurationError("option 'accepted' is for answer = 'json'; write it into 'id'")
    else:
        for option, pattern in places.items():
            _check_pattern(option, pattern)
    return Rules(answer, accepted, id_at, code_at, refusals)


def _check_pointer(option: str, pointer: str) -> None:
    if not pointer.startswith("/"):
        raise ConfigurationError(f"option {option!r} wants a JSON pointer, such as /messages/0/id")


def _check_pattern(option: str, pattern: str) -> None:
    try:
        compiled = re.compile(pattern, re.DOTALL)
    except re.error:
        raise ConfigurationError(f"option {option!r} is not a regular expression") from None
    if option not in compiled.groupindex:
        raise ConfigurationError(f"option {option!r} wants a group (?P<{option}>…)")
