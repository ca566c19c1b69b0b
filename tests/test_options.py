"""Options, read off the class that declares them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import ConfigurationError, Reason, SmsBackend
from sumotext_backend.options import (
    make,
    one_of,
    options_of,
    order_for_people,
    quote_name,
    read,
    refusals,
)
from sumotext_backend.providers import TwilioBackend


def _even(_: object, field: attrs.Attribute[int], value: int) -> None:
    if value % 2:
        raise ValueError(f"{value} is odd", field)


def _strict(value: str) -> str:
    if value == "hunter2":
        raise RuntimeError(value)
    return value


@attrs.frozen(kw_only=True)
class Sample:
    """One option of each kind."""

    host: str = attrs.field(metadata={"help": "where it answers"})
    port: int = attrs.field(
        default=80, validator=[attrs.validators.ge(1), attrs.validators.lt(9e4)]
    )
    pairs: int = attrs.field(default=2, validator=_even)
    api_key: str = attrs.field(default="", repr=False, metadata={"secret": True})
    word: str = attrs.field(default="", repr=False, converter=_strict)
    mode: Literal["a", "b"] = "a"
    weights: tuple[int, ...] = ()
    quick: bool = False
    reason: Reason | None = None
    of: SmsBackend | None = None
    all_of: tuple[SmsBackend, ...] = ()
    folder: Path | None = None
    tags: list[str] = attrs.Factory(list)
    copied: str = attrs.Factory(lambda self: self.host, takes_self=True)
    _hidden: int = attrs.field(init=False, default=0)


def test_each_field_is_an_option() -> None:
    """Name, whether it must be given, default, help, bounds and privacy come from the class."""
    options = options_of(Sample)

    assert ["host"] == [option.name for option in options.values() if option.required]
    assert ["api_key"] == [option.name for option in options.values() if option.secret]
    assert ["api_key", "word"] == [option.name for option in options.values() if option.private]
    assert ((">=", 1.0), ("<", 90000.0)) == options["port"].bounds
    assert "where it answers" == options["host"].help
    assert ([], None, 80) == tuple(options[name].default for name in ("tags", "copied", "port"))
    assert "_hidden" not in options
    assert "hidden" not in options


def test_text_is_read_as_the_type_asks() -> None:
    """A DSN has only text, so numbers, flags and lists are read from it."""
    made = make(Sample, {"host": 74700, "port": "8080", "weights": "3, 1", "folder": "/x"}, "here")

    assert Sample(host="74700", port=8080, weights=(3, 1), folder=Path("/x")) == made


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({}, "here: option 'host' is missing (where it answers)"),
        ({"hots": "x"}, "here: unknown option 'hots'; did you mean 'host'?"),
        ({"host": "x", "port": "hunter2"}, "here: option 'port' wants a whole number"),
        ({"host": "x", "port": 1.5}, "here: option 'port' wants a whole number"),
        ({"host": "x", "port": True}, "here: option 'port' wants a whole number"),
        ({"host": "x", "port": 0}, "here: option 'port' wants a number >= 1 and < 90000"),
        ({"host": ["hunter2"]}, "here: option 'host' wants text"),
        ({"host": "x", "mode": "hunter2"}, "here: option 'mode' wants one of 'a', 'b'"),
        ({"host": "x", "mode": ["hunter2"]}, "here: option 'mode' wants one of 'a', 'b'"),
        ({"host": "x", "weights": 7}, "here: option 'weights' wants a list"),
        ({"host": "x", "weights": ["hunter2"]}, "here: option 'weights' wants a whole number"),
        ({"host": "x", "folder": ""}, "here: option 'folder' wants a path"),
        ({"host": "x", "folder": "nul\0"}, "here: option 'folder' wants a path"),
        ({"host": None}, "here: option 'host' wants text"),
        (
            {"host": "x", "pairs": 7},
            "here: option 'pairs' is not what the backend takes (ValueError)",
        ),
        (
            {"host": "x", "word": "hunter2"},
            "here: option 'word' is not what the backend takes (RuntimeError)",
        ),
    ],
)
def test_a_wrong_option_is_one_line_without_its_value(values: dict[str, object], line: str) -> None:
    """The place, the option and what it wants; a value may be a secret, whoever refuses it."""
    with pytest.raises(ConfigurationError) as caught:
        make(Sample, values, "here")

    assert line == str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("name", "kind", "many", "optional"),
    [
        ("host", "text", False, False),
        ("port", "whole", False, False),
        ("quick", "flag", False, False),
        ("mode", "choice", False, False),
        ("weights", "whole", True, False),
        ("folder", "path", False, True),
        ("tags", "value", False, False),
        ("reason", "choice", False, True),
        ("of", "provider", False, True),
        ("all_of", "provider", True, False),
    ],
)
def test_an_option_says_its_kind(name: str, kind: str, many: bool, optional: bool) -> None:
    """What the annotation says is said once: kind, whether many, whether it takes None."""
    option = options_of(Sample)[name]

    assert (kind, many, optional) == (option.kind, option.many, option.optional)


def test_a_choice_says_its_words() -> None:
    """Those of a `Literal`, and the values of an enumeration."""
    options = options_of(Sample)

    assert ("a", "b") == options["mode"].choices
    assert tuple(map(str, Reason)) == options["reason"].choices
    assert () == options["host"].choices


def test_a_choice_of_many_words_gives_the_closest() -> None:
    """A list of thirty words in an error helps nobody, and neither does the value."""
    with pytest.raises(ConfigurationError) as caught:
        read(options_of(Sample)["reason"], "UNREACHABEL")

    assert str(caught.value).startswith("option 'reason' wants one of ")
    assert str(caught.value).endswith(" words; did you mean 'UNREACHABLE'?")


def test_words_of_a_choice_are_written_once() -> None:
    """`one_of` validates a class made in code by the words that its annotation lists."""

    @attrs.frozen
    class Chooses:
        mode: Literal["a", "b"] = attrs.field(default="a", validator=one_of)

    assert "b" == Chooses("b").mode
    with pytest.raises(ConfigurationError, match=r"^option 'mode' wants one of 'a', 'b'$"):
        Chooses("c")  # type: ignore[arg-type]


def test_each_value_is_judged_by_itself() -> None:
    """Converters and validators speak although another option is missing."""
    errors = refusals(Sample, {"pairs": 7, "word": "hunter2", "port": 81})

    assert ["word", "pairs"] == [error.option for error in errors]
    assert "hunter2" not in " ".join(map(str, errors))


def test_a_validator_that_looks_at_another_option_is_passed_over() -> None:
    """Where that one is missing, there is nothing to say yet."""

    @attrs.frozen
    class Pair:
        low: int
        high: int = attrs.field()

        @high.validator
        def _above(self, field: attrs.Attribute[int], value: int) -> None:
            if value < self.low:
                raise ConfigurationError("option 'high' is below 'low'")

    assert [] == refusals(Pair, {"high": 1})
    assert ["high"] == [error.option for error in refusals(Pair, {"high": 1, "low": 2})]


@pytest.mark.parametrize("name", ["+15015551234", "a15015551234", "two words", "", "x" * 41, "é=ü"])
def test_a_name_that_may_be_private_is_not_shown(name: str) -> None:
    """What stands where a name should may be a number or a secret in the wrong place."""
    assert "(not shown)" == quote_name(name)


@given(st.text(), st.sampled_from(["host", "port", "mode", "weights", "folder", "tags", "quick"]))
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    """Reading ends with a value or one line that does not hold the text."""
    try:
        read(options_of(Sample)[name], text)
    except ConfigurationError as error:
        wrong = str(error)
    else:
        wrong = f"option {name!r} wants nothing"

    assert wrong.startswith(f"option {name!r} wants ")


@pytest.mark.parametrize(
    ("word", "flag"), [("true", True), ("Yes", True), ("1", True), ("off", False), (False, False)]
)
def test_flags_have_several_words(word: object, flag: bool) -> None:
    """As in most configuration files."""
    assert flag is read(options_of(Sample)["quick"], word)


def test_a_class_that_declares_nothing_readable_is_broken() -> None:
    """A class without attrs, or with annotations that lead nowhere, is told in one line."""

    class Plain:
        pass

    @attrs.frozen
    class Lost:
        x: Nowhere  # type: ignore[name-defined]  # noqa: F821

    for cls in (Plain, Lost):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            options_of(cls)


def test_people_are_told_what_must_be_given_first_and_what_many_have_last() -> None:
    """Twilio's own options are not lost between those of every provider over HTTP."""
    told = [each.name for each in order_for_people(options_of(TwilioBackend).values())]

    assert ["account_sid", "auth_token"] == told[:2]
    assert told.index("base_url") < told.index("timeout") < told.index("transliterate")
    assert {*told} == {*options_of(TwilioBackend)}
