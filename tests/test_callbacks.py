"""`Callback`: one request that a provider makes to us."""

from __future__ import annotations

import attrs
import pytest

from sumotext_backend.callbacks import MAX_FIELDS, MAX_QUERY_CHARACTERS, Callback, Reply
from sumotext_backend.exceptions import CallbackError, SmsError

URL = "https://texts.example.com:8443/hooks/main/z%C3%BCrich?a=1&&b=&a=%E2%82%AC&c"


def test_path_and_query_are_those_of_the_address() -> None:
    """The path as it was written, the query decoded, with empty values and in order."""
    callback = Callback(method="GET", url=URL)

    assert "/hooks/main/z%C3%BCrich" == callback.path
    assert [("a", "1"), ("b", ""), ("a", "\u20ac"), ("c", "")] == callback.query


@pytest.mark.parametrize("url", ["", "/", "https://h", "https://h?", "?", "no address"])
def test_an_address_may_be_anything(url: str) -> None:
    """The receiver makes it, and a path of its own is always there."""
    callback = Callback(method="GET", url=url)

    assert callback.path.startswith("/")
    assert [] == callback.query


def test_what_is_not_encoded_is_read_as_it_is() -> None:
    """Spaces and letters in a query, as SUMOTEXT's samples have them."""
    callback = Callback(method="GET", url="https://h/p?msg=have a nice z\u00fcrich&x=/?#")

    assert [("msg", "have a nice z\u00fcrich"), ("x", "/?#")] == callback.query


def test_a_method_is_written_large() -> None:
    """Whatever a framework makes of it."""
    assert "POST" == Callback(method="post", url=URL).method


def test_headers_are_found_in_any_case() -> None:
    """Given as a mapping or as pairs; those that come twice are joined, as HTTP has it."""
    one = Callback(method="GET", url=URL, headers={"X-Twilio-SIGNATURE": "a"})
    two = Callback(method="GET", url=URL, headers=[("X", "a"), ("x", "b")])

    assert "a" == one.header("x-twilio-signature") == one.header("X-Twilio-Signature")
    assert "a,b" == two.header("X")
    assert "" == two.header("y")
    assert one.headers == attrs.evolve(one, method="POST").headers


@pytest.mark.parametrize(
    "query", ["x" * (MAX_QUERY_CHARACTERS + 1), "&".join("a" * (MAX_FIELDS + 1))]
)
def test_a_query_has_its_bounds(query: str) -> None:
    """Characters, and fields."""
    with pytest.raises(CallbackError, match="more than") as caught:
        Callback(method="GET", url=f"https://h/?{query}").query  # noqa: B018

    assert isinstance(caught.value, SmsError)


def test_no_repr_shows_what_was_sent() -> None:
    """Neither address, headers nor body; the secret of the address is in none of them."""
    callback = Callback(method="GET", url=URL, headers={"a": "s3cret"}, body=b"s3cret", alias="m")

    assert "Callback(method='GET', alias='m')" == repr(callback)


def test_a_reply_says_yes_and_nothing_else() -> None:
    """Unless a provider wants more; a body would be texted back at some."""
    assert (200, {}, b"") == (Reply().status, {**Reply().headers}, Reply().body)
