"""The ``sumotext`` command with a configuration: chains, plans, health, and what is wrong."""

from __future__ import annotations

import json
import re
import shlex
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from commandline import KEYWORD, PRIVATE, TEXT, TO, sumotext
from wrong_configurations import SECRET, WRONG

pytest.importorskip("click", reason="the extra cli is not installed")

from sumotext_backend.registry import listing
from sumotext_backend.routing import Circuit, SqliteStore
from sumotext_backend.state import StateError

pytestmark = pytest.mark.once

CLOSED = "http://127.0.0.1:9"
APIKEY = "canary-key"
CHAIN = f"""
[providers.default]
backend = "fallback"
chain = ["main", "backup"]

[providers.main]
backend = "sumotext"
shortcode = "74700"
keyword = "{KEYWORD}"
carrier = "ATTUS"
base_url = "{CLOSED}"

[providers.backup]
dsn = "null://"

[providers.spare]
backend = "sumotext-v2"
shortcode = "74700"
keyword = "{KEYWORD}"
carrier = "ATTUS"
apikey = {{ env = "KEY" }}
base_url = "{CLOSED}"
"""
ROUTE_DOWN = "FAILED (UNREACHABLE)"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a chain in its sumotext.toml and the state folder in it."""
    (tmp_path / "sumotext.toml").write_text(CHAIN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line: str, **extra: str) -> Any:
    """Run the command line ``line``; health is kept in the current folder."""
    return sumotext(*shlex.split(line), SUMOTEXT_STATE_DIR="state", KEY=APIKEY, **extra)


def told(line: str, **extra: str) -> Any:
    """The object that ``line`` prints."""
    ended = run(f"{line} --json", **extra)

    assert ended.stdout, ended.stderr
    return json.loads(ended.stdout)


def kept(**circuits: Circuit) -> SqliteStore:
    """Health as some process left it, the name of each provider as that of its key."""
    store = SqliteStore(Path("state/health.sqlite3"))
    for name, circuit in circuits.items():
        store.change(f"{name}:00c0ffee", lambda _, circuit=circuit: circuit)  # type: ignore[misc]
    return store


def left_alone() -> Circuit:
    """A circuit that stays open for as long as one can."""
    return Circuit(failures=5, open_until=time.time() + 25, why="UNREACHABLE", since=1.7e9)


# --- sending ------------------------------------------------------------------------------------


def test_the_configuration_of_the_folder_is_used() -> None:
    """Without options the provider ``default`` of the file that is found sends."""
    ended = run(f"send {TO} '{TEXT}'")

    assert ended.returncode == 0
    assert "  backend   backup (null)\n" in ended.stdout
    assert ended.stderr == ""


def test_a_chain_shows_its_trail() -> None:
    """Each attempt is a line: alias, outcome, reason, duration."""
    ended = run(f"send {TO} '{TEXT}'")
    tried = re.findall(r"^  tried +(.*)$", ended.stdout, re.MULTILINE)

    assert len(tried) == 2
    assert re.match(rf"main \(sumotext\): {re.escape(ROUTE_DOWN)} after \d+ ms; ", tried[0])
    assert re.fullmatch(r"backup \(null\): ACCEPTED after \d+ ms", tried[1])


def test_json_holds_the_whole_trail() -> None:
    """``attempts`` has alias, backend, outcome, reason and duration of each."""
    attempts = told(f"send {TO} '{TEXT}'")["attempts"]

    assert [each["provider"] for each in attempts] == ["main", "backup"]
    assert [each["outcome"] for each in attempts] == ["FAILED", "ACCEPTED"]
    assert [each["reason"] for each in attempts] == ["UNREACHABLE", None]
    assert all(each["duration"] >= 0 for each in attempts)


@pytest.mark.parametrize("option", ["--using", "--dsn"])
@pytest.mark.parametrize(
    ("source", "code"), [("main", 75), ("backup", 0), ("null://", 0), ("main || backup", 0)]
)
def test_a_provider_is_named_by_alias_or_dsn(option: str, source: str, code: int) -> None:
    """``--using`` takes an alias, a DSN, or several; ``--dsn`` is the same."""
    ended = run(f"send {option} '{source}' {TO} '{TEXT}'")

    assert ended.returncode == code


def test_a_configuration_may_be_named(folder: Path) -> None:
    """``--config`` goes before the file of the folder, and before ``$SMS_DSN``."""
    (folder / "other.toml").write_text('providers.default = "memory://?reason=HELD"')
    ended = run(f"send --config other.toml {TO} '{TEXT}'", SMS_DSN="null://")

    assert ended.returncode == 1
    assert "REJECTED (HELD)" in ended.stdout


def test_the_variable_stands_in_for_default_only() -> None:
    """``$SMS_DSN`` is the ``default`` of the file that is found; other aliases stay."""
    default = run(f"send {TO} '{TEXT}'", SMS_DSN="memory://?reason=HELD")
    other = run(f"send --using backup {TO} '{TEXT}'", SMS_DSN="memory://?reason=HELD")

    assert (1, 0) == (default.returncode, other.returncode)


def test_a_wrong_end_of_a_chain_shows_the_trail_too(folder: Path) -> None:
    """Where the last provider's options are to be mended: exit 78, the line, and the trail."""
    ended = run(f"send --using 'main || sumotext://74700/{KEYWORD}' {TO} '{TEXT}'")

    assert ended.returncode == 78
    assert ROUTE_DOWN in ended.stdout
    assert "--carrier VALUE" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("using", ["main", "spare", "main || spare", "retry(main)?tries=1"])
