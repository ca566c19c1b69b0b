"""``sumotext backends`` and ``sumotext plugins``: what is installed, the broken too."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import TEXT, TO, spawned, sumotext

pytest.importorskip("click", reason="the extra cli is not installed")

BACKEND = """
import attrs
from sumotext_backend import SmsBackend

@attrs.frozen(kw_only=True)
class Backend(SmsBackend):
    "Sends by ``acme``."
    name = "acme"
    dsn = "acme://{account}"
    account: str = attrs.field(metadata={"help": "who pays"})
    token: str | None = attrs.field(default=None, repr=False, metadata={"secret": True})
    patience: float = 3.0
    careful: bool = False

    def send(self, message):
        raise NotImplementedError
"""
PLUGIN = """
from sumotext_backend import hookimpl

@hookimpl
def sumotext_hold(message):
    return "quiet hours"
"""

Install = Callable[[str, str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """``install(group, name, source)``: the distribution ``dist-<name>`` of one module."""

    def add(group: str, name: str, source: str) -> None:
        module = f"module_{uuid.uuid4().hex}"
        (tmp_path / f"{module}.py").write_text(source)
        info = tmp_path / f"dist_{name}-2.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: 2.0\n")
        target = f"{module}:Backend" if group == "backends" else module
        (info / "entry_points.txt").write_text(f"[sumotext_backend.{group}]\n{name} = {target}\n")
        monkeypatch.syspath_prepend(tmp_path)

    return add


def test_ours_are_listed_with_their_options() -> None:
    """Name, distribution, DSN form, and of each option what it is for, its type and default."""
    ended = sumotext("backends", "fallback", "sumotext-v2")

    assert ended.returncode == 0
    assert re.match(r"fallback \(sumotext-backend \S+\)\n  The first", ended.stdout)
    assert "  dsn               sumotext-v2://{apikey}@{shortcode}/{keyword}\n" in ended.stdout
    assert "  apikey            the account's API key (text, required, secret)\n" in ended.stdout
    assert "  chain       the providers, by alias (list of providers, required)\n" in ended.stdout
    assert "(stop or may_text_twice, default stop)\n" in ended.stdout


def test_without_a_name_all_are_listed() -> None:
    """Every backend of this package is there."""
    told = json.loads(sumotext("backends", "--json").stdout)

    assert {"fallback", "file", "null", "sumotext", "sumotext-v2"} <= {
        row["name"] for row in told["backends"]
    }


def test_a_strangers_backend_is_listed_alike(install: Install) -> None:
    """What another distribution offers has the same block."""
    install("backends", "acme", BACKEND)
    ended = sumotext("backends", "acme")

    assert ended.stdout == (
        "acme (dist-acme 2.0)\n"
        "  Sends by acme.\n"
        "  dsn       acme://{account}\n"
        "  account   who pays (text, required)\n"
        "  token     text, secret\n"
        "  patience  number, default 3\n"
        "  careful   true or false, default false\n"
    )


def test_backends_as_json(install: Install) -> None:
    """One object for each, its options with type, default and whether they are secret."""
    install("backends", "acme", BACKEND)
    (row,) = json.loads(sumotext("backends", "acme", "--json").stdout)["backends"]
    patience = {"name": "patience", "type": "number", "required": False}

    assert (row["distribution"], row["version"], row["state"]) == ("dist-acme", "2.0", "ok")
    assert row["options"][2] == {
        **patience,
        "default": 3.0,
        "secret": False,
        "per_message": False,
        "help": "",
    }
    assert row["options"][1]["secret"] is True


def test_a_broken_backend_is_told_and_stops_no_other(install: Install) -> None:
    """It is in the list with its error, beside those that work; a send by another goes."""
    install("backends", "acme", "raise RuntimeError('no luck')")
    ended = sumotext("backends", "acme", "null")
    sent = sumotext("send", "--using", "null://", TO, TEXT)

    assert ended.returncode == 0
    assert "acme (dist-acme 2.0): BROKEN\n  error  RuntimeError: no luck\n" in ended.stdout
    assert "\nnull (sumotext-backend " in ended.stdout
    assert sent.returncode == 0


def test_a_misspelt_backend_names_the_closest() -> None:
    """``backends NAME`` of what is not installed: exit 2, and what was probably meant."""
    ended = sumotext("backends", "sumotex")

    assert ended.returncode == 2
    assert "did you mean 'sumotext'?" in ended.stderr


def test_plugins_are_listed_with_their_hooks(install: Install) -> None:
    """Name, distribution and hooks."""
    install("plugins", "quiet", PLUGIN)
    ended = sumotext("plugins")

    assert ended.returncode == 0
    assert "quiet (dist-quiet 2.0)\n  hooks  sumotext_hold\n" in ended.stdout


@pytest.mark.parametrize(
    ("source", "disabled", "state", "word"),
    [
        (PLUGIN, "", "ok", ""),
        (PLUGIN, "other, quiet", "blocked", ""),
        (PLUGIN, "all", "blocked", ""),
        ("raise RuntimeError('no luck')", "", "broken", "no luck"),
        (PLUGIN.replace("_hold", "_hol"), "", "broken", "did you mean 'sumotext_hold'?"),
    ],
    ids=["ok", "blocked by name", "blocked with all", "broken", "misspelt hook"],
)
def test_the_state_of_a_plugin(
    source: str, disabled: str, state: str, word: str, install: Install
) -> None:
    """Ok, blocked or broken, and why; the list itself is exit 0."""
    install("plugins", "quiet", source)
    told = sumotext("plugins", "--json", SUMOTEXT_DISABLE_PLUGINS=disabled)
    rows = {row["name"]: row for row in json.loads(told.stdout)["plugins"]}

    assert told.returncode == 0
    assert rows["quiet"]["state"] == state
    assert word in rows["quiet"]["error"]
    assert bool(rows["quiet"]["hooks"]) is (state == "ok")


def test_a_missing_extra_is_no_defect(tmp_path: Path) -> None:
    """A backend whose extra is not installed is listed with the command that installs it."""
    (tmp_path / "apprise.py").write_text("raise ModuleNotFoundError('gone', name='apprise')")
    ended = spawned("backends", "apprise", PYTHONPATH=str(tmp_path))
    as_json = spawned("backends", "apprise", "--json", PYTHONPATH=str(tmp_path))
    told = json.loads(as_json.stdout)["backends"]

    assert ended.returncode == 0
    assert "BROKEN" not in ended.stdout
    assert "\n  needs  pip install 'sumotext-backend[apprise]'\n" in ended.stdout
    assert ["missing"] == [row["state"] for row in told]
