"""``sumotext ledger``, ``consent``, ``doubts`` and ``log``."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from commandline import COMMAND, environment, spawned, sumotext

from sumotext_backend import Message, Sender
from sumotext_backend.config import open_ledger
from sumotext_backend.local import MemoryBackend
from sumotext_backend.routing import Route

TO = "5015559876"
SEND = ("send", "--using", "null://", TO, "canary text")


def _json(*args: str, stdin: bytes = b"") -> Any:
    return json.loads(sumotext(*args, "--json", stdin=stdin).stdout)


def _make_doubt() -> str:
    ledger = open_ledger()
    sender = Sender(MemoryBackend(reason="TIMEOUT"), ledger=ledger)
    reference = sender.send(Message(TO, "canary text", key="k")).reference
    ledger.close()
    assert reference
    return reference


def test_a_key_sends_once() -> None:
    """The second send prints the first one's result."""
    first, second = (json.loads(sumotext(*SEND, "--key", "k", "--json").stdout) for _ in "ab")

    assert (False, True) == (first["stored"], second["stored"])
    assert first["message_id"] == second["message_id"]
    assert "nothing was sent now" in sumotext(*SEND, "--key", "k").stdout
    assert "sent now" not in sumotext(*SEND, "--key", "other").stdout


@pytest.mark.parametrize("number", [TO, "-", "@number.txt"])
def test_an_opt_out_stops_the_next_send(
    number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number comes as an argument, from standard input or from a file."""
    monkeypatch.chdir(tmp_path)
    Path("number.txt").write_text(TO)
    changed = sumotext("consent", "opt-out", number, "--note", "rang up", stdin=TO.encode())
    sent = sumotext(*SEND)
    shown = sumotext("consent", "show", TO)

    assert (0, 1) == (changed.returncode, sent.returncode)
    assert "OPTED_OUT" in sent.stdout
    assert "rang up" in shown.stdout
    assert TO not in shown.stdout
    assert TO in sumotext("consent", "show", TO, "--show-numbers").stdout


@pytest.mark.parametrize("command", ["explain", "send --dry-run"])
def test_an_opt_out_is_in_the_plan(command: str) -> None:
    """Each provider with the reason why it is not asked; in the sandbox nobody said no."""
    sumotext("consent", "opt-out", TO)
    asked = (*command.split(), "--using", "null:// || null://", TO, "canary text")
    shown, as_json = sumotext(*asked), _json(*asked)
    plan = as_json.get("plan", as_json)

    assert 2 == shown.stdout.count("SKIPPED, the person opted out (known by hand)")
    assert all("opted out" in step["skipped"] for step in plan["steps"])
    if command != "explain":
        assert "SKIPPED" not in sumotext(*asked, "--sandbox").stdout


def test_a_list_is_imported_whole_or_not_at_all(tmp_path: Path) -> None:
    """Bad rows are listed by line; the file without them is taken."""
    file = tmp_path / "list.csv"
    file.write_text(f"name,phone\na,{TO}\nb,12\n")
    bad = sumotext("consent", "import", str(file))
    assert (2, "line 3:") == (bad.returncode, bad.stdout[:7])
    assert {"words": []} == _json("consent", "list")

    file.write_text(f"name,phone\na,{TO}\nb,5015550000\n")
    assert {"imported": 2, "bad": []} == _json("consent", "import", str(file))
    assert 2 == len(sumotext("consent", "export").stdout.splitlines())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("file", ["list.csv", "-"])
def test_a_list_is_read_as_spreadsheets_save_it(
    file: str, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a file or from standard input; a number that is named twice is written once."""
    monkeypatch.chdir(tmp_path)
    listed = f"Näme;Phone number\r\nZoë;{TO}\r\n\r\nZoë;+1{TO}\r\n".encode(encoding)
    Path("list.csv").write_bytes(listed)

    assert {"imported": 1, "bad": []} == _json("consent", "import", file, stdin=listed)
    assert 1 == sumotext(*SEND).returncode


def test_a_list_in_another_encoding_is_one_line(tmp_path: Path) -> None:
    """And nothing of it is written down, though its first rows could be read."""
    listed = tmp_path / "list.csv"
    listed.write_bytes(b"phone,name\n" + f"{TO},x\n".encode() * 9000 + b"5015550000,Zo\xeb\n")
    ended = sumotext("consent", "import", str(listed))

    assert (2, 1) == (ended.returncode, ended.stderr.count("\n"))
    assert "neither UTF-8 nor UTF-16" in ended.stderr
    assert "" == sumotext("consent", "export").stdout


def test_a_long_import_shows_how_far_it_is_on_a_terminal(tmp_path: Path) -> None:
    """A bar on the terminal that stderr is; where it is not one, nothing."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    listed = tmp_path / "list.csv"
    listed.write_text("phone\n" + "".join(f"501555{n:04}\n" for n in range(500)))
    command = [*COMMAND, "consent", "import", str(listed), "--json"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, env=environment(TERM="xterm")
    ) as program:
        os.close(theirs)
        shown = _read_all(ours)
        printed = program.communicate()[0]

    assert {"imported": 500, "bad": []} == json.loads(printed)
    assert b"reading" in shown
    assert b"100%" in shown
    assert b"501555" not in shown
    assert "" == spawned("consent", "import", str(listed), "--json").stderr


def _read_all(terminal: int) -> bytes:
    shown = b""
    with contextlib.suppress(OSError):  # how Linux ends a terminal that nobody holds any more
        while piece := os.read(terminal, 4096):
            shown += piece
    os.close(terminal)
    return shown


def test_a_ledger_is_moved_by_its_export(tmp_path: Path) -> None:
    """Who said no, and who refused, is known there as here; a second time is no harm."""
    refuse = MemoryBackend(reason="NOT_OPTED_IN")
    with contextlib.closing(open_ledger()) as ledger:
        Sender(Route(provider="a", of=refuse), ledger=ledger).send(Message(TO, "canary text"))
    sumotext("consent", "opt-out", "5015550000", "--note", "rang up")
    exported = sumotext("consent", "export", "--show-numbers").stdout
    there = {"SUMOTEXT_STATE_DIR": str(tmp_path)}
    show = ("consent", "show", "--show-numbers", "--json")
    first, second = (
        json.loads(
            sumotext("consent", "import", "-", "--json", stdin=exported.encode(), **there).stdout
        )
        for _ in "ab"
    )
    here_and_there = [
        [sumotext(*show, number, **env).stdout for number in (TO, "5015550000")]
        for env in ({}, there)
    ]

    assert ((2, 0), (0, 2)) == tuple((each["imported"], each["known"]) for each in (first, second))
    assert here_and_there[0] == here_and_there[1]
    assert "NOT_OPTED_IN" in here_and_there[1][0]


def test_what_cannot_be_moved_is_one_line(tmp_path: Path) -> None:
    """Masked numbers, options of lists, and forgotten numbers; bad lines are listed."""
    sumotext("consent", "opt-out", TO)
    masked = sumotext("consent", "export").stdout
    whole = sumotext("consent", "export", "--show-numbers").stdout
    sumotext("ledger", "forget", TO)
    forgotten = sumotext("consent", "export", "--show-numbers").stdout
    there = {"SUMOTEXT_STATE_DIR": str(tmp_path)}
    for given, words, code in (
        (masked, (), "export with: sumotext consent export --show-numbers"),
        (whole, ("--word", "opt-out"), "leave out --word"),
        (whole + "canary", (), "1 of 2 rows are bad"),
        (forgotten, (), "--skip-forgotten"),
    ):
        ended = sumotext("consent", "import", "-", *words, stdin=given.encode(), **there)

        assert (2, 1) == (ended.returncode, ended.stderr.count("\n"))
        assert code in ended.stderr
        assert not any(each in ended.stdout + ended.stderr for each in ("canary", TO))
    assert "" == sumotext("consent", "export", **there).stdout
    taken = ("consent", "import", "-", "--skip-forgotten")
    assert 0 == sumotext(*taken, stdin=(forgotten + whole).encode(), **there).returncode
    assert 1 == len(sumotext("consent", "export", **there).stdout.splitlines())


def test_a_doubt_is_listed_shown_and_settled() -> None:
    """With its text only where that is asked for; settled twice is an error."""
    ref = _make_doubt()
    listed = sumotext("doubts", "list")
    shown, whole = sumotext("doubts", "show", ref), sumotext("doubts", "show", ref, "--show-text")
    settled = sumotext("doubts", "settle", ref, "--sent", "--note", "seen on the phone")
    again = sumotext("doubts", "settle", ref, "--not-sent", "--note", "no")

    assert ref in listed.stdout
    assert ("canary" in shown.stdout, "canary" in whole.stdout) == (False, True)
    assert (0, 2) == (settled.returncode, again.returncode)
    assert "" == sumotext("doubts", "list").stdout
    assert "seen on the phone" in sumotext("doubts", "show", ref).stdout


def test_the_log_tells_what_became_of_which_text() -> None:
    """By number, outcome and moment, masked unless asked otherwise; never with a text."""
    sumotext("consent", "opt-out", "5015550000")
    sumotext(*SEND, "--key", "k")
    sumotext("send", "--using", "null://", "5015550000", "canary text")
    every, one = sumotext("log").stdout, sumotext("log", "--number", TO).stdout
    refused = sumotext("log", "--outcome", "rejected", "--since", "1h").stdout

    assert (2, 1, 1) == (every.count("\n"), one.count("\n"), refused.count("\n"))
    assert "ACCEPTED" in one
    assert (TO in every, "canary" in every) == (False, False)
    assert TO in sumotext("log", "--show-numbers").stdout
    assert "" == sumotext("log", "--since", "2999-01-01").stdout


def test_a_forgotten_number_stays_opted_out() -> None:
    """Number and text are in no file any more; the no is."""
    sumotext(*SEND, "--key", "k")
    sumotext("consent", "opt-out", TO)
    state = Path(os.environ["SUMOTEXT_STATE_DIR"])
    assert any(TO.encode() in each.read_bytes() for each in state.glob("ledger*"))
    gone = sumotext("ledger", "forget", TO)

    assert 0 == gone.returncode
    assert not any(TO.encode() in each.read_bytes() for each in state.glob("ledger*"))
    assert not any(b"canary text" in each.read_bytes() for each in state.glob("ledger*"))
    assert 1 == sumotext(*SEND).returncode


def test_purge_says_what_it_would_remove(tmp_path: Path) -> None:
    """And removes it without ``--dry-run``."""
    file = tmp_path / "sumotext.toml"
    file.write_text("[ledger]\nkeep_rows = 0\nkeep_texts = 0\n")
    sumotext(*SEND, "--key", "k")
    dry = sumotext("ledger", "purge", "--dry-run", "--config", str(file))
    wet = sumotext("ledger", "purge", "--config", str(file))

    counted = "0 texts, 1 sends, 0 events, 0 reports and 0 look-ups"
    assert f"{counted} would be removed\n" == dry.stdout
    assert f"{counted} were removed\n" == wet.stdout
    log = sumotext("log")
    assert "" == log.stdout
    assert log.stderr.startswith("sumotext: no such send is kept; ")
    assert '[ledger] record is "all"' in log.stderr


def test_a_no_that_nothing_would_keep_is_refused(tmp_path: Path) -> None:
    """With a ledger that is off it would end with the command, which must not say that it binds."""
    config, listed = tmp_path / "sumotext.toml", tmp_path / "list.csv"
    config.write_text('[ledger]\nrecord = "off"\n')
    listed.write_text(f"phone\n{TO}\n")
    for words in (("opt-out", TO), ("opt-in", TO), ("import", str(listed))):
        ended = sumotext("consent", *words, "--config", str(config))

        assert (78, "") == (ended.returncode, ended.stdout)
        assert "the ledger is off" in ended.stderr


@pytest.mark.parametrize(("record", "listed"), [("off", False), ("needed", True)])
def test_a_doubt_leads_where_it_can_be_found(record: str, listed: bool, tmp_path: Path) -> None:
    """Not to the list of doubts where none is kept, and that list says so itself."""
    config = tmp_path / "sumotext.toml"
    doubt = 'providers.default = "memory://?reason=TIMEOUT"'
    config.write_text(f'{doubt}\nledger.record = "{record}"\n')
    sent = sumotext("send", TO, "hello", "--config", str(config))
    rest = [
        sumotext(*words, "--config", str(config))
        for words in (("doubts", "list"), ("doubts", "resolve"), ("log",))
    ]
    said = [ended.stdout + ended.stderr for ended in rest]

    assert (5, listed) == (sent.returncode, "see 'sumotext doubts'" in sent.stdout)
    assert [not listed] * 3 == ['[ledger] record is "off"' in each for each in said]


def test_a_settled_doubt_has_no_empty_line() -> None:
    """There is nothing to do next where the text went."""
    reference = _make_doubt()
    sumotext("doubts", "settle", reference, "--sent", "--note", "seen")
    shown = sumotext("doubts", "show", reference).stdout

    assert "note    settled as sent by hand: seen" in shown
    assert "next" not in shown
    sumotext("ledger", "forget", TO)
    assert "note    settled as sent by hand\n" in sumotext("doubts", "show", reference).stdout


def test_info_makes_no_file() -> None:
    """Looking is not opening; ``check`` and ``upgrade`` open it."""
    state = Path(os.environ["SUMOTEXT_STATE_DIR"])
    assert 0 == sumotext("ledger", "info").returncode
    assert [] == list(state.iterdir())
    assert {"problems": []} == _json("ledger", "check")
    upgraded = _json("ledger", "upgrade")
    assert {"version"} == set(upgraded)
    assert 0 < upgraded["version"] == _json("ledger", "info")["schema"]


@pytest.mark.parametrize(
    "args",
    [
        ("consent", "show", "canary"),
        ("consent", "opt-out", TO, "--programme", "canary!"),
        ("doubts", "show", "canary"),
        ("doubts", "settle", "canary", "--note", "x"),
        ("log", "--since", "canary"),
        ("consent", "import", "/canary"),
    ],
)
def test_what_is_wrong_is_one_line_without_it(args: tuple[str, ...]) -> None:
    """Exit code 2, and no part of the argument."""
    ended = sumotext(*args)

    assert (2, 1) == (ended.returncode, ended.stderr.count("\n"))
    assert "canary" not in ended.stderr
    assert TO not in ended.stderr


def test_a_ledger_that_cannot_be_used_is_one_line() -> None:
    """Exit code 78."""
    ended = sumotext("consent", "list", SUMOTEXT_STATE_DIR="/dev/null/state")

    assert (78, 1) == (ended.returncode, ended.stderr.count("\n"))


def test_the_sandbox_learns_nothing_of_real_people() -> None:
    """A refusal by the simulator does not stop a text that is real."""
    refused = sumotext("send", "--sandbox", "5015550101", "hello")

    assert "REJECTED" in refused.stdout
    assert {"words": []} == _json("consent", "list")


def test_no_doubt_is_left_out_however_many_there_are() -> None:
    """All are listed; the log says where it holds more than it shows."""
    ledger = open_ledger()
    sender = Sender(MemoryBackend(reason="TIMEOUT"), ledger=ledger)
    for _ in range(1001):
        sender.send(Message(TO, "canary text"))
    ledger.close()

    assert 1001 == len(_json("doubts", "list")["sends"])
    assert 1001 == len(sumotext("doubts", "list").stdout.splitlines())
    assert "may be more than 1000" in sumotext("log").stdout
    assert _json("log")["more"]
