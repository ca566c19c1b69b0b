"""Swapping a provider: one line of ``sumotext.toml``, and nothing in the program."""

from __future__ import annotations

import difflib
import json
import os
import runpy
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sumotext_backend import Message, SendResult, connect

pytest.importorskip("uvicorn", reason="the extra cli is not installed")
pytest.importorskip("trustme", reason="the extra testing is not installed")

from sumotext_backend.simulator import Simulator
from sumotext_backend.testing.hostile.gateway import HostileGateway

pytestmark = pytest.mark.once

TO = "5015551234"
TEXT = "Your table is ready."
PROGRAM = f"""
from sumotext_backend import Message, connect

with connect() as sms:
    result = sms.send(Message({TO!r}, {TEXT!r}))
"""
CONFIGURATION = """
[providers]
default = "{default}"
backup = "file://?path=texts.jsonl"

[health]
state = "memory"
"""
FIVE = {
    "sumotext": "sumotext://74700/SUMO?carrier=ATTUS&base_url={url}",
    "sumotext-v2": "sumotext-v2://KEY@74700/SUMO?carrier=ATTUS&base_url={url}/api",
    "file": "file://?path=texts.jsonl",
    "null": "null://",
    "fallback": "sumotext://74700/SUMO?carrier=ATTUS&base_url=http://127.0.0.1:9 || backup",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, without any other configuration around."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configured(default: str, **words: str) -> str:
    """The configuration with that provider as ``default``."""
    return CONFIGURATION.format(default=default.format(**words))


def ran(folder: Path) -> Any:
    """The result that the program ends with."""
    (folder / "program.py").write_text(PROGRAM)
    return runpy.run_path("program.py")["result"]


def texts(folder: Path, simulator: Simulator) -> list[str]:
    """The texts that arrived anywhere."""
    path = folder / "texts.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line)["text"] for line in lines] + [got.body for got in simulator.messages]


@pytest.mark.parametrize("name", FIVE)
def test_one_program_runs_under_five_configurations(
    name: str, folder: Path, sumotext_simulator: Simulator
) -> None:
    """The program is the same to the letter; its text goes where the one line says."""
    (folder / "sumotext.toml").write_text(configured(FIVE[name], url=sumotext_simulator.url))
    result = ran(folder)

    assert result.outcome == "ACCEPTED"
    assert result.message_id
    assert result.backend == ("file" if name == "fallback" else name)
    assert texts(folder, sumotext_simulator) == ([] if name == "null" else [TEXT])


def test_the_five_differ_in_one_line() -> None:
    """Between any two of the configurations one line is another."""
    five = [configured(dsn, url="http://127.0.0.1:9").splitlines() for dsn in FIVE.values()]
    changed = [
        [line for line in difflib.ndiff(one, other) if line.startswith("+ ")]
        for one in five
        for other in five
        if one != other
    ]

    assert len(changed) == 20
    assert all(len(lines) == 1 for lines in changed)
    assert all(lines[0].startswith("+ default = ") for lines in changed)


def test_an_account_goes_from_the_newer_api_to_the_legacy_one(
    folder: Path, sumotext_simulator: Simulator
) -> None:
    """v2 || legacy: where the API cannot be reached, the gateway gets the text, once."""
    newer = FIVE["sumotext-v2"].format(url="http://127.0.0.1:9")
    legacy = FIVE["sumotext"].format(url=sumotext_simulator.url)
    (folder / "sumotext.toml").write_text(configured(f"{newer} || {legacy}"))
    result = ran(folder)

    assert [each.backend for each in result.attempts] == ["sumotext-v2", "sumotext"]
    assert [each.outcome for each in result.attempts] == ["FAILED", "ACCEPTED"]
    assert [got.body for got in sumotext_simulator.messages] == [TEXT]


def test_a_refusal_of_the_newer_api_is_not_got_round(
    folder: Path, sumotext_simulator: Simulator
) -> None:
    """v2 || legacy over the simulator: who has not opted in is asked for by one request only."""
    newer, legacy = (FIVE[name].format(url=sumotext_simulator.url) for name in list(FIVE)[1::-1])
    with connect(f"{newer} || {legacy}") as sms:
        result = sms.send(Message("5015550101", TEXT))

    assert (result.outcome, result.reason) == ("REJECTED", "NOT_OPTED_IN")
    assert [seen.method for seen in sumotext_simulator.requests] == ["POST"]


def test_a_wrong_key_of_the_newer_api_goes_on(folder: Path, sumotext_simulator: Simulator) -> None:
    """v2 || legacy over the simulator: a caller whom the API does not know is asked for again."""
    newer, legacy = (FIVE[name].format(url=sumotext_simulator.url) for name in list(FIVE)[1::-1])
    with connect(f"{newer} || {legacy}") as sms:
        result = sms.send(Message("5015550103", TEXT))

    assert [each.reason for each in result.attempts] == ["UNAUTHORIZED", "UNAUTHORIZED"]
    assert [seen.method for seen in sumotext_simulator.requests] == ["POST", "GET"]


@pytest.mark.skipif(sys.platform != "linux", reason="a black hole is made of Linux's backlog")
@pytest.mark.parametrize("holes", [1, 3])
def test_a_black_hole_costs_its_share_and_not_the_sum(
    holes: int,
    folder: Path,
    sumotext_simulator: Simulator,
    sumotext_hostile_gateway: Callable[..., HostileGateway],
) -> None:
    """However many providers swallow every packet, the chain answers within its one deadline."""
    urls = [sumotext_hostile_gateway("N09").url for _ in range(holes)]
    chain = [FIVE["sumotext"].format(url=url) for url in (*urls, sumotext_simulator.url)]
    (folder / "sumotext.toml").write_text(configured(f"({' || '.join(chain)})?timeout=4"))
    begun = time.monotonic()
    result: SendResult = ran(folder)
    took = time.monotonic() - begun

    assert result.outcome == "ACCEPTED"
    assert [each.reason for each in result.attempts] == [*["UNREACHABLE"] * holes, None]
    assert took < 4 + 1


HOLDER = """
from sumotext_backend import hookimpl

@hookimpl
def sumotext_hold(message):
    return "quiet hours"
"""


@pytest.mark.parametrize(
    ("disabled", "outcome"),
    [("", "REJECTED"), ("others", "REJECTED"), ("quiet", "ACCEPTED"), ("all", "ACCEPTED")],
)
def test_plugins_can_be_turned_off_from_outside(disabled: str, outcome: str, folder: Path) -> None:
    """``$SUMOTEXT_DISABLE_PLUGINS`` takes a plugin out of a program that nobody touches."""
    (folder / "quiet_hours.py").write_text(HOLDER)
    info = folder / "quiet_hours-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: quiet-hours\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[sumotext_backend.plugins]\nquiet = quiet_hours\n")
    (folder / "sumotext.toml").write_text(configured("null://"))
    (folder / "program.py").write_text(f"{PROGRAM}print(result.outcome)")
    path = os.pathsep.join([str(folder), *sys.path])
    ended = subprocess.run(
        [sys.executable, "program.py"],
        env={**os.environ, "PYTHONPATH": path, "SUMOTEXT_DISABLE_PLUGINS": disabled},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert (f"{outcome}\n", "") == (ended.stdout, ended.stderr)
