"""Number and text of a message: as arguments, from standard input, or from a file."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from command_cases import CURLY
from commandline import PRIVATE, TEXT, TO, sumotext
from hypothesis import given
from hypothesis import strategies as st

from sumotext_backend.redact import mask
from sumotext_backend.render.texts import decode, read_message

pytestmark = pytest.mark.once


def read_from(stdin: bytes, to: str, text: str) -> tuple[str, str]:
    """What ``to`` and ``text`` stand for, where ``stdin`` is standard input."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        return read_message(to, text)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"], ids=["none", "lf", "crlf"])
def test_a_text_on_stdin_loses_one_line_end(end: bytes) -> None:
    """``-`` reads the text from standard input, without the line end that ``echo`` adds."""
    ended = sumotext("segments", "--json", "-", stdin=f"{CURLY}\n{CURLY}".encode() + end)

    assert json.loads(ended.stdout)["units"] == 9


def test_the_number_may_come_from_standard_input() -> None:
    """``send - TEXT``: nobody sees the number in the list of processes."""
    ended = sumotext("send", "--sandbox", "--json", "-", TEXT, stdin=f" {TO} \n".encode())

    assert ended.returncode == 0
    assert json.loads(ended.stdout)["to"] == TO


def test_the_number_may_come_from_a_file(tmp_path: Path) -> None:
    """``send @FILE TEXT``, with the text on standard input or as an argument."""
    file = tmp_path / "number"
    file.write_text(f"{TO}\n")
    ended = sumotext("send", "--sandbox", "--json", f"@{file}", "-", stdin=TEXT.encode())
    told = json.loads(ended.stdout)

    assert (TO, "ACCEPTED", 1) == (told["to"], told["outcome"], told["segments"])


@pytest.mark.parametrize("end", ["", "\n"])
def test_number_and_text_may_both_come_from_standard_input(end: str) -> None:
    """The first line is the number, all the rest is the text."""
    message = read_from(f"{TO}\nfirst line\n\nthird line{end}".encode(), "-", "-")

    assert (TO, "first line\n\nthird line") == message


def test_a_message_in_arguments_is_as_it_is_written() -> None:
    """Only ``-`` and, for a number, ``@`` mean something else; standard input is not touched."""
    assert (f" {TO}", "@home - 5") == read_from(b"", f" {TO}", "@home - 5")


def test_explain_reads_them_as_send_does() -> None:
    """What is planned is what would be sent."""
    ended = sumotext("explain", "--using", "null://", "-", "-", stdin=f"{TO}\n{TEXT}".encode())

    assert ended.returncode == 0
    assert mask(TO) in ended.stdout


@pytest.mark.parametrize(
    ("to", "stdin", "words"),
    [
        ("@/no/such/file/5015559876", b"", "cannot be read (No such file or directory)"),
        ("@/", b"", "cannot be read (Is a directory)"),
        ("@", b"", "cannot be read"),
        ("-", b"\xff\xfe", "the number on standard input is not UTF-8"),
        ("-", b"", "empty"),
        ("-", b"canary", "not a phone number"),
        ("-", b"1" * 1_000_001, "is longer than any text message"),
    ],
)
def test_a_number_that_cannot_be_read_is_one_line(to: str, stdin: bytes, words: str) -> None:
    """Exit 2; neither what was read nor what was taken for a file's name is shown."""
    ended = sumotext("send", "--sandbox", to, TEXT, stdin=stdin)

    assert ended.returncode == 2
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not any(private in ended.stderr for private in PRIVATE)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_a_text_loses_at_most_one_line_end(text: str) -> None:
    """Whatever is on standard input is the text, but for one line end at its end."""
    body = text.encode()

    assert decode(body, "it") in (text, text.removesuffix("\n").removesuffix("\r"))
    assert decode(body + b"\n", "it") in (text, text.removesuffix("\r"))