def test_the_sandbox_stands_in_for_every_account(using: str) -> None:
    """With ``--sandbox`` each SUMOTEXT provider, however deep, is pointed at the simulator."""
    ended = run(f"send --sandbox --using '{using}' {TO} '{TEXT}'")

    assert ended.returncode == 0
    assert "in the sandbox" in ended.stdout


def test_the_sandbox_walks_a_chain() -> None:
    """A refusal of the route in the sandbox goes on to the next, as it would for real."""
    ended = run(f"send --sandbox --using 'main || spare' 5015550103 '{TEXT}'")

    assert ended.returncode == 75
    assert ended.stdout.count("FAILED (UNAUTHORIZED) after") == 2


@pytest.mark.parametrize("using", ["default", "backup", "main || memory://", "console://"])
def test_nothing_leaves_the_machine_from_the_sandbox(using: str) -> None:
    """A provider of another kind, anywhere in the tree, is exit 78, and nobody is asked."""
    ended = run(f"send --sandbox --using '{using}' {TO} '{TEXT}'")

    assert ended.returncode == 78
    assert ended.stdout == ""
    assert "--sandbox stands in for SUMOTEXT only" in ended.stderr


def test_the_sandbox_leaves_health_alone() -> None:
    """What happens in the sandbox neither counts against a provider nor is stopped by it."""
    run(f"send --sandbox --using 'main || spare' 5015550103 '{TEXT}'")

    assert told("health")["providers"] == []


def test_a_carrier_is_for_both_protocols() -> None:
    """``--carrier`` serves SUMOTEXT's newer API as well."""
    ended = run(f"send --sandbox --dsn sumotext-v2://K@74700/A --carrier VERIZONUS {TO} '{TEXT}'")

    assert ended.returncode == 0


