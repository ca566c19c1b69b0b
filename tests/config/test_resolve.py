"""A configuration is read once, to a tree of values; errors know where they are."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sumotext_backend import ConfigurationError, NothingConfiguredError, connect
from sumotext_backend.config import Places, load
from sumotext_backend.config.check import check, problems
from sumotext_backend.config.model import walk
from sumotext_backend.config.resolve import resolve

CHAIN = {
    "providers": {
        "default": {"backend": "fallback", "chain": ["main", "null://"], "timeout": "20"},
        "main": {"backend": "sumotext", "shortcode": {"env": "CODE"}, "keyword": "K"},
        "alone": {"backend": "no-such-backend"},
    }
}
PLACES = Places({"CODE": "74700"})


def test_values_are_read_as_their_kind_asks() -> None:
    """Text for a number is a number, a reference its value with the place where it was found."""
    tables = resolve(load(CHAIN), PLACES)
    chain, main = tables["default"], tables["main"]

    assert (20.0, "code") == (chain.values["timeout"].value, chain.values["timeout"].origin)
    assert ("74700", "$CODE") == (main.values["shortcode"].value, main.values["shortcode"].origin)


def test_an_alias_leads_to_the_one_table_of_its_provider() -> None:
    """A provider that is used in two places is resolved once."""
    tables = resolve(load(CHAIN), PLACES)
    first, second = tables["default"].values["chain"].tables

    assert first.target is tables["main"]
    assert ("null", "providers.default.chain.1") == (second.backend, second.place.path)


def test_what_is_wrong_stands_where_it_is() -> None:
    """Resolving raises nothing: the problem is in the tree, and the rest is there."""
    tables = resolve(load(CHAIN), Places())
    wrong = tables["main"].values["shortcode"].problem

    assert wrong is not None
    assert ("main", "shortcode") == (wrong.alias, wrong.option)
    assert "K" == tables["main"].values["keyword"].value
    assert "alone" == tables["alone"].problems[0].alias


def test_only_what_is_asked_for_is_resolved() -> None:
    """A provider that nothing leads to costs nothing, not even the import of its backend."""
    assert {"default"} == set(resolve(load(CHAIN), PLACES, ()))
    assert connect(CHAIN, places=PLACES)


def test_each_table_is_met_once() -> None:
    """However many ways lead to a provider."""
    paths = [table.place.path for table in walk(resolve(load(CHAIN), PLACES).values())]

    assert len(paths) == len(set(paths))
    assert {"providers.default", "providers.main", "providers.alone"} <= set(paths)


@pytest.mark.parametrize("name", ["keyword", "shortcode", "carrier", "proxy", "ca_bundle"])
def test_any_option_may_be_a_reference(name: str, tmp_path: Path) -> None:
    """Inside a table a single value may stand elsewhere, whatever the option."""
    value = {"shortcode": "74700", "proxy": "http://proxy:8080"}.get(name, "VALUE")
    (tmp_path / "value").write_text(f"{value}\n")
    plain = {"backend": "sumotext", "shortcode": "74701", "keyword": "K", "carrier": "ATTUS"}
    by_variable: Any = connect({**plain, name: {"env": "VALUE"}}, places=Places({"VALUE": value}))
    by_file: Any = connect({**plain, name: {"file": str(tmp_path / "value")}}, places=Places())

    assert value == getattr(by_variable.backend.of, name)
    assert value == getattr(by_file.backend.of, name)


def test_the_check_tells_what_validators_say_beside_a_wrong_number() -> None:
    """A value that cannot be read hides no value that the backend refuses, nor a missing one."""
    wrong = {"backend": "sumotext", "shortcode": "x", "timeout": "soon", "base_url": 7}

    assert check(load(wrong), Places()) == [
        "provider 'default': option 'timeout' wants a number",
        (
            "provider 'default': option 'keyword' is missing "
            "(the keyword that subscribers are opted in to)"
        ),
        "provider 'default': option 'shortcode' wants 5 or 6 digits",
    ]


def test_a_problem_knows_its_provider_option_and_file(tmp_path: Path) -> None:
    """As attributes, so that nobody has to read its words."""
    (tmp_path / "sumotext.toml").write_text(
        "[providers.main]\nbackend = 'sumotext'\nshortcode = 'x'\nkeyword = 'K'\n"
        "[providers.default]\nbackend = 'retry'\nof = 'null://?x=1'\n[health]\nfailures = 0"
    )
    places = Places(cwd=tmp_path, home=tmp_path)
    seen = {
        (each.file, each.place, each.alias, each.option)
        for each in problems(load(places=places), places)
    }

    assert seen == {
        ("sumotext.toml", "provider 'main'", "main", "shortcode"),
        ("sumotext.toml", "provider 'default': option 'of'", "default", ""),
        ("sumotext.toml", "[health]", "", "failures"),
    }


def test_nothing_configured_is_an_error_of_its_own(tmp_path: Path) -> None:
    """A program may go on without texts where nobody configured any, and only there."""
    with pytest.raises(NothingConfiguredError):
        connect(places=Places(cwd=tmp_path, home=tmp_path))
    (tmp_path / "sumotext.toml").write_text("")
    with pytest.raises(ConfigurationError) as caught:
        connect(places=Places(cwd=tmp_path, home=tmp_path))

    assert type(caught.value) is ConfigurationError


def test_an_error_travels_with_its_place() -> None:
    """It pickles, as it must between processes."""
    error = NothingConfiguredError("is wrong").at(
        file="f.toml", place="provider 'a'", alias="a", option="x"
    )
    twin = pickle.loads(pickle.dumps(error))

    assert type(error) is type(twin)
    assert "f.toml: provider 'a': is wrong" == str(error) == str(twin)
    assert vars(error) == vars(twin)


def test_the_closest_place_stays() -> None:
    """What is known where an error is raised is not replaced by what is around it."""
    error = ConfigurationError("is wrong", place="[health]").at(place="provider 'a'", file="f")

    assert "f: [health]: is wrong" == str(error)


PROGRAM = """
import sys
from sumotext_backend import connect, registry
seen = []
sys.addaudithook(lambda event, args: event == "open" and seen.append(str(args[0])))
{code}
print(sum(path.endswith("METADATA") for path in seen))
"""
MANY = "connect(' || '.join(f'sumotext://74700/K{n}' for n in range(100)))"


@pytest.mark.parametrize(("code", "reads"), [(MANY, False), ("registry.listing()", True)])
def test_no_metadata_are_read_to_connect(code: str, reads: bool) -> None:
    """Who offers a backend is read only where it is shown: it is dear, once for each provider."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(code=code)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert reads is (int(ended.stdout) > 0)


def test_the_installed_backends_are_looked_at_once() -> None:
    """A chain of a hundred costs hardly more calls than its own parts."""

    def calls(providers: int) -> int:
        line = " || ".join(f"sumotext://74700/K{n}" for n in range(providers))
        count = 0

        def note(_frame: object, event: str, _: object) -> None:
            nonlocal count
            count += event == "call"

        connect(line, places=Places())
        before = sys.getprofile()
        sys.setprofile(note)
        try:
            connect(line, places=Places())
        finally:
            sys.setprofile(before)
        return count

    ten, hundred = calls(10), calls(100)

    assert (hundred - ten) / 90 < ten / 10
