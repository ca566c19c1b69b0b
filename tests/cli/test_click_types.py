"""Wrong usage: no argument is shown, and what was probably meant is named."""

from __future__ import annotations

import pytest
from commandline import PRIVATE, TEXT, TO, sumotext

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "args", [[TO, TEXT], ["snd", TO, TEXT], ["--canary"], ["segments", "a", TEXT], ["segments"]]
)
def test_bad_usage_elsewhere_shows_nothing_private(args: list[str]) -> None:
    """A forgotten or misspelt command does not print its arguments back."""
    ended = sumotext(*args)

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert not any(private in ended.stderr for private in PRIVATE)


@pytest.mark.parametrize(
    ("args", "meant"),
    [
        (["send", "--dsn", "sumotxt://1", "1", "a"], "'sumotext'"),
        (["send", "--dsn", "sumotext://74700/S?carier=A", "1", "a"], "'carrier'"),
        (["send", "--sandbx", "1", "a"], "--sandbox"),
        (["sned", "1", "a"], "'send'"),
    ],
)
def test_what_was_probably_meant_is_named(args: list[str], meant: str) -> None:
    """A misspelt scheme, option or command names the closest that there is."""
    ended = sumotext(*args)

    assert f"did you mean {meant}" in ended.stderr