@pytest.mark.parametrize(
    "using", ["main", "main || spare", "retry(main)", "redirect(main)?to=%2B15015550199"]
)
def test_a_deadline_is_that_of_the_whole(using: str, folder: Path) -> None:
    """``--timeout`` bounds whatever is asked: one provider, a chain, what is inside another."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        (folder / "sumotext.toml").write_text(CHAIN.replace(CLOSED, address))
        begun = time.monotonic()
        ended = run(f"send --timeout 0.3 --using '{using}' {TO} '{TEXT}'")

    assert ended.returncode == 5
    assert "UNKNOWN (TIMEOUT)" in ended.stdout
    assert time.monotonic() - begun < 10


def test_a_deadline_may_be_longer_than_the_configured_one() -> None:
    """``--timeout`` takes the place of the option ``timeout``."""
    account = "sumotext://74700/A?carrier=ATTUS&timeout=0.2"
    short = run(f"send --sandbox --dsn '{account}' 5015550116 a")
    long = run(f"send --sandbox --dsn '{account}' --timeout 60 5015550116 a")

    assert (5, 0) == (short.returncode, long.returncode)


def test_a_deadline_is_no_error_to_a_provider_without_one() -> None:
    """Swapping a provider for one that knows no ``timeout`` changes nothing on the line."""
    assert run(f"send --timeout 5 --using backup {TO} a").returncode == 0


def test_no_provider_says_what_to_do(folder: Path) -> None:
    """Nothing is configured: exit 78, what to set, and the sandbox by name."""
    (folder / "sumotext.toml").unlink()
    ended = run(f"send {TO} '{TEXT}'")

    assert ended.returncode == 78
    assert all(each in ended.stderr for each in ("--dsn", "SMS_DSN", "sumotext.toml", "--sandbox"))
    assert ended.stderr.count("\n") == 1


# --- plans --------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["explain", "send --dry-run"])
def test_a_plan_shows_the_order_and_what_ends_it(command: str) -> None:
    """Providers in order, segments at each, and the rule of the chain; nobody is asked."""
    ended = run(f"{command} {TO} '{TEXT}'")

    assert ended.returncode == 0
    assert "nothing was sent\n" in ended.stdout
    assert "  1     main (sumotext): 1 segment\n" in ended.stdout
    assert "  2     backup (null): 1 segment\n" in ended.stdout
    assert "  rule  default (fallback): the next is asked only after FAILED; " in ended.stdout
    assert not any(private in ended.stdout for private in (TO, "canary", "CANARY"))
    assert told("health")["providers"] == []


def test_a_plan_says_why_a_provider_is_skipped() -> None:
    """A provider whose circuit is open stands in the plan with the reason."""
    for _ in range(5):
        run(f"send {TO} '{TEXT}'")
    ended = run(f"explain {TO} '{TEXT}'")

    assert "main (sumotext): 1 segment; SKIPPED, left alone for " in ended.stdout
    assert "after 5 failures, the last UNREACHABLE" in ended.stdout


def test_a_plan_names_the_chains_around_a_provider() -> None:
    """A nested chain is named, as is its own rule."""
    ended = run(f"explain --using 'main || (backup && null://)' {TO} '{TEXT}'")

    assert "  2     backup (null): 1 segment; in " in ended.stdout
    assert ended.stdout.count("  rule  ") == 2


def test_a_plan_as_json() -> None:
    """``--json`` holds steps and rules; the number is masked."""
    plan = told(f"explain {TO} '{TEXT}'")
    dry = told(f"send --dry-run {TO} '{TEXT}'")

    assert [step["provider"] for step in plan["steps"]] == ["main", "backup"]
    assert [rule["backend"] for rule in plan["rules"]] == ["fallback"]
    assert plan["to"] == "•••9876"
    assert dry["plan"] == plan
    assert dry["outcome"] is None


@pytest.mark.parametrize("command", ["explain", "send --dry-run", "send"])
@pytest.mark.parametrize("args", ["501-555-CALL hello", f"{TO} ''"], ids=["number", "text"])
def test_what_nobody_would_send_is_told(command: str, args: str) -> None:
    """A number or text at fault is exit 2 and one line; a plan does not hide it."""
    ended = run(f"{command} {args}")

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert told(f"explain {args}")["refused"]


def test_a_single_provider_has_a_request_and_no_plan() -> None:
    """``--dry-run`` of one account shows its request, though an alias names it."""
    ended = run(f"send --dry-run --using main {TO} '{TEXT}'")

    assert f"GET {CLOSED}/secure/sumoSend.aspx?mobile=…" in ended.stdout


@pytest.mark.parametrize("command", ["config check", "config show", f"explain {TO} a"])
def test_what_was_found_and_not_used_is_told(command: str) -> None:
    """Where ``$SMS_DSN`` takes the place of a file's provider, a line on stderr says so."""
    ended = run(command, SMS_DSN="null://")

    assert ended.returncode == 0
    assert "'default' of sumotext.toml gives way to $SMS_DSN" in ended.stderr


