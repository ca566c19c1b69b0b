"""The ``sumotext`` command, run as its users run it: one text, the sandbox, segments, help."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from commandline import COMMAND, KEYWORD, PRIVATE, TEXT, TO, environment, spawned, sumotext

pytest.importorskip("click", reason="the extra cli is not installed")

from sumotext_backend.cli import report
from sumotext_backend.cli.app import usage
from sumotext_backend.cli.commands.simulate import dsn_to
from sumotext_backend.cli.dry_run import ShownRequest, show
from sumotext_backend.cli.exits import TABLE, Exit, exit_code
from sumotext_backend.http import Request
from sumotext_backend.models import Outcome, Reason, SendResult
from sumotext_backend.redact import mask
from sumotext_backend.simulator import MAGIC, Magic, magic_text

pytestmark = pytest.mark.once

CURLY = "it\N{RIGHT SINGLE QUOTATION MARK}s"


@pytest.fixture
def gateway() -> Iterator[socket.socket]:
    """A listening socket on loopback that nobody answers at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        yield server


def dsn(server: socket.socket, carrier: str = "&carrier=ATTUS") -> str:
    """The DSN of an account at ``server``."""
    port = server.getsockname()[1]
    return f"sumotext://74700/{KEYWORD}?base_url=http://127.0.0.1:{port}{carrier}"


def was_called(server: socket.socket) -> bool:
    """Whether anybody connected to ``server``."""
    server.setblocking(False)
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def result(reason: Reason | None = None, **fields: Any) -> SendResult:
    """A result of the outcome that ``reason`` belongs to."""
    outcome = reason.outcome if reason else Outcome.ACCEPTED
    return SendResult(backend="sumotext", to=TO, outcome=outcome, reason=reason, **fields)


# --- sending ------------------------------------------------------------------------------------


def test_the_sandbox_needs_no_account_and_no_set_up() -> None:
    """``send --sandbox`` accepts a text: exit 0, the id, the segments, the number masked."""
    ended = spawned("send", "--sandbox", TO, TEXT)

    assert ended.returncode == 0
    assert ended.stdout.startswith("ACCEPTED\n")
    assert "  id        " in ended.stdout
    assert "  to        •••9876\n" in ended.stdout
    assert "  segments  1 (GSM-7, 23 units, room for 137 more)\n" in ended.stdout
    assert TO not in ended.stdout
    assert TEXT not in ended.stdout
    assert ended.stderr == ""


def test_json_is_one_object_with_the_number_in_full() -> None:
    """``--json`` prints one object with what a program needs."""
    ended = sumotext("send", "--sandbox", "--json", TO, TEXT)
    told = json.loads(ended.stdout)

    assert ended.returncode == 0
    assert told["outcome"] == "ACCEPTED"
    assert told["reason"] is None
    assert len(told["message_id"]) == 36
    assert told["to"] == TO
    assert told["backend"] == "sumotext"
    assert told["segments"] == 1
    assert told["encoding"] == "GSM-7"
    assert told["attempts"] == []
    assert told["sandbox"] is True
    assert TEXT not in ended.stdout


def test_the_sandbox_takes_the_options_of_a_dsn_but_not_its_address(
    gateway: socket.socket,
) -> None:
    """With ``--sandbox`` a DSN's text goes to the simulator and nowhere else."""
    ended = sumotext("send", "--sandbox", TO, TEXT, SMS_DSN=dsn(gateway))

    assert ended.returncode == 0
    assert not was_called(gateway)


def test_the_sandbox_stands_in_for_sumotext_only() -> None:
    """A DSN whose scheme is unknown is an error in the sandbox too."""
    ended = sumotext("send", "--sandbox", "--dsn", "sumotxt://74700/SUMO", TO, TEXT)

    assert ended.returncode == 78
    assert "did you mean 'sumotext'?" in ended.stderr


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"], ids=["none", "lf", "crlf"])
def test_a_text_on_stdin_loses_one_line_end(end: bytes) -> None:
    """``-`` reads the text from standard input, without the line end that ``echo`` adds."""
    ended = sumotext("segments", "--json", "-", stdin=f"{CURLY}\n{CURLY}".encode() + end)

    assert json.loads(ended.stdout)["units"] == 9


