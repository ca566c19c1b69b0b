"""docs/examples/apprise runs as it stands there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sumotext_backend.simulator import Simulator

pytest.importorskip("apprise")

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "apprise"


def notify(tag: str, main: str, backup: str) -> subprocess.CompletedProcess[str]:
    """The example's command, in its folder, with those gateways."""
    return subprocess.run(
        [sys.executable, "notify.py", tag, "the disk is full"],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "MAIN_GATEWAY": main, "BACKUP_GATEWAY": backup},
    )


def test_the_backup_texts_when_the_main_route_is_down(refused: str) -> None:
    """The first step cannot be reached, so the second one texts, once."""
    with Simulator() as sandbox:
        ended = notify("oncall", refused, sandbox.url)

        assert 0 == ended.returncode
        assert ["74701"] == [text.sender for text in sandbox.messages]
    assert "backup accepted a text, id" in ended.stderr


def test_a_refusal_ends_the_chain() -> None:
    """Who opted out is asked for once; everybody else is texted once, by the first step."""
    with Simulator() as sandbox:
        ended = notify("everybody", sandbox.url, sandbox.url)

        assert 1 == ended.returncode
        assert ["5015551235", "5015550101"] == [seen.mobile for seen in sandbox.requests]
        assert ["74700"] == [text.sender for text in sandbox.messages]
    assert "REJECTED (NOT_OPTED_IN)" in ended.stderr


def test_a_tag_of_nobody_sends_nothing() -> None:
    """The exit code is Apprise's own."""
    with Simulator() as sandbox:
        assert 3 == notify("nobody", sandbox.url, sandbox.url).returncode
        assert 0 == len(sandbox.requests)
