"""A list of numbers as text: from a file or from standard input, as spreadsheets save it."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from sumotext_backend.render.texts import InputError

_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Watch = Callable[[BinaryIO, Iterator[str]], Iterator[str]]
"""Lets lines through, and may look how far their file was read."""


def read_lines(path: str, watch: Watch | None = None) -> Iterator[str]:
    """The lines of the file, with their ends; ``-`` is standard input.

    It is UTF-8, or UTF-16 with its mark. ``watch`` is asked where it is a file.
    Raises `InputError`.
    """
    try:
        if path == "-":
            yield from _decode(sys.stdin.buffer) if sys.stdin else ()
            return
        with Path(path).open("rb") as file:
            lines = _decode(file)
            yield from watch(file, lines) if watch else lines
    except OSError as error:
        wrong = error.strerror or type(error).__name__
    except UnicodeError:
        wrong = "it is neither UTF-8 nor UTF-16; save it as CSV in UTF-8"
    else:
        return
    raise InputError(f"the list cannot be read ({wrong})")


def _decode(file: BinaryIO) -> Iterator[str]:
    buffered = io.BufferedReader(cast("io.RawIOBase", file))
    encoding = "utf-16" if buffered.peek(2)[:2] in _UTF16 else "utf-8-sig"
    return io.TextIOWrapper(buffered, encoding, newline="")
