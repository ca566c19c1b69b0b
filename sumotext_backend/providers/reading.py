"""What the providers' callbacks have in common: fields of a query, a form or JSON; pure.

Fields are a mapping of names to what was sent under them. A name that comes twice in a query or
form has a list, which is no value: which of the two holds is anybody's guess.
All of it raises `CallbackError` where something cannot be read, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sumotext_backend.callbacks import MAX_BODY_BYTES, Callback, Pairs, split_pairs
from sumotext_backend.exceptions import CallbackError
from sumotext_backend.msisdn import InvalidNumberError
from sumotext_backend.msisdn import parse as parse_number

Fields = Mapping[str, object]

MAX_DEPTH: Final = 20
"""Of JSON."""

MAX_ID_CHARACTERS: Final = 256
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_EPOCH: Final = re.compile(r"[0-9]{9,10}(?:[0-9]{3})?", re.ASCII)
_COMPACT: Final = re.compile(r"[0-9]{14}", re.ASCII)
_FIRST_YEAR: Final = 1992
"""Of texts."""
_COUNTRY_CODE_FIRST: Final = re.compile(r"[1-9][0-9]{6,14}", re.ASCII)


def read_form(callback: Callback) -> Fields:
    """The fields of a form, or of the query where it is a GET."""
    return gather(list_pairs(callback))


def read_either(callback: Callback) -> Fields:
    """The fields of a JSON object, of a form, or of the query, whichever was sent."""
    if callback.method != "GET" and is_json(callback):
        return read_object(callback)
    return read_form(callback)


def list_pairs(callback: Callback) -> Pairs:
    """The pairs of a form, or of the query where it is a GET, empty values too."""
    if callback.method == "GET":
        return callback.query
    _check_size(callback.body)
    # Whatever is not ASCII in a form is there unescaped; `find` tells whether it is UTF-8.
    return split_pairs(callback.body.decode("utf-8", "surrogateescape"))


def is_json(callback: Callback) -> bool:
    """Whether the body says that it is JSON."""
    return "json" in callback.header("Content-Type").lower()


def gather(pairs: Pairs) -> Fields:
    """``pairs`` as fields; a value that is not UTF-8 is bytes."""
    values: dict[str, list[str | bytes]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(_keep_bytes(value))
    return {name: each[0] if len(each) == 1 else each for name, each in values.items()}


def _keep_bytes(value: str) -> str | bytes:
    return value.encode("utf-8", "surrogateescape") if _SURROGATES.search(value) else value


def read_object(callback: Callback) -> Fields:
    """The body, which must be one JSON object."""
    value = read_json(callback.body)
    if not isinstance(value, dict):
        raise CallbackError("the body is not a JSON object")
    return value


def read_json(body: bytes | str) -> Any:
    """The value of all of ``body``, which must be JSON in UTF-8, with no name twice."""
    _check_size(body)
    try:
        text = body if isinstance(body, str) else body.decode("utf-8-sig")
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise CallbackError("it is not whole and proper JSON in UTF-8") from None
    _check_depth(value)
    return value


def _take_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(names := dict(pairs)) < len(pairs):
        raise ValueError("a name comes twice")
    return names


def _refuse_constant(_: str) -> Any:
    raise ValueError("no number")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_take_once, parse_constant=_refuse_constant)


def _check_size(body: bytes | str) -> None:
    if len(body) > MAX_BODY_BYTES:
        raise CallbackError(f"it has more than {MAX_BODY_BYTES} bytes")


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for each in level for inner in _list_inner(each)]
    if level:
        raise CallbackError(f"its JSON is more than {MAX_DEPTH} levels deep")


def _list_inner(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def find(fields: Fields, *names: str) -> str:
    """The first value under one of ``names`` that is not empty; empty where there is none."""
    for name in names:
        value = fields.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise CallbackError(f"{name!r} comes twice, is not UTF-8 or is no text")
        # Half a character in JSON's escapes, which no file or database takes.
        return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", str(value))
    return ""


def take(fields: Fields, *names: str) -> str:
    """As `find`, where there must be one; of the length of an id, in one line."""
    value = find(fields, *names)
    if not value or len(value) > MAX_ID_CHARACTERS or not value.isprintable():
        raise CallbackError(f"{names[0]!r} is missing, or too long for what it is")
    return value


def find_id(fields: Fields, *names: str) -> str | None:
    """As `take`, where there may be none."""
    return take(fields, *names) if find(fields, *names) else None


def find_text(fields: Fields, *names: str) -> str:
    """As `find`, for what people write: without the one character that PostgreSQL does not take."""
    return find(fields, *names).replace("\0", "\N{REPLACEMENT CHARACTER}")


def find_object(fields: Fields, name: str) -> Fields:
    """The object under ``name``; an empty one where there is none."""
    value = fields.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise CallbackError(f"{name!r} is not an object")
    return value


def list_objects(value: object) -> list[Fields]:
    """``value``, which must be a list of objects."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise CallbackError("it is not a list of objects")
    return value


def write_number(text: str, *, national: bool = False) -> str:
    """``text`` in E.164 where it is a number; as it was otherwise: a short code, or a name.

    Digits alone begin with a country code, unless they are ``national`` numbers of +1.
    """
    plain = text.strip()
    abroad = not national and _COUNTRY_CODE_FIRST.fullmatch(plain)
    try:
        return parse_number(f"+{plain}" if abroad else plain).e164
    except InvalidNumberError:
        return plain


def take_number(fields: Fields, *names: str, national: bool = False) -> str:
    """The number, short code or name under one of ``names``: see `write_number`."""
    return write_number(take(fields, *names), national=national)


def find_number(fields: Fields, *names: str) -> str:
    """As `take_number`; empty where there is none."""
    return take_number(fields, *names) if find(fields, *names) else ""


def find_time(fields: Fields, *names: str) -> dt.datetime | None:
    """The time under one of ``names``; None where there is none, or it cannot be read."""
    return read_time(find(fields, *names))


def read_time(text: str) -> dt.datetime | None:
    """``text`` as a time: ISO 8601, in UTC if it does not say, or seconds or milliseconds.

    Of ISO's compact form the ``T`` may be missing. None for what cannot be read, and for one from
    before there were texts, such as the year 1, which many programs write for no time at all: a no
    that was said then would be older than any yes.
    """
    try:
        if _EPOCH.fullmatch(text):
            seconds = int(text) / (1000 if len(text) > 10 else 1)
            at = dt.datetime.fromtimestamp(seconds, dt.UTC)
        else:
            text = f"{text[:8]}T{text[8:]}" if _COMPACT.fullmatch(text) else text
            at = dt.datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    if at.year < _FIRST_YEAR:
        return None
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at