# --- the configuration itself -------------------------------------------------------------------


def test_show_prints_what_is_in_force() -> None:
    """Values, defaults included, as tables; what is private is masked."""
    ended = run("config show")

    assert ended.returncode == 0
    assert '[providers.main]\nbackend = "sumotext"\n' in ended.stdout
    assert 'chain = ["main", "backup"]\n' in ended.stdout
    assert 'apikey = "•••"\n' in ended.stdout
    assert "# proxy is not set\n" in ended.stdout
    assert not any(private in ended.stdout for private in (*PRIVATE, APIKEY))


def test_show_tells_where_a_value_was_found() -> None:
    """``--origin`` adds the file, the variable, or that it is a default."""
    lines = run("config show --origin").stdout.splitlines()

    assert 'apikey = "•••"  # $KEY' in lines
    assert 'shortcode = "74700"  # sumotext.toml' in lines
    assert "cooldown = 30.0  # default" in lines


def test_show_tells_what_is_wrong(folder: Path) -> None:
    """A value that cannot be read has its reason in its place."""
    (folder / "sumotext.toml").write_text('[providers.main]\ndsn = { env = "NO" }')
    ended = run("config show")

    assert ended.returncode == 0
    assert "# backend is wrong: option 'dsn': the environment" in ended.stdout


def test_show_as_json() -> None:
    """One object with each setting, its place and its origin."""
    settings = told("config show")["settings"]
    (key,) = [each for each in settings if each["option"] == "apikey"]

    assert (key["place"], key["value"], key["origin"]) == ("providers.spare", "•••", "$KEY")


def test_a_good_configuration_passes_the_check() -> None:
    """Nothing wrong: exit 0."""
    ended = run("config check")

    assert (0, "nothing is wrong with 4 providers\n", "") == (
        ended.returncode,
        ended.stdout,
        ended.stderr,
    )


def test_the_check_tells_what_is_wrong_beside_an_unknown_table(folder: Path) -> None:
    """A slip in a table's name hides nothing; a send names the first."""
    (folder / "sumotext.toml").write_text(
        "region = 'canary'\nhealth.failures = 0\n[providers.default]\nbackend = 'sumotext'\n"
        "shortcode = 'canary'\nkeyword = 'K'\n[ledgr]\nrecord = 'off'\n[inbounds]\n"
    )
    sent, checked = sumotext("send", TO, TEXT), sumotext("config", "check")
    lines = checked.stderr.splitlines()
    marks = ["'ledgr'", "'inbounds'", "region", "'shortcode'", "'failures'"]

    assert [78, 78] == [ended.returncode for ended in (sent, checked)]
    assert sent.stderr.splitlines() == lines[:1]
    assert [True] * 5 == [mark in line for mark, line in zip(marks, lines, strict=True)]
    assert "canary" not in checked.stderr


def test_the_check_tells_all_that_is_wrong(folder: Path) -> None:
    """One line each, exit 78; ``--json`` has the same lines."""
    wrong = '[providers.default]\nbackend = "null"\na = 1\n[health]\nb = 1'
    (folder / "sumotext.toml").write_text(wrong)
    ended = run("config check")

    assert ended.returncode == 78
    assert ended.stdout == ""
    assert [f"sumotext: {line}" for line in told("config check")["problems"]] == (
        ended.stderr.splitlines()
    )
    assert ended.stderr.count("\n") == 2


