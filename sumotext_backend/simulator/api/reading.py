"""What a request to the API says, or in one line what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import attrs
from starlette.requests import ClientDisconnect, Request

from sumotext_backend.simulator.query import Query
from sumotext_backend.simulator.states import State
from sumotext_backend.simulator.wire import MAX_BODY_BYTES

MAX_LIMIT: Final = 1000
MAX_WAIT_SECONDS: Final = 60.0
MAX_CHARACTERS: Final = 10_000
"""Of any one text or number."""

CODES: Final = {
    401: "token",
    403: "origin",
    404: "no-such-path",
    405: "method",
    409: "conflict",
    413: "too-long",
    415: "not-json",
    421: "host",
    422: "invalid",
    503: "full",
}
"""What an error is called where a program reads it, by HTTP status."""

_SAME: Final = {"from": "sender"}


class WrongError(Exception):
    """A request that cannot be served; its words name no value of it."""

    def __init__(self, status: int, why: str, code: str = "") -> None:
        """Say so; without a ``code`` it is that of the ``status``."""
        super().__init__(why)
        self.status = status
        self.why = why
        self.code = code or CODES[status]


@attrs.frozen(kw_only=True)
class Search:
    """Which texts are asked for, how many of them, and how long to wait for the first ones.

    ``before`` is the id of the text that was the last one seen. ``whole``: in full, not in brief.
    """

    query: Query
    limit: int = 100
    before: str | None = None
    wait: float = 0.0
    count: int = 1
    whole: bool = False


def read_search(given: Mapping[str, str]) -> Search:
    """The search that query parameters ask for. Raises `WrongError`."""
    rest = dict(given)
    search = {
        "limit": _read_number(rest.pop("limit", "100"), "limit", 1, MAX_LIMIT),
        "wait": _read_number(rest.pop("wait", "0"), "wait", 0, MAX_WAIT_SECONDS),
        "count": _read_number(rest.pop("count", "1"), "count", 1, MAX_LIMIT),
        "before": rest.pop("before", None),
        "whole": _read_flag(rest.pop("whole", "false"), "whole"),
    }
    limit, count = int(search["limit"]), int(search["count"])
    return Search(**{**search, "query": read_query(rest), "limit": limit, "count": count})


def read_limit(given: Mapping[str, str]) -> int:
    """How many are asked for, and nothing else. Raises `WrongError`."""
    if set(given) - {"limit"}:
        raise WrongError(422, "a query parameter that is not known; 'limit' is the only one")
    return int(_read_number(given.get("limit", "100"), "limit", 1, MAX_LIMIT))


def read_query(given: Mapping[str, str]) -> Query:
    """The query that query parameters are. Raises `WrongError`."""
    known = {field.name: field for field in attrs.fields(Query)}
    named = {_SAME.get(name, name): value for name, value in given.items() if name != "sender"}
    if "sender" in given or set(named) - set(known):
        raise WrongError(422, "a query parameter that is not known; /api/openapi.json lists them")
    for name, words in (("state", [*State]), ("direction", ["mt", "mo"])):
        if named.get(name) not in (None, *words):
            raise WrongError(422, f"{name!r} wants to be one of {', '.join(words)}")
    return Query(**named)


def _read_flag(text: str, name: str) -> bool:
    if text not in ("true", "false"):
        raise WrongError(422, f"{name!r} wants to be true or false")
    return text == "true"


def _read_number(text: str, name: str, least: float, most: float) -> Any:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not least <= value <= most or (name != "wait" and not text.isdecimal()):
        raise WrongError(422, f"{name!r} wants a number from {least:g} to {most:g}")
    return value


async def read_object(request: Request, *, wanted: Mapping[str, type], needed: set[str]) -> Any:
    """The JSON object in the body, with some of the fields ``wanted`` and all ``needed``.

    Raises `WrongError`.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise WrongError(415, "the body wants to be JSON, with Content-Type: application/json")
    value = _parse(await _read_body(request))
    if not isinstance(value, dict):
        raise WrongError(422, "the body wants to be one JSON object")
    _check_fields(value, wanted, needed)
    return value


def _check_fields(value: dict[str, Any], wanted: Mapping[str, type], needed: set[str]) -> None:
    if set(value) - set(wanted):
        raise WrongError(422, f"the object may have the fields {', '.join(wanted)}, and no others")
    for name, kind in wanted.items():
        found = value.get(name)
        if name not in value and name not in needed:
            continue
        if type(found) is not kind:
            raise WrongError(422, f"{name!r} wants to be {'text' if kind is str else 'a number'}")
        least = 1 if name in needed else 0
        if isinstance(found, str) and not least <= len(found) <= MAX_CHARACTERS:
            raise WrongError(422, f"{name!r} wants {least} to {MAX_CHARACTERS} characters")


async def _read_body(request: Request) -> bytes:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise WrongError(413, f"the body wants {MAX_BODY_BYTES} bytes at the most")
    except ClientDisconnect:
        return b""
    return body


def _read_float(digits: str) -> float | int:
    """JSON tells no 1.0 from 1."""
    value = float(digits)
    return int(value) if value.is_integer() else value


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=_read_float)
    except (ValueError, RecursionError):
        raise WrongError(422, "the body is no JSON") from None
