"""``manage.py sumotext``."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
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


def test_a_doubt_that_no_ledger_keeps_leads_to_the_provider(gateway: Simulator) -> None:
    """There is nothing to list where the ledger is off."""
    kept = run("send", DOUBT, "hello")
    with override_settings(SMS_LEDGER={"record": "off"}):
        off = run("send", DOUBT, "hello")

    assert [True, False] == ["see 'sumotext doubts'" in each[1] for each in (kept, off)]
    assert "look for it at the provider" in off[1]


def test_send_refuses_what_is_no_number(gateway: Simulator) -> None:
    """Wrong usage, and no request."""
    assert (2, ()) == (run("send", "12", "hello")[0], gateway.requests)


def test_send_takes_provider_carrier_and_sender(gateway: Simulator) -> None:
    """``--using`` names an alias."""
    options = ["--using", "chain", "--carrier", "VERIZONUS", "--sender", "12345"]
    code, printed, _ = run("send", GOOD, "hello", *options)

    assert (0, True) == (code, "tried" in printed)
    assert [("VERIZONUS", "12345")] == [
        (one.fields["carrier"], one.sender) for one in gateway.messages
    ]


def test_send_prints_json(gateway: Simulator) -> None:
    """One object, as ``sumotext send --json`` prints."""
    _, printed, _ = run("send", GOOD, "hello", "--json")
    fields = json.loads(printed)

    assert ("ACCEPTED", GOOD, 1) == (fields["outcome"], fields["to"], fields["segments"])


def test_send_reads_standard_input(gateway: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """``-`` keeps the text out of the process list; one line end at its end is not texted."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("né\n".encode())))
    run("send", GOOD, "-")

    assert ["né"] == [text.body for text in gateway.messages]


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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["send", GOOD], "the following arguments are required: text"),
        (["send", GOOD, "hush", "--carrier"], "argument --carrier: expected one argument"),
        (["sned", GOOD, "hush"], "argument command: not one of those that there are"),
        (["send", GOOD, "-hush"], "put -- before a text that begins with -"),
        (["send", GOOD, "hush", GOOD], "an argument that is not known"),
        (["send", GOOD, "x", "hush: expected one argument"], "an argument that is not known"),
        (["send", GOOD, "x", "argument hush: invalid choice: "], "an argument that is not known"),
    ],
)
def test_wrong_usage_says_what_is_wrong(arguments: list[str], words: str) -> None:
    """As far as it can be said without an argument."""
    code, _, said = run(*arguments)

    assert code == 2
    assert words in said
    assert not any(each in said for each in (GOOD, "hush"))


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


def test_backends_lists_what_is_installed() -> None:
    """As ``sumotext backends`` does."""
    code, printed, _ = run("backends")

    assert code == 0
    assert any(line.split()[:1] == ["sumotext"] for line in printed.splitlines())
    assert "shortcode" in printed


@pytest.mark.parametrize("using", ["v2", "mixed"])
def test_the_carrier_reaches_every_backend_that_takes_one(gateway: Simulator, using: str) -> None:
    """Whatever its name is, and however deep it stands in a chain."""
    account = {"shortcode": "74700", "apikey": "hush", "keyword": "SUMO"}
    v2 = {"BACKEND": "sumotext-v2", "OPTIONS": {**account, "base_url": f"{gateway.url}/api"}}
    chain = {"BACKEND": "fallback", "OPTIONS": {"chain": ["down", "retry(v2)"]}}
    down = {"BACKEND": "memory", "OPTIONS": {"reason": "UNREACHABLE"}}
    with override_settings(SMS_PROVIDERS={"v2": v2, "mixed": chain, "down": down}):
        code, printed, _ = run("send", GOOD, "hello", "--using", using, "--carrier", "VERIZONUS")

    assert code == 0, printed
    assert ["VERIZONUS"] == [one.fields["carrier"] for one in gateway.messages]


def test_a_carrier_that_nobody_takes_is_told(gateway: Simulator) -> None:
    """The text goes all the same: in development the provider is another."""
    code, _, said = run("send", GOOD, "hello", "--using", "kept", "--carrier", "VERIZONUS")

    assert (0, "'carrier' is not used: no backend behind 'kept' has it\n") == (code, said)


