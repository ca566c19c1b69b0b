"""Random callbacks, for the judges of signatures: the same ones every time.

With ports, fields that come twice, non-ASCII and empty values among them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from urllib.parse import quote, urlencode

import attrs
from callback_requests import FORM, get, post_form, post_json

from sumotext_backend.providers import Callback

REQUESTS = 200
KEY, OTHER = "s3cret-\u00fcmlaut/+", "an0ther"
HOSTS = ("texts.example.com", "texts.example.com:8443", "texts.example.com:443", "a.example:80")
ALIASES = ("main", "a b", "z\u00fcrich")
PLAIN = ("", "x", "+15015551234", "a b", "a+b", "&=?#%", "a\r\nb")
VALUES = (*PLAIN, "\u00e9", "\u4f60\u597d \U0001f44d")
NAMES = ("Body", "From", "To", "Status", "status", "a", "A", "Z\u00fcrich", "empty", "z-1")


def make_pairs(dice: random.Random, names: tuple[str, ...] = NAMES) -> list[tuple[str, str]]:
    """Fields, of which some come twice."""
    count = dice.randint(1, 8)
    return [(dice.choice(names), dice.choice(VALUES)) for _ in range(count)]


def make_url(dice: random.Random, *, plain: bool = False) -> str:
    """An address of ours, with a query or without."""
    scheme = dice.choice(("https", "https", "http"))
    path = f"/hooks/{quote(dice.choice(ALIASES))}/0f6c3d5e"
    values = PLAIN if plain else VALUES
    pairs = [(dice.choice("rq"), dice.choice(values)) for _ in range(dice.randint(0, 2))]
    return f"{scheme}://{dice.choice(HOSTS)}{path}{'?' if pairs else ''}{urlencode(pairs)}"


def make_requests(make: Callable[[random.Random], Callback]) -> list[Callback]:
    """As many random requests as are asked for, the same ones every time."""
    return [make(random.Random(number)) for number in range(REQUESTS)]


def make_form_or_query(dice: random.Random) -> Callback:
    """A form, or a query."""
    if dice.random() < 0.7:
        return post_form(make_pairs(dice), make_url(dice))
    return get(make_pairs(dice), make_url(dice).partition("?")[0])


def make_json(dice: random.Random) -> Callback:
    """An object of JSON, with what is not ASCII as it is or escaped."""
    value = dict(make_pairs(dice))
    body = json.dumps(value, ensure_ascii=dice.random() < 0.5).encode()
    return post_json(body, make_url(dice))


def change(callback: Callback) -> Callback:
    """``callback`` with one field more."""
    if callback.header("Content-Type") == FORM:
        return attrs.evolve(callback, body=callback.body + b"&more=1")
    if callback.method == "GET":
        return attrs.evolve(callback, url=f"{callback.url}&more=1")
    return attrs.evolve(callback, body=callback.body.replace(b"{", b'{"more": 1, ', 1))