@pytest.mark.parametrize(("toml", "line"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_one_line_and_exit_78(toml: str, line: str, folder: Path) -> None:
    """Whatever is wrong with a file, a send says it in one line: file, place and mend."""
    (folder / "empty").write_text("\n")
    (folder / "bytes").write_bytes(b"hunter2\xff")
    (folder / "sumotext.toml").write_text(toml, encoding="utf-8")
    extra = {"EMPTY": "", "BAD_DSN": "hunter2:hunter2"}
    sent = run(f"send --config sumotext.toml {TO} '{TEXT}'", **extra)
    checked = run("config check --config sumotext.toml", **extra)

    assert (78, "", f"sumotext: {line}\n") == (sent.returncode, sent.stdout, sent.stderr)
    assert checked.returncode == 78
    assert checked.stdout == ""
    assert f"sumotext: {line}" in checked.stderr.splitlines()
    assert all(each.startswith("sumotext: ") for each in checked.stderr.splitlines())
    assert SECRET not in checked.stderr


def test_there_are_at_least_25_wrong_files() -> None:
    """The promise of the rule above."""
    assert len(WRONG) >= 25


@pytest.mark.parametrize("command", ["send 5015551234 a", "config check", "explain 5015551234 a"])
def test_a_misspelt_alias_names_the_closest(command: str) -> None:
    """An alias that is not there: exit 78, and what was probably meant."""
    ended = run(f"{command} --using mian")

    assert ended.returncode == 78
    assert "there is no provider 'mian'; did you mean 'main'?" in ended.stderr


def test_the_schema_describes_what_is_installed() -> None:
    """``config schema`` prints a JSON Schema with every backend that works."""
    schema = json.loads(run("config schema").stdout)

    assert {"backend-fallback", "backend-sumotext-v2"} <= set(schema["$defs"])
    working = [row for row in listing() if row.state == "ok"]
    assert len(working) + 4 == len(schema["$defs"])


@pytest.mark.parametrize("command", ["config", "config chek", "health rest", "backends nul"])
def test_bad_usage_of_a_group_is_exit_2(command: str) -> None:
    """A missing or misspelt subcommand or name: exit 2, nothing on stdout."""
    ended = run(command)

    assert ended.returncode == 2
    assert ended.stdout == ""


# --- health -------------------------------------------------------------------------------------


def test_health_shows_why_since_when_and_until_when() -> None:
    """A provider that is left alone, by its alias."""
    kept(main=left_alone(), backup=Circuit(failures=1, why="TLS", since=1.7e9))
    ended = run("health")

    assert ended.returncode == 0
    assert ended.stdout.startswith(
        "backup\n  state  closed: texts go to it\n  why    1 failure, the last TLS\n  since  2023-"
    )
    assert "main\n  state  open: it is left alone\n  why    5 failures, the last UNREACHABLE\n" in (
        ended.stdout
    )
    assert re.search(
        r"^  until  20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$", ended.stdout, re.MULTILINE
    )


def test_health_says_when_a_probe_is_due() -> None:
    """After the cool-down the next text tries the provider; that is neither open nor closed."""
    kept(main=Circuit(failures=5, open_until=time.time() - 1, why="TIMEOUT", since=1.0))

    assert "state  probe: it was left alone; the next text tries it" in run("health").stdout


def test_health_as_json() -> None:
    """Alias, key, state, failures, why, since and until."""
    kept(main=left_alone())
    shown = told("health")
    (row,) = shown["providers"]

    assert shown["state"] == "shared"
    assert (row["alias"], row["key"], row["state"]) == ("main", "main:00c0ffee", "open")
    assert (row["failures"], row["why"]) == (5, "UNREACHABLE")
    assert row["until"].startswith("20")


@pytest.mark.parametrize("name", ["main", "main:00c0ffee"])
def test_reset_lets_texts_go_again(name: str) -> None:
    """The failures of that alias, or key, are forgotten; others are not."""
    store = kept(main=left_alone(), other=left_alone())
    ended = run(f"health reset {name}")

    assert (0, "") == (ended.returncode, ended.stderr)
    assert "its failures are forgotten" in ended.stdout
    assert {key: circuit.failures for key, circuit in store.read().items()} == {"other:00c0ffee": 5}


def keep_two_accounts() -> SqliteStore:
    """Two accounts of one alias, both with failures."""
    store = kept(main=left_alone())
    store.change("main:0ddba11500000000", lambda _: Circuit(failures=1, why="TLS", since=1.7e9))
    return store


def test_accounts_of_one_alias_are_told_apart() -> None:
    """By the keys that `reset` takes; nothing of their options is shown."""
    keep_two_accounts()
    shown = run("health").stdout

    assert "main (main:00c0ffee)\n  state  open" in shown
    assert "main (main:0ddba11500000000)\n  state  closed" in shown


def test_reset_of_an_alias_is_of_all_its_accounts() -> None:
    """Not of the first one only."""
    store = keep_two_accounts()
    run("health reset main")

    assert {} == store.read()


@pytest.mark.parametrize("line", ["health --check", "health --check --json"])
def test_check_ends_with_1_while_a_provider_is_left_alone(line: str) -> None:
    """From its first moment until a text went through: the end of the cool-down is no recovery."""
    codes = [run(line).returncode]
    for circuit in (
        Circuit(failures=1, why="TLS", since=1.7e9),
        left_alone(),
        Circuit(failures=5, open_until=time.time() - 60, why="TLS", since=1.7e9),
        Circuit(failures=5, open_until=time.time() - 86_500, why="TLS", since=1.7e9),
        Circuit(),
    ):
        kept(main=circuit)
        codes.append(run(line).returncode)

    assert [0, 0, 1, 1, 0, 0] == codes
    kept(main=left_alone())
    assert 0 == run("health").returncode


def test_check_is_not_content_with_a_file_that_cannot_be_used(folder: Path) -> None:
    """What cannot be read is not taken for good health."""
    (folder / "state").mkdir()
    (folder / "state" / "health.sqlite3").symlink_to(folder / "elsewhere")
    ended = run("health --check")

    assert 78 == ended.returncode
    assert "health.sqlite3 cannot be used (it is a symbolic link)" in ended.stderr


def test_reset_of_a_healthy_provider_is_no_error(folder: Path) -> None:
    """An alias without failures: exit 0, and no file is made."""
    ended = run("health reset backup")

    assert ended.returncode == 0
    assert "there were no failures to forget" in ended.stdout
    assert not (folder / "state").exists()


def test_reset_of_an_unknown_name_tells_what_was_meant() -> None:
    """Neither configured nor kept: exit 2, and the closest name."""
    kept(elsewhere=left_alone())
    here, there = run("health reset mian"), run("health reset elswhere")

    assert (2, 2) == (here.returncode, there.returncode)
    assert "did you mean 'main'?" in here.stderr
    assert "did you mean 'elsewhere'?" in there.stderr


def test_health_needs_no_configuration(folder: Path) -> None:
    """What is kept is shown, and can be reset, from any folder."""
    (folder / "sumotext.toml").unlink()
    kept(main=left_alone())

    assert "state  open" in run("health").stdout
    assert run("health reset main").returncode == 0


@pytest.mark.parametrize("command", ["health", "health reset main"])
def test_a_health_file_that_cannot_be_used_is_one_line(command: str, folder: Path) -> None:
    """It is not taken for good health: exit 78, the file, and what to do."""
    (folder / "state").mkdir()
    (folder / "state" / "health.sqlite3").write_text("no database at all, but longer than a header")
    ended = run(command)

    assert ended.returncode == 78
    assert "health.sqlite3 cannot be used (DatabaseError); mend or remove it" in ended.stderr
    assert ended.stderr.count("\n") == 1
    with pytest.raises(StateError):
        kept().read()


@pytest.mark.parametrize(("state", "word"), [("off", "turned off"), ("memory", "of each process")])
def test_health_that_is_not_shared_says_so(state: str, word: str, folder: Path) -> None:
    """Nothing to show is not the same as nothing wrong."""
    (folder / "sumotext.toml").write_text(f'[health]\nstate = "{state}"')
    ended = run("health")

    assert ended.stdout == ""
    assert word in ended.stderr


def test_reset_takes_the_configuration_before_and_after_its_name(folder: Path) -> None:
    """``--config`` is understood in both places."""
    (folder / "other.toml").write_text('[health]\npath = "other.sqlite3"')
    store = SqliteStore(folder / "other.sqlite3")
    for command in (
        "health --config other.toml reset main",
        "health reset --config other.toml main",
    ):
        store.change("main:00c0ffee", lambda _: left_alone())

        assert "forgotten" in run(command).stdout
        assert store.read() == {}


@pytest.mark.parametrize("command", ["config check", f"explain {TO} a"])
def test_an_odd_value_is_a_warning(command: str, folder: Path) -> None:
    """A line on stderr that begins so; the exit code is that of a good configuration."""
    (folder / "sumotext.toml").write_text(CHAIN.replace("ATTUS", "ATT"))
    ended = run(command)

    assert ended.returncode == 0
    assert (
        "sumotext: warning: sumotext.toml: provider 'main': option 'carrier': 'ATT' is not in "
        "SUMOTEXT's list of carriers, of 2014; did you mean 'ATTUS'?\n"
    ) in ended.stderr
    assert told(command)["warnings"]


def warn_of(folder: Path, record: str) -> str:
    """What `config check` says of a provider that looks carriers up, beside such a ledger."""
    lookup = CHAIN.replace('"ATTUS"', '"lookup"')
    assert lookup != CHAIN
    (folder / "sumotext.toml").write_text(f'{lookup}\n[ledger]\nrecord = "{record}"\n')
    ended = run("config check")
    assert ended.returncode == 0
    return ended.stderr


def test_a_look_up_beside_a_ledger_that_is_off_is_a_warning(folder: Path) -> None:
    """None is made then, and each text would end as FAILED. Control: with one it is in order."""
    said = (
        "sumotext: warning: sumotext.toml: provider 'main': option 'carrier': no look-up is made "
        "while [ledger] record is 'off'; set it to 'needed' or 'all'\n"
    )

    assert warn_of(folder, "off").count(said) == 1
    assert [warn_of(folder, record) for record in ("needed", "all")] == ["", ""]


def test_a_listed_carrier_is_not_odd() -> None:
    """Nothing is said of it."""
    assert told("config check")["warnings"] == []
    assert run("config check").stderr == ""


def test_only_exit_codes_that_are_returned_are_printed() -> None:
    """``--help`` lists no code that nothing returns."""
    assert re.findall(r"^ +(\d+)  ", run("send --help").stdout, re.MULTILINE) == (
        ["0", "1", "2", "5", "75", "78"]
    )


def test_the_region_stands_above_the_tables(folder: Path) -> None:
    """In what `config show` prints, as in the file."""
    (folder / "sumotext.toml").write_text('region = "DE"\n[providers]\ndefault = "null://"\n')

    assert run("config show").stdout.startswith('region = "DE"\n\n[providers.default]\n')


@pytest.mark.parametrize("command", ["send", "explain"])
def test_a_flag_says_where_the_number_is_dialled(command: str) -> None:
    """``--region`` counts before the configuration's; a wrong one is told in one line."""
    number, ends = "01712345678", [0, 2, 78]
    flags = ["--region DE", "", "--region Germany"]
    ended = [run(f"{command} {number} hello --using null:// {each}") for each in flags]

    assert ends == [each.returncode for each in ended]
    assert "sumotext: 'region' wants a country's two capital" in ended[2].stderr
    assert 1 == ended[2].stderr.count("\n")
    assert not any(number in each.stdout + each.stderr for each in ended)


def test_a_rehearsal_reads_the_number_there() -> None:
    """``--dry-run`` makes the request for the number that a send would go to."""
    ended = run(
        "send --dry-run --region DE 01712345678 a --using kannel://u:p@1?base_url=http://127.0.0.1"
    )

    assert 0 == ended.returncode
    assert "DRY RUN" in ended.stdout
