"""Schemathesis, which makes requests out of our description, judges the inbox's API."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from simulator_client import call, send

from sumotext_backend.simulator import Simulator

CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A simulator with a text in it."""
    with Simulator() as running:
        send(running)
        yield running


def judge(place: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """What it says of the description at ``place``."""
    tool = [sys.executable, "-m", "schemathesis.cli", "--no-color", "--config-file", str(CONFIG)]
    ask = ["run", place, "--seed", "1", *more]
    return subprocess.run(
        [*tool, *ask], cwd=folder, capture_output=True, text=True, timeout=280, check=False
    )


# What has no end; and answers that were chosen to be wrong are right to be so.
PARTS = {
    "texts": ["--exclude-path-regex", "^/(events|faults)$"],
    "faults": ["--include-path", "/faults"],
}


@pytest.mark.parametrize("part", PARTS)
def test_no_request_breaks_the_api_or_its_description(
    simulator: Simulator, tmp_path: Path, scale: int, part: str
) -> None:
    """No server error; status, type and content of every answer are such as are described."""
    place = f"{simulator.url}/api/openapi.json"
    ended = judge(place, tmp_path, "--max-examples", str(20 * scale), *PARTS[part])

    assert 0 == ended.returncode, ended.stdout[-5000:]
    assert f"Tested: {3 if part == 'faults' else 11}" in ended.stdout


def test_the_judge_finds_what_is_not_as_described(simulator: Simulator, tmp_path: Path) -> None:
    """The control: a description by which the list of faults is an object fails."""
    described = json.loads(call(simulator.port, "GET", "/api/openapi.json")[2])
    paths = {"/faults": {"get": described["paths"]["/faults"]["get"]}}
    answers = paths["/faults"]["get"]["responses"]
    answers["200"]["content"]["application/json"]["schema"] = {"type": "object"}
    (tmp_path / "wrong.json").write_text(json.dumps(described | {"paths": paths}))
    ended = judge("wrong.json", tmp_path, "--url", f"{simulator.url}/api")

    assert 1 == ended.returncode
    assert "violates schema" in ended.stdout


@pytest.mark.parametrize("since", ["-1", "x", "9" * 30, "%00", "%D9%A3", "1.5"])
def test_what_has_no_end_is_refused_where_it_is_wrong(simulator: Simulator, since: str) -> None:
    """``since`` is a version; anything else is HTTP 422, and no server error."""
    assert 422 == call(simulator.port, "GET", f"/api/events?since={since}")[0]
