"""Data to stdout, messages to stderr; neither can change the exit code."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping

import click


def put(text: str) -> None:
    """Print ``text`` to stdout.

    Where that fails (a full disk, a pipe that nobody reads), say so: the exit code still tells
    what became of the text.
    """
    if sys.stdout is None:
        return
    try:
        click.echo(text)
        sys.stdout.flush()
    except OSError as error:
        why = error.strerror or type(error).__name__
        # Python would fail again, with an exit code of its own, when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        say(f"the output could not be written ({why})")


def put_json(fields: Mapping[str, object]) -> None:
    """Print one object to stdout, in ASCII."""
    put(json.dumps(fields))


def say(text: str) -> None:
    """Print a message to stderr, as one line."""
    with contextlib.suppress(OSError):
        click.echo(f"sumotext: {text}", err=True)


def forgive_encoding() -> None:
    """Let stdout and stderr escape what their encoding lacks instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
