"""``manage.py sumotext``."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from sumotext_backend.simulator import Simulator

GOOD, REFUSED, DOUBT = "5015551234", "5015550101", "5015550106"


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, what is printed, and the error's line."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("sumotext", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(GOOD, 0, "ACCEPTED"), (REFUSED, 1, "NOT_OPTED_IN"), (DOUBT, 5, "UNKNOWN")],
)
def test_send_ends_like_the_command_line(
    gateway: Simulator, number: str, code: int, word: str
) -> None:
    """The same summary and the same exit codes; the number is masked."""
    ended, printed, _ = run("send", number, "secret words")

    assert ended == code
    assert word in printed
    assert not any(each in printed for each in (GOOD, REFUSED, DOUBT, "secret"))


def test_send_refuses_what_is_no_number(gateway: Simulator) -> None:
    """Wrong usage, and no request."""
    assert (2, ()) == (run("send", "12", "hello")[0], gateway.requests)


def test_send_takes_provider_carrier_and_sender(gateway: Simulator) -> None:
    """``--using`` names an alias."""
    options = ["--using", "chain", "--carrier", "VERIZONUS", "--sender", "12345"]
    code, printed, _ = run("send", GOOD, "hello", *options)

    assert (0, True) == (code, "tried" in printed)
    assert [("VERIZONUS", "12345")] == [(one.carrier, one.shortcode) for one in gateway.messages]


def test_send_prints_json(gateway: Simulator) -> None:
    """One object, as ``sumotext send --json`` prints."""
    _, printed, _ = run("send", GOOD, "hello", "--json")
    fields = json.loads(printed)

    assert ("ACCEPTED", GOOD, 1) == (fields["outcome"], fields["to"], fields["segments"])


def test_send_reads_standard_input(gateway: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """``-`` keeps the text out of the process list; one line end at its end is not texted."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("né\n".encode())))
    run("send", GOOD, "-")

    assert ["né"] == [text.msg for text in gateway.messages]


def test_send_refuses_what_is_not_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong usage, in one line."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))

    assert (2, "the text on standard input is not UTF-8") == run("send", GOOD, "-")[::2]


@pytest.mark.parametrize(
    "arguments", [["send", GOOD, "secret", "words"], ["sned", GOOD], ["send", GOOD, "x", "--no"]]
)
def test_wrong_usage_shows_no_argument(arguments: list[str]) -> None:
    """An argument may be a number or a text."""
    code, _, said = run(*arguments)

    assert code == 2
    assert "wrong usage; see" in said
    assert not any(each in said for each in (GOOD, "secret", "words"))


@pytest.mark.parametrize("arguments", [["send", GOOD, "x", "--using", "mian"], ["send", "1", "x"]])
def test_wrong_settings_are_one_line(arguments: list[str]) -> None:
    """Exit code 78, and the setting's name."""
    with override_settings(SMS_PROVIDERS={} if "1" in arguments else {"main": "null://"}):
        code, _, said = run(*arguments)

    assert code == 78
    assert said.startswith("SMS_PROVIDERS")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("providers", "code", "ids"),
    [
        ({"default": "sumotext://74700/SUMO"}, 0, []),
        ({"default": "null://"}, 0, ["W003"]),
        ({"main": "nul://"}, 78, ["W001", "E002"]),
    ],
)
def test_check_lists_what_is_wrong(providers: dict[str, Any], code: int, ids: list[str]) -> None:
    """Those of ``manage.py check --deploy`` that are ours; only errors change the exit code."""
    with override_settings(SMS_PROVIDERS=providers):
        ended, printed, _ = run("check")

    assert code == ended
    assert ids == [line.partition(":")[0].partition(".")[2] for line in printed.splitlines()]


@pytest.mark.parametrize("click", [True, False])
def test_backends_lists_what_is_installed(click: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """As ``sumotext backends`` does; without click each in one line."""
    if not click:
        monkeypatch.setitem(sys.modules, "click", None)
        monkeypatch.delitem(sys.modules, "sumotext_backend.cli.commands.installed", raising=False)
    code, printed, _ = run("backends")

    assert code == 0
    assert any(line.split()[:1] == ["sumotext"] for line in printed.splitlines())
    assert click is ("shortcode" in printed)
