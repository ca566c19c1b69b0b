"""`Request`: one HTTP request as a provider describes it, and as bytes; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import attrs

Enough = Callable[[bytes], bool]

HEADERS: Final[Mapping[str, str]] = {
    "User-Agent": "sumotext-backend",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}
"""Sent with each request, unless it has others of those names."""

_METHOD: Final = re.compile(r"[A-Z]+")
_TARGET: Final = re.compile(r"/[!-~]*")
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\t -~\xa0-\xff]*")


def _never(_body: bytes) -> bool:
    return False


@attrs.frozen(kw_only=True)
class Request:
    """One request. Its repr shows the method and nothing else.

    ``target`` is path and query below the backend's ``base_url``, percent-encoded.
    ``enough(body so far)`` tells that no more of the response need be read. ``reference`` is our
    own id of the text: what an acceptance is known by where the provider gives no id.
    """

    target: str = attrs.field(repr=False)
    method: str = "GET"
    body: bytes | None = attrs.field(default=None, repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    enough: Enough = attrs.field(default=_never, repr=False)
    reference: str | None = attrs.field(default=None, repr=False)


def find_problem(request: Request) -> str | None:
    """Why ``request`` cannot be written down, without a part of it; None where it can."""
    if not _METHOD.fullmatch(request.method):
        return "the method is not a word in capitals"
    if not _TARGET.fullmatch(request.target):
        return "the target has a character that must be percent-encoded, or no slash first"
    if not all(map(_NAME.fullmatch, request.headers)):
        return "the name of a header has a character that none may have"
    if not all(map(_VALUE.fullmatch, request.headers.values())):
        return "a header has a character that none may have"
    return None


def fields_of(request: Request) -> Mapping[str, str]:
    """The headers to send: ours, over them the request's, over both the body's length."""
    if not request.headers and request.body is None:
        return HEADERS
    names = {name.lower() for name in request.headers}
    ours = {name: value for name, value in HEADERS.items() if name.lower() not in names}
    # With a length nobody falls back to chunks.
    length = {} if request.body is None else {"Content-Length": str(len(request.body))}
    return {**ours, **request.headers, **length}


def _encode_fields(fields: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items())


_OURS: Final = _encode_fields(HEADERS)


def encode(request: Request, prefix: str, host: str) -> bytes:
    """``request`` as HTTP/1.1: ``prefix`` stands before its target, ``host`` in ``Host``."""
    fields = fields_of(request)
    lines = _OURS if fields is HEADERS else _encode_fields(fields)
    head = f"{request.method} {prefix}{request.target} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n"
    return head.encode("latin-1") + (request.body or b"")
