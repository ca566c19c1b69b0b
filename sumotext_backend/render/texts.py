"""Number and text of a message: as arguments, from standard input, or from a file.

What is an argument, every user of the machine can read in the list of processes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sumotext_backend.msisdn import Msisdn

MAX_BYTES: Final = 1_000_000
"""The longest concatenated text message is below 40 000."""


class InputError(ValueError):
    """What was to be read is not there, or is not text; the message never holds it."""


def read_message(to: str, text: str) -> tuple[str, str]:
    """The number and the text that ``to`` and ``text`` stand for.

    ``-`` is standard input; where both are, its first line is the number and the rest the text.
    ``to`` may also be ``@FILE``, a file that holds the number. Raises `InputError`.
    """
    if to == text == "-":
        number, _, rest = read_text("-").partition("\n")
        return number.strip(), rest
    return read_number(to), read_text(text)


def read_numbers(given: Iterable[str]) -> list[Msisdn]:
    """The numbers that ``given`` stand for, each once, in their order.

    ``-`` is standard input, one number a line; ``@FILE`` is a file that holds them so.
    Raises `InputError`, also for what is not a number; it shows none.
    """
    lines = [line for each in given for line in read_number(each).splitlines()]
    found = [_parse(line, place) for place, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise InputError("no number was given")
    return list(dict.fromkeys(found))


def _parse(line: str, place: int) -> Msisdn:
    from sumotext_backend.msisdn import InvalidNumberError, parse

    try:
        return parse(line)
    except InvalidNumberError as error:
        wrong = str(error)
    raise InputError(f"number {place}: {wrong}")


def read_text(text: str) -> str:
    """``text`` itself; for ``-``, standard input as UTF-8 without one line end at its end.

    Raises `InputError` for what is not UTF-8 or longer than any text message.
    """
    return text if text != "-" else decode(_read_stdin(), "the text on standard input")


def decode(body: bytes, what: str) -> str:
    """``body`` as text, without one line end at its end; ``what`` it is, for errors.

    Raises `InputError`.
    """
    if len(body) > MAX_BYTES:
        raise InputError(f"{what} is longer than any text message")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise InputError(f"{what} is not UTF-8")
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


def read_number(to: str) -> str:
    """The number that ``to`` stands for: itself, ``-`` standard input, ``@FILE`` a file.

    Raises `InputError`.
    """
    if to == "-":
        return decode(_read_stdin(), "the number on standard input").strip()
    if to.startswith("@"):
        return decode(_read_file(to[1:]), "the number in the file").strip()
    return to


def _read_stdin() -> bytes:
    return sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin else b""


def _read_file(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
    # Without its name, which may be a number that was mistaken for a file's.
    raise InputError(f"the file with the number, after the @, cannot be read ({why})")
