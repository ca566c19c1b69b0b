"""DSNs, and several of them in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import ConfigurationError, expression
from sumotext_backend.dsn import parse, read

FORM = "sumotext://{shortcode}/{keyword}"
Tree = expression.Tree

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
words = st.text("abcz", min_size=1, max_size=6)
options = st.dictionaries(words.filter(lambda word: word not in ("of", "chain")), texts, max_size=2)
leaves = words | st.builds(lambda host, secret: f"a://{host}?x={quote(secret)}&y=1", words, texts)


def _several(name: str) -> Any:
    def strategy(below: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        chains = st.lists(below, min_size=2, max_size=3)
        return st.builds(
            lambda chain, more: {"backend": name, "chain": chain, **more}, chains, options
        )

    return strategy


def _named(below: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.builds(lambda of, more: {"backend": "retry", "of": of, **more}, below, options)


trees: st.SearchStrategy[Tree] = st.recursive(
    leaves,
    lambda below: _several("fallback")(below) | _several("roundrobin")(below) | _named(below),
    max_leaves=12,
)


def printed(tree: Tree, *, alone: bool = False) -> str:
    """``tree`` as one line; in parentheses, unless it stands ``alone``."""
    if isinstance(tree, str):
        return tree
    more = {name: value for name, value in tree.items() if name not in ("backend", "chain", "of")}
    query = f"?{urlencode(more)}" if more else ""
    if "of" in tree:
        return f"{tree['backend']}({printed(tree['of'], alone=True)}){query}"
    mark = {"fallback": " || ", "roundrobin": "&&"}[tree["backend"]]
    inside = mark.join(map(printed, tree["chain"]))
    return inside if alone and not more else f"({inside}){query}"


@given(trees)
def test_what_is_printed_is_parsed_back(tree: Tree) -> None:
    """Any tree of aliases, DSNs, groups, composites and options survives being written."""
    assert tree == expression.parse(printed(tree, alone=True))


@given(st.text("ab:/?&|() =%\n", max_size=40))
def test_any_text_is_a_tree_or_an_error_with_a_position(text: str) -> None:
    """Whatever is written, the parser ends with a tree or with one line that says where."""
    line = _wrong(text)
    _, _, position = line.rpartition("at character ")

    assert "\n" not in line
    assert not line or 1 <= int(position.split(";")[0]) <= len(text) + 1


def _wrong(text: str) -> str:
    try:
        expression.parse(text)
    except ConfigurationError as error:
        return str(error)
    return ""


@given(texts)
def test_percent_encoding_carries_every_character(keyword: str) -> None:
    """A value with any character in it comes out as it was, in the path and in the query."""
    line = f"sumotext://74700/{quote(keyword, safe='')}?carrier={quote(keyword, safe='')}"
    tree = expression.parse(f"{line} || other")

    assert isinstance(tree, Mapping)
    values = read(parse(tree["chain"][0]), FORM)
    assert {"shortcode": "74700", "keyword": keyword, "carrier": keyword} == values


@pytest.mark.parametrize(
    ("line", "tree"),
    [
        ("main", "main"),
        (" a://b?c=1&d=2 ", "a://b?c=1&d=2"),
        ("((main))", "main"),
        ("a||b", {"backend": "fallback", "chain": ["a", "b"]}),
        ("a && b", {"backend": "roundrobin", "chain": ["a", "b"]}),
        (
            "a && b || c",
            {"backend": "fallback", "chain": [{"backend": "roundrobin", "chain": ["a", "b"]}, "c"]},
        ),
        (
            "a && (b || c)",
            {"backend": "roundrobin", "chain": ["a", {"backend": "fallback", "chain": ["b", "c"]}]},
        ),
        ("a://b?c=1&&d", {"backend": "roundrobin", "chain": ["a://b?c=1", "d"]}),
        ("(a || b)?timeout=20", {"backend": "fallback", "chain": ["a", "b"], "timeout": "20"}),
        (
            "redirect(a)?to=%2B15015550199",
            {"backend": "redirect", "of": "a", "to": "+15015550199"},
        ),
    ],
)
def test_the_grammar(line: str, tree: Tree) -> None:
    """``&&`` binds tighter than ``||``; a group's options are its own, a DSN's query the DSN's."""
    assert tree == expression.parse(line)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "a provider is missing, at character 1"),
        ("a ||", "a provider is missing, at character 5"),
        ("|| a", "a provider is missing, at character 1"),
        ("a || && b", "a provider is missing, at character 6"),
        ("()", "a provider is missing, at character 2"),
        ("(a", "')' is missing, at character 3"),
        ("a)", "'||' or '&&' is missing between two providers, at character 2"),
        ("a b", "'||' or '&&' is missing between two providers, at character 3"),
        ("a | b", "a single '|' at character 3; write '||', or %7C inside a DSN"),
        ("a://hunter2|", "a single '|' at character 12; write '||', or %7C inside a DSN"),
        (
            "a://hunter2(b",
            "'(' stands after a composite's name only; inside a DSN write %28, at character 12",
        ),
        (
            "(a)?timeout=2",
            "options stand after a group of several providers, or in the DSN, at character 4",
        ),
        ("(a || b)?x=1&x=2", "an option is given twice in the group, at character 9"),
        ("retry(a)?of=b", "an option is given twice in the group, at character 9"),
        ("(" * 5000, "more than 20 parentheses inside each other, at character 21"),
    ],
)
def test_an_error_tells_the_position_and_nothing_else(line: str, words: str) -> None:
    """What is wrong and where, counted from 1; no part of what was written, a secret may be in."""
    with pytest.raises(ConfigurationError) as caught:
        expression.parse(line)

    assert words == str(caught.value)


@pytest.mark.parametrize("line", ["mailto:hunter2", "74700/hunter2", "a:b", "?x=1", "#hunter2"])
def test_what_is_neither_alias_nor_dsn_is_told_how_to_be_one(line: str) -> None:
    """The form of a DSN is shown, and not what was written."""
    with pytest.raises(
        ConfigurationError, match=r"neither an alias nor a DSN.*at character 1"
    ) as no:
        expression.parse(line)

    assert "hunter2" not in str(no.value)


@pytest.mark.parametrize(
    ("dsn", "words"),
    [
        ("a://b#hunter2", "this is not a DSN: write scheme://…"),
        (
            "sumotext://74700/SUMO/hunter2",
            f"too many parts in the sumotext DSN; its form is {FORM}",
        ),
        (
            "sumotext://hunter2@74700/SUMO",
            f"a part of the DSN has no place in its form, which is {FORM}",
        ),
        (
            "sumotext://74700/SUMO?keyword=hunter2",
            "option 'keyword' is given twice in the sumotext DSN",
        ),
    ],
)
def test_a_dsn_that_does_not_fit_its_form_is_refused(dsn: str, words: str) -> None:
    """Each part has a place, and an option one value; the error shows the form, not the DSN."""
    with pytest.raises(ConfigurationError) as caught:
        read(parse(dsn), FORM)

    assert str(caught.value).startswith(words)
    assert "hunter2" not in str(caught.value)


def test_a_dsn_taken_apart_shows_no_part_but_its_scheme() -> None:
    """A repr may end in a log."""
    assert "Dsn(scheme='sumotext')" == repr(parse("sumotext://74700/SUMO?carrier=ATTUS"))
