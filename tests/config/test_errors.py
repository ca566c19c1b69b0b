"""Wrong configuration: one line that names file, place and mend, and never a value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wrong_configurations import FALLBACK, MAIN, SECRET, WRONG

from sumotext_backend import ConfigurationError, UnknownBackendError, connect
from sumotext_backend.config import Places, load
from sumotext_backend.config.check import check
from sumotext_backend.config.show import in_force


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A folder with a few files, and an environment with a few variables."""
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"hunter2\xff")
    return Places({"EMPTY": "", "BAD_DSN": "hunter2:hunter2"}, tmp_path, tmp_path / "home")


@pytest.mark.parametrize(("toml", "line"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_one_line(toml: str, line: str, places: Places) -> None:
    """`connect` and `check` say what is wrong in the same line; no value is in it."""
    (places.cwd / "sumotext.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        connect(places=places)

    assert line == str(caught.value)
    assert line in _checked(places)
    assert SECRET not in line
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def _checked(places: Places) -> list[str]:
    try:
        return check(load(places=places), places)
    except ConfigurationError as error:
        return [str(error)]


def test_an_unknown_backend_is_told_from_other_errors(places: Places) -> None:
    """It is an `UnknownBackendError`, with the place before what the registry says."""
    (places.cwd / "sumotext.toml").write_text("[providers.default]\nbackend = 'sumotex'")
    with pytest.raises(UnknownBackendError) as caught:
        connect(places=places)

    assert str(caught.value).startswith(
        "sumotext.toml: provider 'default': no backend 'sumotex' is installed (there are: "
    )
    assert str(caught.value).endswith("did you mean 'sumotext'?")


def test_check_tells_all_that_is_wrong(places: Places) -> None:
    """Each wrong option of each provider has its line, also where nothing leads to it."""
    (places.cwd / "sumotext.toml").write_text(
        f'{FALLBACK}chain = ["main", "xyz"]\ntimeout = 0\n{MAIN}'
        "[providers.alone]\nbackend = 'sumotext'\nechoo = 1\n[health]\nfailures = 0"
    )

    expected = [
        (
            "sumotext.toml: provider 'default': option 'chain': there is no provider 'xyz'; "
            "write [providers.xyz]"
        ),
        "sumotext.toml: provider 'default': option 'timeout' wants a number > 0",
        "sumotext.toml: provider 'alone': unknown option 'echoo'; did you mean 'echo'?",
        (
            "sumotext.toml: provider 'alone': option 'shortcode' is missing "
            "(the account's short code, 5 or 6 digits)"
        ),
        (
            "sumotext.toml: provider 'alone': option 'keyword' is missing "
            "(the keyword that subscribers are opted in to)"
        ),
        "sumotext.toml: [health]: option 'failures' wants a number >= 1",
    ]
    assert expected == check(load(places=places), places)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (
            "hunter2-5015551234",
            "sumotext.toml: there is no provider (not shown); there are: 'main'",
        ),
        ("main://hunter2#x", "the DSN: this is not a DSN: write scheme://"),
        ("main || hunter2:", "the DSN: neither an alias nor a DSN "),
        (
            {"default": "hunter2"},
            "unknown key 'default'; there are providers, health, ledger, consent, inbound, region",
        ),
        ({"backend": "null", "keyword": "hunter2"}, "provider 'default': unknown option 'keyword'"),
        ({"providers": {"default": 7}}, "provider 'default': it wants a table with"),
    ],
)
def test_what_is_passed_in_code_is_judged_alike(source: str, line: str, places: Places) -> None:
    """The line begins with the place; nothing that may be a secret is in it."""
    (places.cwd / "sumotext.toml").write_text(MAIN)
    with pytest.raises(ConfigurationError) as caught:
        connect(source, places=places)

    assert str(caught.value).startswith(line)
    assert SECRET not in str(caught.value)


def test_a_named_file_that_is_missing_is_an_error(places: Places) -> None:
    """It does not fall back to another one: the line tells who named it."""
    (places.cwd / "sumotext.toml").write_text("providers.default = 'null://'")
    by_variable = Places({"SUMOTEXT_CONFIG": "no.toml"}, places.cwd, places.home)
    with pytest.raises(ConfigurationError) as in_code:
        connect(config="no.toml", places=places)
    with pytest.raises(ConfigurationError) as by_name:
        connect(places=by_variable)

    assert "there is no file no.toml, which the argument 'config' names" == str(in_code.value)
    assert "there is no file no.toml, which $SUMOTEXT_CONFIG names" == str(by_name.value)


def test_nothing_configured_says_what_to_do(places: Places) -> None:
    """Where nothing is found, the line names the ways to configure."""
    with pytest.raises(ConfigurationError) as caught:
        connect(places=places)

    assert str(caught.value).startswith(
        "no provider is configured: pass a DSN, set $SMS_DSN, or write sumotext.toml"
    )


def test_an_alias_without_any_configuration_is_told_so(places: Places) -> None:
    """Who gave a word for a DSN is not told to give one as if nothing had been given."""
    with pytest.raises(ConfigurationError) as caught:
        connect("hunter2", places=places)

    assert str(caught.value).startswith("no provider is configured, so that no alias is known: ")
    assert "hunter2" not in str(caught.value)


def test_a_wrong_variable_names_itself(places: Places) -> None:
    """An error in ``$SMS_DSN`` begins with it and shows no part of it."""
    wrong = Places({"SMS_DSN": "sumotext://hunter2/K"}, places.cwd, places.home)
    with pytest.raises(ConfigurationError) as caught:
        connect(places=wrong)

    assert "$SMS_DSN: option 'shortcode' wants 5 or 6 digits" == str(caught.value)


NAMES = ["fallback", "roundrobin", "retry", "redirect", "null", "memory", "file", "sumotext", "x"]
KEYS = [
    "backend",
    "dsn",
    "chain",
    "of",
    "to",
    "env",
    "file",
    "path",
    "timeout",
    "weights",
    "reason",
]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
words = st.sampled_from([*NAMES, "a", "b", "null://", "a || b", "retry(a)?tries=x", "file:///", ""])


def _tables(below: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(KEYS), below, max_size=3)


values = st.recursive(
    scalars | words,
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), below, max_size=3)
        | st.builds(
            lambda name, more: more | {"backend": name}, st.sampled_from(NAMES), _tables(below)
        )
    ),
    max_leaves=10,
)


@given(default=values, a=values, b=values, health=values)
def test_no_mapping_gives_a_traceback(default: Any, a: Any, b: Any, health: Any) -> None:
    """Whatever stands where a configuration should, it is a sender or one line."""
    source = {"providers": {"default": default, "a": a, "b": b}, "health": health}
    line = ""
    try:
        connect(source, places=Places())
    except ConfigurationError as error:
        line = str(error)
    lines = _checked_mapping(source)

    assert "\n" not in line
    assert bool(line) <= bool(lines)


def _checked_mapping(source: Any) -> list[str]:
    try:
        found = load(source)
    except ConfigurationError as error:
        return [str(error)]
    json.dumps([row.value for row in in_force(found, Places())])
    return check(found, Places())
