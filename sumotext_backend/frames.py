"""Exceptions without our frames: trackers of errors and debug pages show the locals of each."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from sumotext_backend.exceptions import SmsError

P = ParamSpec("P")
T = TypeVar("T")

_RAISED_AT: Final = "raised at "


def hide_frames(function: Callable[P, T]) -> Callable[P, T]:
    """Let what ``function`` raises leave it without the frames inside, which hold private values.

    What is not an error of this package keeps a note of where it was raised: file and line.
    """

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - a time-out raises SystemExit
            raised = strip(error)
        del args, kwargs
        raise raised

    return call


def strip(error: BaseException) -> BaseException:
    """``error`` without its traceback and without what it came from, which have frames, too."""
    frames = traceback.extract_tb(error.__traceback__)
    told = isinstance(error, SmsError) or any(map(_is_ours, getattr(error, "__notes__", ())))
    if frames and not told:
        error.add_note(f"{_RAISED_AT}{frames[-1].filename}:{frames[-1].lineno}")
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _is_ours(note: str) -> bool:
    return note.startswith(_RAISED_AT)
