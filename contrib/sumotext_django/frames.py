"""Exceptions without our frames: Django's debug page and Sentry show the locals of each frame."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sumotext_backend import SmsError

P = ParamSpec("P")
T = TypeVar("T")


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
    if frames and not isinstance(error, SmsError):
        error.add_note(f"raised at {frames[-1].filename}:{frames[-1].lineno}")
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
