"""``sumotext send`` with what cannot be sent: one line, and nothing private in it."""

from __future__ import annotations

import json
import socket

import pytest
from command_cases import dsn, was_called
from commandline import KEYWORD, PRIVATE, TEXT, TO, sumotext

pytestmark = pytest.mark.once


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


@pytest.mark.parametrize("number", ["123", "501-555-9876x", "+44 20 7946 9876"])
def test_a_wrong_number_is_told_to_be_about_the_number(number: str) -> None:
    """The line names what is to be mended, which may be the text as well."""
    ended = sumotext("send", *LOCAL, number, TEXT)

    assert ended.returncode == 2
    assert ended.stderr.startswith("sumotext: the number")
