"""One request that came in, and what is answered: values, and what is masked of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus

import attrs

Pairs = tuple[tuple[str, str], ...]

MASKED: Final = "•••"

MAX_BODY_KEPT: Final = 4096
"""How many bytes are kept of a request that came to no text."""

_SECRET: Final = re.compile(
    r"secret|token|passw|pwd|auth|signature|credential|cookie|(?:api|access)[-_]?key|^pass$|^sig$",
    re.IGNORECASE,
)


@attrs.frozen(kw_only=True)
class Received:
    """One HTTP request, whoever it was meant for.

    ``path`` is what the provider would see of it, percent-decoded, and ``prefix`` what stands
    before it here: ``/twilio``, or nothing. ``query`` and ``headers`` are pairs in the order in
    which they came, names of headers in lower case. ``body`` is empty where it was too long, or
    not all of it came.
    """

    method: str
    path: str
    prefix: str = ""
    query: Pairs = attrs.field(default=(), repr=False)
    headers: Pairs = attrs.field(default=(), repr=False)
    body: bytes = attrs.field(default=b"", repr=False)

    def header(self, name: str) -> str:
        """The first header of that name, in lower case; empty where there is none."""
        return next((value for found, value in self.headers if found == name), "")

    @property
    def parameters(self) -> dict[str, str]:
        """The query by name; of a name that occurs twice the last value."""
        return dict(self.query)

    @property
    def form(self) -> Pairs:
        """The body as a form in UTF-8, in order; empty where it is none."""
        kind = self.header("content-type").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            return ()
        return tuple(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The value that the body is in JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@attrs.frozen(kw_only=True)
class Answer:
    """What is answered, and the faults of the answer.

    ``headers`` are pairs; the length is added. ``wait`` is in seconds, and infinite for no answer
    at all; ``reset`` breaks the connection off instead of answering.
    """

    status: int = 200
    headers: Pairs = ()
    body: bytes = attrs.field(default=b"", repr=False)
    wait: float = 0.0
    reset: bool = False


def answer_json(value: object, status: int = 200, headers: Pairs = ()) -> Answer:
    """``value`` as JSON in UTF-8."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Answer(
        status=status, headers=(("content-type", "application/json"), *headers), body=body
    )


def shorten(received: Received) -> Received:
    """``received`` with no more than the begin of its body."""
    return attrs.evolve(received, body=received.body[:MAX_BODY_KEPT])


def mask_secrets(received: Received) -> Received:
    """``received`` with ``•••`` for the value of everything that is named as a secret is."""
    return attrs.evolve(
        received,
        query=_mask_pairs(received.query),
        headers=_mask_pairs(received.headers),
        body=_mask_body(received),
    )


def _mask_pairs(pairs: Pairs) -> Pairs:
    return tuple((name, MASKED if _SECRET.search(name) else value) for name, value in pairs)


def _mask_body(received: Received) -> bytes:
    if received.form:
        return b"&".join(map(_mask_field, received.body.split(b"&")))
    head, mark, rest = received.body.partition(b"=")
    # SUMOTEXT's newer API posts `json={…}`.
    named = mark and head.isalnum()
    value = attrs.evolve(received, body=rest if named else received.body).json
    if not isinstance(value, (dict, list)):
        return received.body
    known = _mask_json(value)
    if known == value:
        return received.body
    masked = json.dumps(known, ensure_ascii=False).encode("utf-8", "replace")
    return head + mark + masked if named else masked


def _mask_field(field: bytes) -> bytes:
    """One field of a form; what is no secret stays as it was written."""
    name, mark, _ = field.partition(b"=")
    secret = _SECRET.search(unquote_plus(name.decode("utf-8", "replace")))
    return name + mark + MASKED.encode() if secret else field


def _mask_json(value: Any) -> Any:
    if isinstance(value, dict):
        return dict(_mask_items(value))
    return [_mask_json(each) for each in value] if isinstance(value, list) else value


def _mask_items(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        secret = _SECRET.search(name) and isinstance(each, (str, int, float))
        yield name, MASKED if secret else _mask_json(each)
