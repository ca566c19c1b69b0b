"""Who may ask the simulator: rules over headers alone."""

from __future__ import annotations

import pytest

from sumotext_backend.simulator.guard import COOKIE, Guard

OPEN, CLOSED = Guard(), Guard("s3cret")
HERE = {"host": "127.0.0.1:8080"}

LOCAL = [
    "127.0.0.1",
    "127.0.0.1:80",
    "localhost",
    "LocalHost:1",
    "a.localhost",
    "[::1]:8080",
    "[::1]",
]
FOREIGN = [
    "evil.example",
    "evil.example:8080",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "",
]


@pytest.mark.parametrize("host", LOCAL)
def test_a_host_that_is_this_machine_is_answered(host: str) -> None:
    """An address, or a name that nobody else can have."""
    assert OPEN.refuse("GET", "/", {"host": host}) is None


@pytest.mark.parametrize("host", FOREIGN)
def test_another_host_is_refused_unless_there_is_a_token(host: str) -> None:
    """A name that a stranger chose may be made to lead here; with a token that gains nothing."""
    refusal = OPEN.refuse("GET", "/api/messages", {"host": host})

    assert refusal
    assert 421 == refusal.status
    assert CLOSED.refuse("GET", "/api/messages", {"host": host}) is None


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/api/messages", "/secure/sumoSend.aspx", "/twilio/x", "/page/x"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_origin_is_refused_everywhere(method: str, path: str, site: str) -> None:
    """By the header that browsers set and no page can."""
    refusal = OPEN.refuse(method, path, {**HERE, "sec-fetch-site": site})

    assert refusal
    assert 403 == refusal.status


def test_a_link_to_the_page_may_stand_anywhere() -> None:
    """To open the inbox is no harm; to embed it as an image or a script is refused."""
    asked = {**HERE, "sec-fetch-site": "cross-site"}

    assert OPEN.refuse("GET", "/", {**asked, "sec-fetch-mode": "navigate"}) is None
    assert OPEN.refuse("GET", "/", {**asked, "sec-fetch-mode": "no-cors"})


@pytest.mark.parametrize("origin", ["null", "http://evil.example", "http://127.0.0.1:8081", "x"])
def test_an_origin_must_be_the_host(origin: str) -> None:
    """Older browsers tell at least this, for what changes something."""
    assert OPEN.refuse("POST", "/api/faults", {**HERE, "origin": origin})
    assert OPEN.refuse("POST", "/api/faults", {**HERE, "origin": "http://127.0.0.1:8080"}) is None


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_its_own_page_and_who_types_are_answered(site: str) -> None:
    """As is whoever says nothing of it, since that is no browser."""
    assert OPEN.refuse("POST", "/api/faults", {**HERE, "sec-fetch-site": site}) is None


def test_a_token_is_known_from_the_header_or_the_cookie() -> None:
    """Whole, and by its own name."""
    assert CLOSED.knows({"authorization": "Bearer s3cret"})
    assert CLOSED.knows({"authorization": "bearer  s3cret"})
    assert CLOSED.knows({"cookie": f"a=b; {COOKIE}=s3cret"})
    assert OPEN.knows({})


WRONG: list[dict[str, str]] = [
    {},
    {"authorization": "Bearer s3cre"},
    {"authorization": "Basic s3cret"},
    {"authorization": "Bearer ké"},
    {"cookie": f"{COOKIE}=x"},
    {"cookie": "\x00;=,"},
]


@pytest.mark.parametrize("headers", WRONG)
def test_anything_else_is_not_the_token(headers: dict[str, str]) -> None:
    """Nothing, a part, another scheme, what no header may hold."""
    assert not CLOSED.knows(headers)


def test_its_repr_does_not_show_the_token() -> None:
    """A token is a secret."""
    assert "s3cret" not in repr(CLOSED)
