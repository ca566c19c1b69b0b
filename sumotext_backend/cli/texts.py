"""The text of a message, as an argument or from standard input."""

from __future__ import annotations

import sys
from typing import Final

import click

LARGEST: Final = 1_000_000
"""Bytes; the longest concatenated text message is below 40 000."""


def given(text: str) -> str:
    """``text`` itself; for ``-``, standard input as UTF-8 without one line end at its end.

    Raises `click.UsageError` for what is no UTF-8 or longer than any text message.
    """
    if text != "-":
        return text
    return decoded(sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b"")


def decoded(body: bytes) -> str:
    """``body`` as text, without one line end at its end. Raises `click.UsageError`."""
    if len(body) > LARGEST:
        raise click.UsageError("the text on standard input is longer than any text message")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise click.UsageError("the text on standard input is not UTF-8")
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text