def test_any_option_of_a_message_can_be_set(gateway: Simulator) -> None:
    """By its name; the last one counts."""
    pairs = ["--option", "keyword=OTHER", "--option", "carrier=VERIZONUS"]
    code, printed, _ = run("send", GOOD, "hello", "--carrier", "ATTUS", *pairs)

    assert code == 0, printed
    assert [("OTHER", "VERIZONUS")] == [
        (one.fields["key"], one.fields["carrier"]) for one in gateway.messages
    ]


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("carier=ATTUS", "no backend has an option 'carier' for one message; did you mean 'carr"),
        ("hunter2", "--option wants NAME=VALUE"),
    ],
)
def test_a_wrong_option_is_wrong_usage(gateway: Simulator, pair: str, words: str) -> None:
    """Nothing is sent, and the value is not shown."""
    code, _, said = run("send", GOOD, "hello", "--option", pair)

    assert (2, True, ()) == (code, words in said, gateway.requests)
    assert "hunter2" not in said


def test_explain_shows_the_plan(gateway: Simulator) -> None:
    """The chain in its order; nobody is asked."""
    code, printed, _ = run("explain", GOOD, "hello", "--using", "chain")
    _, as_json, _ = run("explain", GOOD, "hello", "--using", "chain", "--json")

    assert (0, ()) == (code, gateway.requests)
    assert printed.startswith("PLAN: nothing was sent")
    assert ["down", "default"] == [step["provider"] for step in json.loads(as_json)["steps"]]
    assert GOOD not in printed + as_json


def test_explain_shows_consent(gateway: Simulator) -> None:
    """The ledger of the settings is asked, and an opt-out skips every provider."""
    run("consent", "opt-out", GOOD)
    code, printed, _ = run("explain", GOOD, "hello", "--using", "chain")

    assert (0, 2) == (code, printed.count("SKIPPED, the person opted out"))


def test_explain_warns_of_a_carrier_that_is_not_listed() -> None:
    """On stderr, as `sumotext explain` does."""
    with override_settings(SMS_PROVIDERS={"default": "sumotext://74700/SUMO?carrier=ATT"}):
        code, printed, said = run("explain", GOOD, "hello")

    assert (0, True) == (code, printed.startswith("PLAN"))
    assert said.startswith("warning: SMS_PROVIDERS: provider 'default': option 'carrier': 'ATT'")


def test_explain_refuses_what_is_no_number(gateway: Simulator) -> None:
    """Wrong usage, in one line."""
    code, printed, said = run("explain", "12", "hello")

    assert (2, "", False) == (code, printed, "\n" in said)


@pytest.mark.parametrize("command", ["log", "doubts list", "inbound list"])
def test_a_list_of_nothing_says_so(command: str, gateway: Simulator) -> None:
    """To stderr, as ``sumotext`` does; with ``--json`` the empty list is all."""
    code, out, error = run(*command.split())

    assert (0, "", 1) == (code, out, error.count("\n"))
    assert "" == run(*command.split(), "--json")[2]


def test_health_shows_and_forgets_failures(gateway: Simulator, tmp_path: Path) -> None:
    """As ``sumotext health`` and ``sumotext health reset`` do."""
    shared = {"path": str(tmp_path / "health.sqlite3"), "failures": 1}
    with override_settings(SMS_HEALTH=shared):
        nothing = run("health")
        run("send", GOOD, "hello", "--using", "chain")
        shown, as_json = run("health"), run("health", "--json")
        reset, again = run("health", "--reset", "down"), run("health", "--reset", "down")
        unknown = run("health", "--reset", "dwon")

    assert (0, "", "no provider in a chain has failed\n") == nothing
    assert shown[1].splitlines()[:2] == ["down", "  state  open: it is left alone"]
    assert [("down", "open")] == [
        (one["alias"], one["state"])
        for one in json.loads(as_json[1])["providers"]
        if one["failures"]
    ]
    assert ["down: its failures are forgotten\n", "down: there were no failures to forget\n"] == [
        reset[1],
        again[1],
    ]
    assert (2, "there is no provider 'dwon'; did you mean 'down'?") == unknown[::2]


