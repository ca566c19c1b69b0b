"""What goes out: fields with ``{to}`` and its like, and a request with them filled in; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

import attrs

from sumotext_backend.exceptions import ConfigurationError, did_you_mean
from sumotext_backend.http.request import Request

MARKS: Final = ("to", "text", "sender", "ref", "username", "password", "token", "callback")

_MARK: Final = re.compile(r"\{(\w+)\}")

Values = Mapping[str, str]


@attrs.frozen
class Template:
    """A request with marks in it. ``body`` is JSON; where it is None there are ``fields``."""

    method: str
    path: str
    fields: Mapping[str, str] = attrs.field(repr=False)
    body: Any = attrs.field(repr=False)
    headers: Mapping[str, str] = attrs.field(repr=False)
    charset: str


def find_marks(template: Template) -> set[str]:
    """The marks that ``template`` has."""
    texts = [*template.fields.values(), *template.headers.values(), json.dumps(template.body)]
    return {mark for text in texts for mark in _MARK.findall(text)}


def write(template: Template, values: Values, login: Mapping[str, str]) -> Request:
    """The request, its marks replaced. Raises `UnicodeEncodeError` for what has no character."""
    headers = {**login, **fill_pairs(template.headers, values)}
    if template.body is not None:
        body = json.dumps(fill_json(template.body, values))
        return _post(template, "application/json", body, headers)
    fields = fill_pairs(template.fields, values)
    form = urlencode(fields, encoding=template.charset, errors="strict")
    if template.method == "POST":
        return _post(template, "application/x-www-form-urlencoded", form, headers)
    sign = "&" if "?" in template.path else "?"
    return Request(target=f"{template.path}{sign}{form}", headers=headers)


def _post(template: Template, kind: str, body: str, headers: Mapping[str, str]) -> Request:
    own = {"Content-Type": kind, **headers}
    return Request(target=template.path, method="POST", body=body.encode("ascii"), headers=own)


def parse_pairs(option: str, pairs: Iterable[str], sign: str) -> dict[str, str]:
    """``name`` and value of each ``name=value``. Raises `ConfigurationError`."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, separator, value = pair.partition(sign)
        if not separator or not name.strip() or name.strip() in found:
            raise ConfigurationError(
                f"option {option!r} wants a list of 'NAME{sign}VALUE', each name once"
            )
        check_marks(option, value)
        found[name.strip()] = value.strip()
    return found


def parse_json(option: str, text: str) -> Any:
    """The JSON of a body with marks in its texts. Raises `ConfigurationError`."""
    check_marks(option, text)
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict | list):
        raise ConfigurationError(f"option {option!r} wants an object or a list in JSON")
    return found


def check_marks(option: str, text: str) -> None:
    """Raise `ConfigurationError` for a ``{mark}`` that stands for nothing."""
    for mark in _MARK.findall(text):
        if mark not in MARKS:
            known = ", ".join(f"{{{each}}}" for each in MARKS)
            meant = did_you_mean(mark, MARKS)
            raise ConfigurationError(
                f"option {option!r} has a mark that stands for nothing{meant}; there are {known}"
            )


def fill(text: str, values: Values) -> str:
    """``text`` with its marks replaced, all at once: what a value holds is not looked at."""
    return _MARK.sub(lambda mark: values.get(mark[1], ""), text)


def fill_pairs(pairs: Mapping[str, str], values: Values) -> dict[str, str]:
    """``pairs`` with their marks replaced; one that is left empty is left out."""
    filled = {name: fill(value, values) for name, value in pairs.items()}
    return {name: value for name, value in filled.items() if value}


def fill_json(template: Any, values: Values) -> Any:
    """``template`` with the marks in its texts replaced; a member left empty is left out."""
    if isinstance(template, dict):
        filled = {name: fill_json(value, values) for name, value in template.items()}
        return {name: value for name, value in filled.items() if value != ""}
    if isinstance(template, list):
        return [fill_json(value, values) for value in template]
    return fill(template, values) if isinstance(template, str) else template
