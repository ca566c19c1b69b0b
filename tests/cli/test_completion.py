"""What the shell completes values with."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import spawned

from sumotext_backend.providers import list_backend_names

TOML = """
[providers]
default = "main || backup"
main = "null://"
backup = "null://"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration, which is the current one."""
    (tmp_path / "sumotext.toml").write_text(TOML)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def complete(*words: str) -> list[str]:
    """What bash offers for the last of these words."""
    ended = spawned(
        _SUMOTEXT_COMPLETE="bash_complete",
        COMP_WORDS=" ".join(words),
        COMP_CWORD=str(len(words) - 1 if words[-1] else len(words)),
    )
    assert "" == ended.stderr
    return [line.partition(",")[2] for line in ended.stdout.split()]


@pytest.mark.parametrize(
    "words",
    [
        ("sumotext", "send", "--using", "ma"),
        ("sumotext", "explain", "--dsn", "ma"),
        ("sumotext", "config", "show", "--using", "ma"),
        ("sumotext", "health", "reset", "ma"),
    ],
)
def test_an_alias_is_completed(words: tuple[str, ...]) -> None:
    """From the configuration that the command would use."""
    assert ["main"] == complete(*words)


def test_an_alias_is_that_of_the_file_that_is_named(folder: Path) -> None:
    """As ``--config`` says, which stands before it."""
    (folder / "other.toml").write_text('[providers]\nmasked = "null://"')

    assert ["masked"] == complete("sumotext", "send", "--config", "other.toml", "--using", "ma")


@pytest.mark.parametrize("words", ["[providers", '[providers]\ndefault = "no-such://"'])
def test_a_broken_configuration_completes_nothing_wrong(folder: Path, words: str) -> None:
    """And prints nothing in the middle of somebody's line."""
    (folder / "sumotext.toml").write_text(words)

    assert [] == complete("sumotext", "send", "--using", "ma")


@pytest.mark.parametrize("words", [("backends",), ("init", "--using")])
def test_a_backend_is_completed(words: tuple[str, ...]) -> None:
    """By its name, whoever offers it."""
    wanted = [name for name in list_backend_names() if name.startswith("me")]

    assert wanted == complete("sumotext", *words, "me")
    assert "messagebird" in wanted
