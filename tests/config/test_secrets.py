"""No error about a DSN shows a part of it that can be a secret, wherever the secret stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import ConfigurationError, connect
from sumotext_backend.config import Places, load
from sumotext_backend.config.check import check
from sumotext_backend.config.show import in_force

SECRET = "zq7hunter2qz"
HALVES = (SECRET[:6], SECRET[6:])
ACCOUNT = "sumotext-v2://KEY@74700/SUMO?carrier=ATTUS"


def whole(secret: str) -> Iterator[str]:
    """DSNs with ``secret`` in each place that there is."""
    yield secret
    yield f"{secret}://74700/SUMO"
    yield f"{secret}:x"
    yield f"sumotext://{secret}/SUMO"
    yield f"sumotext://74700/SUMO/{secret}"
    yield f"sumotext://{secret}@74700/SUMO"
    yield f"sumotext://a:{secret}@74700/SUMO"
    yield f"{ACCOUNT}#{secret}"
    yield f"{ACCOUNT}&{secret}"
    yield f"{ACCOUNT}&{secret}=1"
    yield f"{ACCOUNT}&{secret}=1&{secret}=2"
    yield f"{ACCOUNT} || {secret}"
    yield f"{ACCOUNT} || ({secret} && null://)"
    yield f"{secret}(null://)"
    yield f"(null:// || null://)?{secret}=1"
    yield f"(null:// || null://)?{secret}=1&{secret}=1"
    yield f"retry(null://)?tries={secret}"
    for option in ("carrier", "timeout", "base_url", "proxy", "trust_4xx", "shortcode", "dsn"):
        yield f"{ACCOUNT}&{option}={secret}"
    yield f"sumotext://74700/SUMO?echo={secret}"
    yield f"memory://?reason={secret}"
    yield f"fallback://?chain={secret}"
    yield f"redirect(null://)?to={secret}"
    yield f"roundrobin://?chain=null://&weights={secret}"


def split(first: str, second: str) -> Iterator[str]:
    """DSNs whose secret was cut in two by a character that is not percent-encoded."""
    for mark in ("&", "/", "#", "?", "@", ":", "||", "&&", " ", "(", ")", "|", "&&(", "=", ","):
        yield f"sumotext-v2://K@74700/SUMO?apikey={first}{mark}{second}"
        yield f"sumotext-v2://{first}{mark}{second}@74700/SUMO"
        yield f"{first}{mark}{second}"


def lines(dsn: str) -> Iterator[str]:
    """Whatever is said of ``dsn``: in code, in ``$SMS_DSN``, in a variable and in a table."""
    table = {"providers": {"default": {"dsn": {"env": "OURS"}}, "main": "null://"}}
    around = Places({"SMS_DSN": dsn, "OURS": dsn})
    for source, places in ((dsn, Places()), (None, around), (table, around)):
        yield from _wrong(source, places)


def _wrong(source: Any, places: Places) -> Iterator[str]:
    try:
        connect(source, places=places)
    except ConfigurationError as error:
        yield f"{error} {error!r} {vars(error)}"
    try:
        found = load(source, places=places)
    except ConfigurationError:
        return
    yield from check(found, places)
    yield from (row.problem for row in in_force(found, places))


def leaks(dsn: str, *secrets: str) -> list[str]:
    """The lines on ``dsn`` that show one of ``secrets``."""
    return [line for line in lines(dsn) if any(secret in line for secret in secrets)]


@pytest.mark.parametrize("dsn", [*whole(SECRET)])
def test_a_secret_is_not_shown_wherever_it_stands(dsn: str) -> None:
    """In the place of each part of a DSN, and of a name."""
    assert [] == leaks(dsn, SECRET)


@pytest.mark.parametrize("dsn", [*split(*HALVES)])
def test_half_a_secret_is_not_shown(dsn: str) -> None:
    """Where a character in it means something else in a DSN."""
    assert [] == leaks(dsn, *HALVES)


def test_the_rule_sees_a_leak() -> None:
    """Its control: a name in a table is shown, since it is no part of a DSN."""
    shown = {"providers": {"default": {"backend": "null", SECRET: 1}}}

    assert any(SECRET in line for line in _wrong(shown, Places()))


@given(
    st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=8, max_size=20),
    st.integers(0, len([*whole("")]) - 1),
)
def test_no_secret_is_shown(secret: str, place: int) -> None:
    """Any text, in any place, whole or cut by a character of its own."""
    secret = f"zqx{secret}"

    assert [] == leaks([*whole(secret)][place], secret)


@pytest.mark.parametrize(
    ("dsn", "words"),
    [
        ("mian || null://", "there is no provider 'mian'; did you mean 'main'?"),
        ("null://?timeuot=1 || main", "unknown option (not shown)"),
        ("sumotext://74700/SUMO?carier=ATTUS", "unknown option 'carier'; did you mean 'carrier'?"),
        ("sumotxt://74700/SUMO", "no backend 'sumotxt' is installed"),
    ],
)
def test_what_is_only_misspelt_is_shown(dsn: str, words: str) -> None:
    """A word that is nearly one of ours tells no secret, and helps."""
    table = {"providers": {"default": {"dsn": dsn}, "main": "null://"}}

    assert any(words in line for line in check(load(table), Places()))
