"""Wrong configuration: one line that names file, place and mend, and never a value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend import ConfigurationError, UnknownBackendError, connect
from sumotext_backend.config import Places, load
from sumotext_backend.config.check import check
from sumotext_backend.config.show import in_force

SECRET = "hunter2"
MAIN = '[providers.main]\nbackend = "sumotext"\nshortcode = "74700"\nkeyword = "hunter2"\n'
FALLBACK = '[providers.default]\nbackend = "fallback"\n'
RETRY = '[providers.default]\nbackend = "retry"\n'
A = "[providers.a]\n"
ELSEWHERE = "[providers.default]\nbackend = 'sumotext'\nshortcode = '74700'\nkeyword = "

WRONG = {
    "no provider": ("", "sumotext.toml: there is no provider 'default'; write [providers.default]"),
    "no default": (
        MAIN,
        "sumotext.toml: there is no provider 'default'; write [providers.default]",
    ),
    "unknown table": (
        '[provider.main]\nbackend = "null"',
        (
            "sumotext.toml: unknown key 'provider'; there are providers and health; "
            "did you mean 'providers'?"
        ),
    ),
    "providers is no table": (
        'providers = "hunter2"',
        "sumotext.toml: 'providers' wants a table, such as [providers.default]",
    ),
    "health is no table": (
        'health = "off"',
        "sumotext.toml: 'health' wants a table, such as [health]",
    ),
    "no alias": (
        '[providers."a b"]\nbackend = "null"',
        (
            "sumotext.toml: (not shown) is no alias; "
            "write letters, digits, '_', and inside '-' and '.'"
        ),
    ),
    "text without quotes": (
        "[providers.default]\nbackend = hunter2",
        "sumotext.toml is no valid TOML: Invalid value, line 2, column 11",
    ),
    "text that does not end": (
        '[providers.default]\nkeyword = "hunter2',
        "sumotext.toml is no valid TOML: Unterminated string, end of document",
    ),
    "table twice": (
        f"{MAIN}{MAIN}",
        "sumotext.toml is no valid TOML: line 5, column 16",
    ),
    "brackets without end": (
        "a = " + "[" * 5000,
        "sumotext.toml is no valid TOML: it is nested too deeply",
    ),
    "provider is a number": (
        "providers.default = 5015551234",
        "sumotext.toml: provider 'default' wants a table with \"backend\", a DSN, or an alias",
    ),
    "no backend": (
        '[providers.default]\nkeyword = "hunter2"',
        "sumotext.toml: provider 'default': option 'backend' is missing; name one, or give a 'dsn'",
    ),
    "backend is no text": (
        "[providers.default]\nbackend = 7",
        "sumotext.toml: provider 'default': option 'backend' wants the name of a backend",
    ),
    "unknown option": (
        f"{MAIN}shortcod = 'hunter2'\n[providers]\ndefault = 'main'",
        "sumotext.toml: provider 'main': unknown option 'shortcod'; did you mean 'shortcode'?",
    ),
    "option that may be a secret": (
        f"{MAIN}'+15015551234 hunter2' = 1\n[providers]\ndefault = 'main'",
        "sumotext.toml: provider 'main': unknown option (not shown)",
    ),
    "missing option": (
        '[providers.default]\nbackend = "sumotext"\nkeyword = "hunter2"',
        (
            "sumotext.toml: provider 'default': option 'shortcode' is missing "
            "(the account's short code, 5 or 6 digits)"
        ),
    ),
    "text for a number": (
        '[providers.default]\nbackend = "fallback"\nchain = ["null://"]\ntimeout = "hunter2"',
        "sumotext.toml: provider 'default': option 'timeout' wants a number",
    ),
    "number out of bounds": (
        '[providers.default]\nbackend = "fallback"\nchain = ["null://"]\ntimeout = -7',
        "sumotext.toml: provider 'default': option 'timeout' wants a number > 0",
    ),
    "word that is no choice": (
        '[providers.default]\nbackend = "fallback"\nchain = ["null://"]\non_unknown = "hunter2"',
        (
            "sumotext.toml: provider 'default': option 'on_unknown' wants one of "
            "'stop', 'may_text_twice'"
        ),
    ),
    "value that the backend refuses": (
        '[providers.default]\nbackend = "sumotext"\nshortcode = "hunter2"\nkeyword = "K"',
        "sumotext.toml: provider 'default': option 'shortcode' wants 5 or 6 digits",
    ),
    "refusal to get round": (
        f'{FALLBACK}chain = ["null://"]\nalso_after = ["NOT_OPTED_IN"]',
        (
            "sumotext.toml: provider 'default': option 'also_after' may hold NOT_SUBSCRIBED only: "
            "no provider may be used to get round a refusal"
        ),
    ),
    "empty chain": (
        f"{FALLBACK}chain = []",
        "sumotext.toml: provider 'default': option 'chain' is empty; name at least one provider",
    ),
    "chain is a number": (
        f"{FALLBACK}chain = 7",
        "sumotext.toml: provider 'default': option 'chain' wants a list of providers",
    ),
    "missing alias": (
        f'{FALLBACK}chain = ["mian"]\n{MAIN}',
        (
            "sumotext.toml: provider 'default': option 'chain': there is no provider 'mian'; "
            "did you mean 'main'?; write [providers.mian]"
        ),
    ),
    "alias twice": (
        f'{FALLBACK}chain = ["main", "main"]\n{MAIN}',
        "sumotext.toml: provider 'default': option 'chain' names 'main' twice; take one out",
    ),
    "alias twice in a DSN": (
        f"{MAIN}[providers.default]\ndsn = 'main || main'",
        "sumotext.toml: provider 'default': option 'chain' names 'main' twice; take one out",
    ),
    "chain that holds itself": (
        f'{RETRY}of = "default"',
        "sumotext.toml: provider 'default' holds itself: default → default; take one out",
    ),
    "chains that hold each other": (
        f'{FALLBACK}chain = ["a"]\n{A}backend = "retry"\nof = "default"',
        "sumotext.toml: provider 'default' holds itself: default → a → default; take one out",
    ),
    "aliases that lead in a circle": (
        '[providers]\ndefault = "a"\na = "b"\nb = "a"',
        "sumotext.toml: provider 'a' holds itself: a → b → a; take one out",
    ),
    "dsn and options": (
        "[providers.default]\ndsn = 'null://'\ntimeout = 3",
        "sumotext.toml: provider 'default': 'dsn' stands alone; other options go into its query",
    ),
    "dsn is no text": (
        "[providers.default]\ndsn = 7",
        "sumotext.toml: provider 'default': option 'dsn' wants text",
    ),
    "option twice in a DSN": (
        "providers.default = 'sumotext://74700/hunter2?keyword=hunter2'",
        "sumotext.toml: provider 'default': option 'keyword' is given twice in the sumotext DSN",
    ),
    "unknown option in a DSN": (
        "providers.default = 'sumotext://74700/hunter2?carier=ATTUS'",
        "sumotext.toml: provider 'default': unknown option 'carier'; did you mean 'carrier'?",
    ),
    "DSN that breaks off": (
        "providers.default = '(sumotext://74700/hunter2 || null://'",
        "sumotext.toml: provider 'default': ')' is missing, at character 37",
    ),
    "variable that is missing": (
        f'{ELSEWHERE}{{ env = "KEYWORD" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the environment variable 'KEYWORD' is not set; set it"
        ),
    ),
    "variable that is empty": (
        f'{ELSEWHERE}{{ env = "EMPTY" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the environment variable 'EMPTY' is empty; set it"
        ),
    ),
    "variable with a wrong DSN": (
        '[providers.default]\ndsn = { env = "BAD_DSN" }',
        (
            "sumotext.toml: provider 'default': neither an alias nor a DSN "
            "(scheme://…?option=value, with special characters percent-encoded, "
            "such as sumotext://74700/SUMO?carrier=ATTUS), at character 1"
        ),
    ),
    "file that is missing": (
        f'{ELSEWHERE}{{ file = "no.key" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the file 'no.key' cannot be read: No such file or directory"
        ),
    ),
    "file that is a folder": (
        f'{ELSEWHERE}{{ file = "." }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the file '.' cannot be read: Is a directory"
        ),
    ),
    "file that is no text": (
        f'{ELSEWHERE}{{ file = "bytes" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the file 'bytes' cannot be read: it is not UTF-8 text"
        ),
    ),
    "file that is empty": (
        f'{ELSEWHERE}{{ file = "empty" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "the file 'empty' is empty; write the value into it"
        ),
    ),
    "reference with more": (
        f'{ELSEWHERE}{{ env = "KEYWORD", default = "hunter2" }}',
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            "a reference has one key, 'env' or 'file', and no other"
        ),
    ),
    "reference to a number": (
        f"{ELSEWHERE}{{ env = 7 }}",
        (
            "sumotext.toml: provider 'default': option 'keyword': "
            'a reference is { env = "…" }, with text in it'
        ),
    ),
    "wrong health": (
        f'{FALLBACK}chain = ["null://"]\n[health]\nstate = "hunter2"',
        "sumotext.toml: [health]: option 'state' wants one of 'shared', 'memory', 'off'",
    ),
    "unknown health": (
        f'{FALLBACK}chain = ["null://"]\n[health]\nfailure = 3',
        "sumotext.toml: [health]: unknown option 'failure'; did you mean 'failures'?",
    ),
    "too deep": (
        "[providers]\ndefault = 'p0'\n" + "".join(f"p{n} = 'p{n + 1}'\n" for n in range(30)),
        "sumotext.toml: provider 'p19': more than 20 providers inside each other",
    ),
}


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
        ("hunter2-5015551234", "sumotext.toml: there is no provider (not shown)"),
        ("main://hunter2#x", "the DSN: this is no DSN: write scheme://"),
        ("main || hunter2:", "the DSN: neither an alias nor a DSN "),
        ({"default": "hunter2"}, "unknown key 'default'; there are providers and health"),
        ({"backend": "null", "keyword": "hunter2"}, "provider 'default': unknown option 'keyword'"),
        ({"providers": {"default": 7}}, "provider 'default' wants a table with"),
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