def test_health_that_is_not_shared_is_told(gateway: Simulator) -> None:
    """By the name of the setting."""
    _, _, said = run("health")

    assert "memory of each process (SMS_HEALTH, 'state')" in said


def test_config_show_speaks_of_the_settings() -> None:
    """All values in force, each with where it was found; what is private is masked."""
    chain = "main || null://"
    with override_settings(SMS_PROVIDERS={"default": chain, "main": "sumotext://74700/hush"}):
        code, printed, _ = run("config", "show", "--origin")
        _, as_json, _ = run("config", "show", "--json")

    assert code == 0
    assert "SMS_PROVIDERS: main\n" in printed
    assert 'keyword = "•••"  # SMS_PROVIDERS\n' in printed
    assert "\nSMS_HEALTH\n" in printed
    assert "hush" not in printed + as_json
    assert "providers.main" in {one["place"] for one in json.loads(as_json)["settings"]}


def test_config_check_is_check() -> None:
    """Under the name that the command line has for it."""
    with override_settings(SMS_PROVIDERS={"main": "nul://"}):
        assert run("check") == run("config", "check")


PROJECT = """
SECRET_KEY = "of no worth"
INSTALLED_APPS = ["sumotext_django"]
SMS_HEALTH = {"state": "memory"}
SMS_PROVIDERS = {"default": "memory://"}
"""
OTHER = "5015559876"  # of no example
WITHOUT_CLICK = "import sys; sys.modules['click'] = None\n"


def manage(
    folder: Path, *arguments: str, stdin: bytes | None = None, stdout: Any = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    """``manage.py sumotext`` in a process of its own, where click is not installed."""
    (folder / "own_settings.py").write_text(WITHOUT_CLICK + PROJECT)
    return subprocess.run(
        [sys.executable, "-m", "django", "sumotext", *arguments],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "own_settings", "PYTHONPATH": str(folder)},
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2),
        (["sned", OTHER, "hush"], 2),
        (["send", OTHER], 2),
        (["send", OTHER, "hush", "hush"], 2),
        (["send", OTHER, "hush", "--no"], 2),
        (["send", "12", "hush"], 2),
        (["send", OTHER, "\udcff hush"], 2),
        (["send", OTHER, "hush", "--using", "mian"], 78),
        (["explain", "12", "hush"], 2),
        (["config"], 2),
        (["health", "--reset", "mian"], 2),
    ],
)
def test_what_is_wrong_is_one_line_of_a_process(
    arguments: list[str], code: int, tmp_path: Path
) -> None:
    """On standard error, without a traceback; the exit code is the command line's."""
    ended = manage(tmp_path, *arguments)
    said = ended.stderr.decode()

    assert code == ended.returncode, said
    assert said.startswith("CommandError: ")
    assert 1 == said.count("\n")
    assert not any(word in said for word in (OTHER, "hush"))


@pytest.mark.parametrize("stdin", [b"\xff", b"x" * 1_000_001], ids=["not UTF-8", "too long"])
def test_a_wrong_text_on_standard_input_is_one_line(stdin: bytes, tmp_path: Path) -> None:
    """Wrong usage: nothing was sent."""
    ended = manage(tmp_path, "send", GOOD, "-", stdin=stdin)

    assert (2, 1) == (ended.returncode, ended.stderr.count(b"\n"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["send", GOOD, "hello"],
        ["explain", GOOD, "hello"],
        ["health"],
        ["config", "show"],
        ["config", "check"],
        ["check"],
        ["backends"],
    ],
    ids=" ".join,
)
def test_no_command_needs_click(arguments: list[str], tmp_path: Path) -> None:
    """The extra ``django`` does not bring it."""
    ended = manage(tmp_path, *arguments)

    assert 0 == ended.returncode, ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_does_not_change_the_exit_code(tmp_path: Path) -> None:
    """Exit code 1 would say that the text was not sent."""
    with Path("/dev/full").open("wb") as full:
        ended = manage(tmp_path, "send", GOOD, "hello", stdout=full)

    assert (0, True) == (ended.returncode, b"could not be written" in ended.stderr), ended.stderr
