"""What is printed, wherever it goes."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest
from commandline import COMMAND, TEXT, TO, environment, spawned

pytestmark = pytest.mark.once


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_cannot_be_written_does_not_change_the_exit_code() -> None:
    """The exit code tells what became of the text, also where the disk is full."""
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*COMMAND, "send", "--sandbox", TO, TEXT],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            timeout=60,
            check=False,
        )

    assert ended.returncode == 0
    assert b"could not be written" in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize(("extra", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_is_for_terminals_that_want_it(extra: dict[str, str], coloured: bool) -> None:
    """The outcome is coloured on a terminal, unless ``NO_COLOR`` is set."""
    ours, theirs = pty.openpty()
    subprocess.run(
        [*COMMAND, "send", "--sandbox", TO, TEXT],
        stdout=theirs,
        env=environment(TERM="xterm", **extra),
        timeout=60,
        check=True,
    )
    shown = os.read(ours, 65536)
    os.close(ours)
    os.close(theirs)

    assert b"ACCEPTED" in shown
    assert (b"\x1b[" in shown) is coloured


def test_output_in_a_poor_encoding_is_escaped() -> None:
    """What the encoding of stdout lacks is escaped and nothing fails."""
    ended = spawned("send", "--sandbox", TO, TEXT, PYTHONIOENCODING="latin-1")

    assert ended.returncode == 0
    assert r"\u2022\u2022\u20229876" in ended.stdout