def test_send_reads_stdin_too() -> None:
    """``send TO -`` sends what is on standard input."""
    ended = spawned("send", "--sandbox", "--json", TO, "-", stdin=CURLY.encode())

    assert ended.returncode == 0
    assert json.loads(ended.stdout)["encoding"] == "UCS-2"


def test_the_environment_names_the_provider(gateway: socket.socket) -> None:
    """``$SMS_DSN`` is used where no ``--dsn`` is given."""
    ended = spawned("send", "--timeout", "0.3", TO, TEXT, SMS_DSN=dsn(gateway))

    assert ended.returncode == 5
    assert was_called(gateway)


def test_a_route_that_is_down_is_safe_to_retry() -> None:
    """Nothing listens: ``FAILED``, exit 75, and the advice to retry."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = dsn(server)
    ended = sumotext("send", "--dsn", closed, TO, TEXT)

    assert ended.returncode == 75
    assert ended.stdout.startswith("FAILED (UNREACHABLE)\n")
    assert "  next      safe to retry" in ended.stdout


def test_no_answer_until_the_deadline_is_unknown(gateway: socket.socket) -> None:
    """``--timeout`` bounds the send; what was on the wire by then may not be resent."""
    ended = sumotext("send", "--dsn", dsn(gateway), "--timeout", "0.3", TO, TEXT)

    assert ended.returncode == 5
    assert ended.stdout.startswith("UNKNOWN (TIMEOUT)\n")
    assert "  next      do not resend" in ended.stdout


def test_the_carrier_may_be_given_with_the_message() -> None:
    """``--carrier`` serves a DSN that has none."""
    without = sumotext("send", "--sandbox", "--dsn", "sumotext://74700/SUMO", TO, TEXT)
    given = sumotext(
        "send", "--sandbox", "--dsn", "sumotext://74700/SUMO", "--carrier", "VZWUS", TO, TEXT
    )

    assert without.returncode == 78
    assert "--carrier CODE" in without.stderr
    assert given.returncode == 0


# --- a dry run ----------------------------------------------------------------------------------


def test_a_dry_run_shows_the_request_and_sends_nothing(gateway: socket.socket) -> None:
    """Method, host, path and names of the query are shown, none of its values."""
    ended = sumotext("send", "--dry-run", "--dsn", dsn(gateway), TO, TEXT)

    assert ended.returncode == 0
    assert "DRY RUN: nothing was sent" in ended.stdout
    assert "/secure/sumoSend.aspx?mobile=…&carrier=…&shortcode=…&key=…&msg=…" in ended.stdout
    assert f"GET http://127.0.0.1:{gateway.getsockname()[1]}/" in ended.stdout
    assert not any(private in ended.stdout for private in (TO, "canary", "CANARY"))
    assert not was_called(gateway)


def test_a_dry_run_as_json_has_no_outcome(gateway: socket.socket) -> None:
    """``--dry-run --json`` prints the same keys, with null for what only a send could tell."""
    ended = sumotext("send", "--dry-run", "--json", "--dsn", dsn(gateway), TO, TEXT)
    told = json.loads(ended.stdout)

    assert told["dry_run"] is True
    assert told["outcome"] is None
    assert told["message_id"] is None
    assert told["segments"] == 1
    assert told["request"]["method"] == "GET"
    assert told["request"]["parameters"] == ["mobile", "carrier", "shortcode", "key", "msg"]
    assert not was_called(gateway)


def test_a_dry_run_finds_what_a_send_would_refuse(gateway: socket.socket) -> None:
    """Bad input has the same exit code in a dry run."""
    ended = sumotext("send", "--dry-run", "--dsn", dsn(gateway), "501-555-CALL", TEXT)

    assert ended.returncode == 2
    assert not was_called(gateway)


def test_a_post_is_shown_with_its_size() -> None:
    """A request with a body is shown as a POST of so many bytes."""
    shown = show("https://gateway.example/", Request(target="/v2/send", method="POST", body=b"{}"))

    assert shown == ShownRequest("POST", "https://gateway.example/v2/send", (), 2)


# --- bad input ----------------------------------------------------------------------------------

# Port 9 is closed: whatever is not refused before it is sent ends with 75.
LOCAL = ["--dsn", f"sumotext://74700/{KEYWORD}?carrier=ATTUS&base_url=http://127.0.0.1:9"]
BAD_INPUT = {
    "unknown scheme": (78, ["--dsn", f"sumotxt://74700/{KEYWORD}", TO, TEXT]),
    "no DSN at all": (78, ["--dsn", f"74700/{KEYWORD}", TO, TEXT]),
    "missing short code": (78, ["--dsn", f"sumotext:///{KEYWORD}", TO, TEXT]),
    "missing keyword": (78, ["--dsn", "sumotext://74700", TO, TEXT]),
    "unknown option": (78, ["--dsn", f"sumotext://74700/{KEYWORD}?carier=A", TO, TEXT]),
    "bad option": (78, ["--dsn", f"sumotext://74700/{KEYWORD}?timeout=soon", TO, TEXT]),
    "bad carrier": (78, [*LOCAL, "--carrier", "canary carrier", TO, TEXT]),
    "plain http": (78, ["--dsn", "sumotext://74700/A?base_url=http://a.example", TO, TEXT]),
    "number with letters": (2, [*LOCAL, "501-555-9876x", TEXT]),
    "number with an extension": (2, [*LOCAL, f"{TO} ext 12", TEXT]),
    "empty number": (2, [*LOCAL, "", TEXT]),
    "number abroad": (2, [*LOCAL, "+44 20 7946 9876", TEXT]),
    "empty text": (2, [*LOCAL, TO, ""]),
    "lone surrogate": (2, [*LOCAL, TO, b"canary \xff"]),
    "long text": (2, [*LOCAL, TO, "canary " * 430]),
    "bad sender": (2, [*LOCAL, "--sender", "canary", TO, TEXT]),
    "no arguments": (2, []),
    "no text": (2, [TO]),
    "unquoted text": (2, [*LOCAL, TO, "canary", "canary"]),
    "number and text swapped": (2, [*LOCAL, TEXT, TO]),
    "text like an option": (2, [*LOCAL, TO, "--canary"]),
    "text like a short option": (2, [*LOCAL, TO, "-canary"]),
    "misspelt option": (2, ["--sandbx", TO, TEXT]),
    "option without its value": (2, [TO, TEXT, "--dsn"]),
    "flag with a value": (2, [f"--json={TEXT}", TO, TEXT]),
    "timeout in words": (2, ["--timeout", "canary", TO, TEXT]),
    "timeout of nothing": (2, ["--timeout", "0", TO, TEXT]),
    "timeout not a number": (2, ["--timeout", "nan", TO, TEXT]),
    "timeout without end": (2, ["--timeout", "inf", TO, TEXT]),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_one_line_that_shows_nothing_private(case: str) -> None:
    """Bad input ends with exit 2 or 78 and one line on stderr, without number, text, keyword."""
    code, args = BAD_INPUT[case]
    ended = sumotext("send", *args)

    assert ended.returncode == code
    assert ended.stdout == ""
    assert ended.stderr.startswith("sumotext: ")
    assert ended.stderr.count("\n") == 1
    assert not any(private in ended.stderr for private in PRIVATE)


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


@pytest.mark.parametrize("text", ["", "x" * 3000], ids=["empty", "long"])
def test_bad_input_sends_nothing(gateway: socket.socket, text: str) -> None:
    """What is refused here does not reach the gateway."""
    ended = sumotext("send", "--dsn", dsn(gateway), TO, text)

    assert ended.returncode == 2
    assert not was_called(gateway)


@pytest.mark.parametrize(
    ("reason", "code", "args"),
    [
        ("INVALID_RECIPIENT", 2, ["501-555-CALL", TEXT]),
        ("INVALID_MESSAGE", 2, [TO, ""]),
        ("INVALID_MESSAGE", 2, [TO, b"\xff"]),
        ("UNSUPPORTED", 2, [TO, "x" * 3000]),
        ("CONFIGURATION", 78, ["--carrier", "a b", TO, TEXT]),
    ],
)
def test_json_holds_the_verdict_of_bad_input_too(reason: str, code: int, args: list[str]) -> None:
    """With ``--json`` the object is printed whatever the exit code."""
    ended = sumotext("send", *LOCAL, "--json", *args)

    assert ended.returncode == code
    assert json.loads(ended.stdout)["reason"] == reason
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("body", [b"\xff\xfe", b"x" * 1_000_001], ids=["no UTF-8", "too long"])
def test_stdin_that_is_no_text_is_refused(body: bytes) -> None:
    """What is not UTF-8, or longer than any text message, ends with exit 2 and one line."""
    ended = sumotext("send", *LOCAL, TO, "-", stdin=body)

    assert ended.returncode == 2
    assert "the text on standard input is" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_no_provider_says_what_to_set_and_names_the_sandbox() -> None:
    """Without configuration: exit 78, what to set, and how to try it without an account."""
    ended = sumotext("send", TO, TEXT)

    assert ended.returncode == 78
    assert ended.stderr.count("\n") == 1
    assert "SMS_DSN" in ended.stderr
    assert "--dsn" in ended.stderr
    assert "--sandbox" in ended.stderr


# --- broken off ---------------------------------------------------------------------------------


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start the command; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*args: str) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        started.append(
            subprocess.Popen(
                [*COMMAND, *args], stdin=pipe, stdout=pipe, stderr=pipe, env=environment()
            )
        )
        return started[-1]

    yield begin
    for process in started:
        with process:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_ctrl_c_during_a_send_says_not_to_resend(
    number: signal.Signals, gateway: socket.socket, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """Broken off once the request left: exit 5 and one line, as the text may have been sent."""
    process = start("send", "--dsn", dsn(gateway), TO, TEXT)
    connection, _ = gateway.accept()
    with connection:
        connection.recv(65536)
        process.send_signal(number)
        _, told = process.communicate(timeout=20)

    assert process.returncode == 5
    assert b"interrupted: the text may have been sent; do not resend" in told
    assert b"Traceback" not in told
    assert not any(private.encode() in told for private in PRIVATE)


def test_ctrl_c_before_a_send_says_that_nothing_was_sent(
    gateway: socket.socket, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """Ctrl-C while the text is still being read: exit 75, safe to retry."""
    process = start("send", "--dsn", dsn(gateway), TO, "-")
    assert process.stdin
    process.stdin.write(b"x" * 200_000)  # more than a pipe holds: it is being read
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)

    assert process.returncode == 75
    assert b"interrupted: surely not sent" in told
    assert b"Traceback" not in told
    assert not was_called(gateway)


def test_ctrl_c_while_the_command_starts_is_no_traceback() -> None:
    """Whatever Ctrl-C finds half imported: exit 75 and one line."""
    code = (
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'click': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from sumotext_backend.cli import main; sys.exit(main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 75
    assert ended.stderr == "sumotext: interrupted: surely not sent; safe to retry\n"


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


# --- the simulator ------------------------------------------------------------------------------


CODES = {Outcome.ACCEPTED: 0, Outcome.REJECTED: 1, Outcome.FAILED: 75, Outcome.UNKNOWN: 5}


@pytest.mark.parametrize("magic", MAGIC, ids=lambda magic: magic.name)
def test_every_magic_number_has_the_exit_code_of_its_outcome(magic: Magic) -> None:
    """A send to a magic number ends as the table says, in the object and in the exit code."""
    seconds = "5" if magic.reason is not Reason.TIMEOUT else "0.5"
    ended = sumotext("send", "--sandbox", "--json", "--timeout", seconds, magic.number, TEXT)

    assert ended.returncode == CODES[magic.outcome], ended.stderr
    assert ended.stderr == ""

    told = json.loads(ended.stdout)

    assert told["reason"] == magic.reason
    assert told["outcome"] == magic.outcome


def test_the_magic_numbers_are_in_the_help() -> None:
    """``simulate --help`` shows each number, how it ends and what happens."""
    ended = sumotext("simulate", "--help")

    assert ended.returncode == 0
    assert all(f"  {line}\n" in ended.stdout for line in magic_text().splitlines())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_simulate_prints_its_url_serves_and_ends_with_ctrl_c(
    number: signal.Signals, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """The URL is the first line of stdout, the DSN on stderr can be sent to, Ctrl-C is exit 0."""
    process = start("simulate", "--port", "0")
    assert process.stdout
    url = process.stdout.readline().decode().strip()
    ours = f"sumotext://74700/SUMO?carrier=ATTUS&base_url={url}"
    sent = sumotext("send", TO, TEXT, SMS_DSN=ours)
    process.send_signal(number)
    _, told = process.communicate(timeout=20)

    assert sent.returncode == 0
    assert process.returncode == 0
    assert f"export SMS_DSN='{ours}'" in told.decode()
    assert b"Traceback" not in told
    assert TO.encode() not in told
    assert b"canary" not in told


def test_a_port_in_use_is_one_line(gateway: socket.socket) -> None:
    """``simulate`` on a port that is taken: exit 78, and what to do."""
    ended = sumotext("simulate", "--port", str(gateway.getsockname()[1]))

    assert ended.returncode == 78
    assert "--port 0" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["canary", "-1", "65536", "1.5"])
def test_a_port_is_a_number(port: str) -> None:
    """A port that cannot be is a usage error."""
    ended = sumotext("simulate", "--port", port)

    assert ended.returncode == 2
    assert not any(private in ended.stderr for private in PRIVATE)


@pytest.mark.parametrize(("host", "mend"), [("192.0.2.1", "--allow-remote"), ("x", "127.0.0.1")])
def test_a_simulator_for_others_is_only_for_who_asks(host: str, mend: str) -> None:
    """An address that other machines may reach, or that is none, is exit 78 and one line."""
    ended = sumotext("simulate", "--port", "0", "--host", host)

    assert ended.returncode == 78
    assert mend in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_simulator_for_others_has_a_dsn_that_allows_plain_http() -> None:
    """A DSN to another address than loopback says that plain http is meant."""
    assert dsn_to("http://192.0.2.1:80").endswith("&allow_plain_http=true")
    assert dsn_to("http://[::1]:80").endswith("base_url=http://[::1]:80")
    assert dsn_to("http://localhost:80").endswith("base_url=http://localhost:80")


# --- segments -----------------------------------------------------------------------------------


def test_segments_of_a_plain_text() -> None:
    """Encoding, units, segments and the room left are shown; the text is not."""
    ended = sumotext("segments", "a" * 161)

    assert ended.returncode == 0
    assert ended.stdout == (
        "2 segments\n"
        "  encoding   GSM-7\n"
        "  units      161 septets\n"
        "  room left  145 septets in the last segment\n"
    )


def test_segments_name_the_characters_that_forced_ucs_2() -> None:
    """Each character that GSM-7 lacks is named once, with its code point."""
    ended = spawned("segments", "-", stdin=f"{CURLY} \N{GRINNING FACE} {CURLY}\n".encode())

    assert "U+2019 RIGHT SINGLE QUOTATION MARK" in ended.stdout
    assert "U+1F600 GRINNING FACE" in ended.stdout
    assert ended.stdout.count("forced by") == 2


def test_segments_as_json() -> None:
    """``--json`` holds the same, for a program."""
    told = json.loads(sumotext("segments", "--json", CURLY).stdout)
    quote = {"character": CURLY[2], "code_point": "U+2019", "name": "RIGHT SINGLE QUOTATION MARK"}

    assert told == {
        "segments": 1,
        "encoding": "UCS-2",
        "units": 4,
        "units_left": 66,
        "forced_by": [quote],
    }


def test_a_text_that_no_encoding_can_carry_has_no_segments() -> None:
    """A lone surrogate ends with exit 2 and one line."""
    ended = sumotext("segments", b"canary \xff")

    assert ended.returncode == 2
    assert "lone surrogate" in ended.stderr
    assert not any(private in ended.stderr for private in PRIVATE)


# --- the command itself -------------------------------------------------------------------------


@pytest.mark.parametrize("args", [["--help"], ["send", "--help"]])
def test_the_exit_codes_are_in_the_help(args: list[str]) -> None:
    """Every exit code and its meaning stands in ``--help``."""
    ended = sumotext(*args)

    assert ended.returncode == 0
    assert all(line.strip() in ended.stdout for line in TABLE.splitlines())


def test_a_group_of_another_package_that_is_called_alone_is_one_line() -> None:
    """The whole help that click raises for it is not an error message."""
    import click

    assert usage(click.UsageError("Usage: sumotext apprise\n\nCommands:")) == "a command is missing"


@pytest.mark.parametrize("code", Exit)
def test_the_exit_codes_are_in_the_documentation(code: Exit) -> None:
    """The page of the command has the same number with the same meaning."""
    page = Path(__file__).parents[2] / "docs" / "reference" / "command.md"

    assert f"| {code.value} | {code.words}" in page.read_text(encoding="utf-8")


def test_without_a_command_the_help_goes_to_stderr() -> None:
    """``sumotext`` alone is a usage error: exit 2, nothing on stdout."""
    ended = sumotext()

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "Commands:" in ended.stderr


def test_the_version_is_that_of_the_distribution() -> None:
    """``--version`` prints name and version."""
    from importlib.metadata import version

    assert sumotext("--version").stdout == f"sumotext, version {version('sumotext-backend')}\n"


def test_help_does_not_import_what_only_a_send_needs() -> None:
    """``--help`` is quick: neither the HTTP client nor the simulator's server is imported."""
    code = (
        "import sys; from sumotext_backend.cli import main; sys.argv = ['sumotext', '--help'];"
        "main(); print(sorted({'requests', 'urllib3', 'starlette', 'uvicorn'} & {*sys.modules}))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert ended.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("module", ["click", "uvicorn"])
def test_a_missing_extra_names_what_to_install(module: str) -> None:
    """Without the extra: exit 78 and the exact pip command, in one line."""
    code = (
        f"import sys; sys.modules[{module!r}] = None; from sumotext_backend.cli import main;"
        "sys.argv = ['sumotext', 'send', '--sandbox', '5015551234', 'a']; sys.exit(main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 78
    assert "pip install 'sumotext-backend[cli]'" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_shells_can_complete_it() -> None:
    """``_SUMOTEXT_COMPLETE`` gives the commands that begin with what was typed."""
    ended = spawned(_SUMOTEXT_COMPLETE="bash_complete", COMP_WORDS="sumotext se", COMP_CWORD="1")

    assert ended.stdout.split() == ["plain,segments", "plain,send"]


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


# --- pure functions -----------------------------------------------------------------------------


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_an_exit_code_that_fits_its_outcome(reason: Reason) -> None:
    """UNKNOWN is always 5, REJECTED never "safe to retry", FAILED never 0, 1 or 5."""
    allowed = {
        Outcome.REJECTED: {Exit.REJECTED, Exit.USAGE},
        Outcome.FAILED: {Exit.NOT_SENT, Exit.USAGE, Exit.CONFIGURATION},
        Outcome.UNKNOWN: {Exit.UNKNOWN},
    }

    assert exit_code(result(reason)) in allowed[reason.outcome]


def test_accepted_is_the_only_exit_code_0() -> None:
    """Exit 0 says that the provider took the text."""
    assert exit_code(result(message_id="an id")) == 0
    assert all(exit_code(result(reason)) != 0 for reason in Reason)


def test_a_summary_shows_the_trail_of_a_chain() -> None:
    """Each attempt of a provider is a line: alias, outcome, reason, duration and detail."""
    first = result(Reason.UNREACHABLE, provider="main", duration=0.0123, detail="no connection")
    inner = result(Reason.THROTTLED, provider="backup", duration=2.34)
    chain = attrs.evolve(inner, attempts=(inner,))
    last = attrs.evolve(inner, attempts=(first, chain), retry_after=30.0, detail="too many")
    words = report.summary(last, report.cut(TEXT), "backup")

    assert words.splitlines() == [
        "FAILED (THROTTLED)",
        f"  to        {mask(TO)}",
        "  segments  1 (GSM-7, 23 units, room for 137 more)",
        "  backend   backup",
        "  tried     main (sumotext): FAILED (UNREACHABLE) after 12 ms; no connection",
        "  tried     backup (sumotext): FAILED (THROTTLED) after 2.3 s",
        "  detail    too many",
        "  next      safe to retry: the text was surely not sent, after 30 s",
    ]
