"""Fields of a query, a form or JSON, as all providers' callbacks have them."""

from __future__ import annotations

import datetime as dt

import pytest
from callback_requests import get, post_form, post_json
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend.exceptions import CallbackError
from sumotext_backend.providers.reading import (
    find,
    find_id,
    find_object,
    find_text,
    list_objects,
    read_either,
    read_form,
    read_json,
    read_time,
    take,
    write_number,
)

AT = dt.datetime(2026, 11, 29, 19, 20, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("make", [get, post_form, post_json])
def test_fields_are_the_same_in_each_form(make: object) -> None:
    """A query, a form, and JSON."""
    fields = {"a": "z\u00fcrich \U0001f44d", "b": "", "c": "1"}

    assert fields == read_either(make(fields))  # type: ignore[operator]


def test_a_name_that_comes_twice_has_no_value() -> None:
    """Even with the same value: which of the two holds is anybody's guess."""
    fields = read_form(get([("a", "1"), ("a", "1"), ("b", "2")]))

    assert "2" == find(fields, "b")
    with pytest.raises(CallbackError, match="'a' comes twice"):
        find(fields, "a")


@pytest.mark.parametrize("value", [[], {}, True, [1], b"\xff"])
def test_what_is_no_text_has_no_value(value: object) -> None:
    """Lists, objects, flags, and bytes that are not UTF-8."""
    with pytest.raises(CallbackError, match="'a'"):
        find({"a": value}, "a")


@pytest.mark.parametrize(("value", "text"), [(None, ""), ("", ""), (0, "0"), (1.5, "1.5")])
def test_a_number_is_text_and_nothing_is_empty(value: object, text: str) -> None:
    """As JSON has them."""
    assert text == find({"a": value}, "a")


def test_the_first_name_that_has_something_counts() -> None:
    """Newer and older names of one field."""
    assert "2" == find({"a": "", "b": "2", "c": "3"}, "x", "a", "b", "c")


@pytest.mark.parametrize("value", [None, "", "a\nb", "x" * 257, "\x00"])
def test_an_id_is_one_short_line(value: object) -> None:
    """Whatever else is there is none."""
    with pytest.raises(CallbackError, match="'id' is missing"):
        take({"id": value}, "id")


def test_an_id_may_be_missing_where_it_may() -> None:
    """None, and not an empty one."""
    assert None is find_id({}, "id")


def test_half_a_character_is_replaced() -> None:
    """JSON can have one, and no file or database takes it; nor the one that ends texts in C."""
    value = read_json(b'{"a": "\\ud83d\\ude00 \\ud83d \\u0000."}')

    assert "\U0001f600 \ufffd \ufffd." == find_text(value, "a")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"{} x", b'{"a": 1, "a": 2}', b"\xff", b"NaN", b"Infinity", b"9" * 5000, b"'a'"],
)
def test_json_is_whole_and_proper(body: bytes) -> None:
    """With no name twice, no number that is none, and nothing after it."""
    with pytest.raises(CallbackError, match="JSON"):
        read_json(body)


@pytest.mark.parametrize("depth", [20, 1000, 100_000])
def test_json_has_a_depth(depth: int) -> None:
    """Beyond which nothing that we read is."""
    with pytest.raises(CallbackError):
        read_json(b"[" * (depth + 1) + b"]" * (depth + 1))
    assert [[]] == read_json(b"[[]]")


@pytest.mark.parametrize("value", [None, 1, "a", [1], [None], [[]], {"a": 1}])
def test_a_list_of_objects_is_one(value: object) -> None:
    """And nothing else."""
    with pytest.raises(CallbackError, match="list of objects"):
        list_objects(value)


def test_an_object_may_be_missing_but_nothing_else() -> None:
    """An empty one stands for none."""
    assert {} == find_object({}, "a")
    with pytest.raises(CallbackError, match="'a' is not an object"):
        find_object({"a": []}, "a")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-29T19:20:01Z", AT),
        ("2026-11-29T19:20:01.000+0000", AT),
        ("2026-11-29T14:20:01-05:00", AT),
        ("2026-11-29 19:20:01", AT),
        ("20261129192001", AT),
        (str(int(AT.timestamp())), AT),
        (f"{int(AT.timestamp())}000", AT),
        ("", None),
        ("soon", None),
        ("2026-13-01T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+05:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("9" * 30, None),
        ("\u0661\u0662\u0663", None),
    ],
)
def test_a_time_is_read_in_each_of_their_forms(text: str, at: dt.datetime | None) -> None:
    """In UTC where it does not say; one that cannot be read is none."""
    assert at == read_time(text)


@given(st.text(max_size=40))
def test_every_text_is_a_time_or_none(text: str) -> None:
    """Nothing is raised, and a time has its zone."""
    at = read_time(text)

    assert at is None or at.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("15015551234", "+15015551234"),
        ("+15015551234", "+15015551234"),
        ("447700900123", "+447700900123"),
        (" +447700900123 ", "+447700900123"),
        ("74700", "74700"),
        ("SUMO", "SUMO"),
        ("15550001111", "15550001111"),
        ("", ""),
    ],
)
def test_a_number_is_written_in_e164(text: str, number: str) -> None:
    """Digits alone begin with a country code; short codes, names and what is no number stay."""
    assert number == write_number(text)


def test_a_national_number_has_no_country_code() -> None:
    """SUMOTEXT writes ten digits, which would be somebody else's number in Belize."""
    assert "+15015551234" == write_number("5015551234", national=True)
    assert "+15015551234" == write_number("15015551234", national=True)
    assert "74700" == write_number("74700", national=True)
