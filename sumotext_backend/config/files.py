"""Configuration files and files of secrets, read with errors that a person can act on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from sumotext_backend.exceptions import ConfigurationError

LARGEST: Final = 1_000_000
"""Bytes that are read of a file; a configuration or a secret has fewer."""


def text_of(path: Path, where: str) -> str:
    """The text of the file ``path``.

    Raises `ConfigurationError` that begins with ``where`` for a file that cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) <= LARGEST:
            return content.decode("utf-8-sig")
        why = f"it has more than {LARGEST} bytes"
    except OSError as error:
        why = error.strerror or type(error).__name__
    except ValueError:
        why = "it is not UTF-8 text"
    raise ConfigurationError(f"{where} cannot be read: {why}")


def toml_of(path: Path, name: str) -> dict[str, Any]:
    """The tables of the TOML file ``path``; errors call it ``name``.

    Raises `ConfigurationError` with line and column for what is no TOML.
    """
    import tomllib

    text = text_of(path, name)
    try:
        return tomllib.loads(text)
    except RecursionError:
        wrong = "it is nested too deeply"
    except ValueError as error:
        wrong = str(error)
    raise ConfigurationError(f"{name} is no valid TOML{_place(wrong)}")


def _place(wrong: str) -> str:
    """``": Invalid value, line 3, column 5"``; without the words where they quote the file."""
    match = re.fullmatch(r"(?P<words>.*?)(?: \(at (?P<place>[a-z0-9 ,]+)\))?", wrong, re.DOTALL)
    words = match["words"] if match and not re.search(r"['\"\n]", match["words"]) else ""
    place = match["place"] if match else ""
    return ": " + ", ".join(part for part in (words, place) if part) if words or place else ""
