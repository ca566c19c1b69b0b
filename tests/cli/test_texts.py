"""The text of a message, from standard input."""

from __future__ import annotations

import json

import pytest
from command_cases import CURLY
from commandline import sumotext

pytestmark = pytest.mark.once


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"], ids=["none", "lf", "crlf"])
def test_a_text_on_stdin_loses_one_line_end(end: bytes) -> None:
    """``-`` reads the text from standard input, without the line end that ``echo`` adds."""
    ended = sumotext("segments", "--json", "-", stdin=f"{CURLY}\n{CURLY}".encode() + end)

    assert json.loads(ended.stdout)["units"] == 9
