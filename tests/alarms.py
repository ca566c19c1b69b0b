"""An exception of the program's own, at the nth line or return of some files in turn."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")


class AlarmError(Exception):
    """What the program's own alarm raises."""


class Alarm:
    """Raises at the ``nth`` line or return in files whose paths begin with one of ``places``.

    A return counts, as a lock that is taken is handed over by one.
    """

    def __init__(self, nth: int, places: tuple[str, ...]) -> None:
        """Count down from ``nth``."""
        self._left = nth
        self._places = places

    @property
    def rang(self) -> bool:
        """Whether there were so many."""
        return self._left == 0

    def __call__(self, frame: FrameType, event: str, _: object) -> Any:
        """Count one, as the interpreter tells of it."""
        if not frame.f_code.co_filename.startswith(self._places):
            return None
        self._left -= event in ("line", "return")
        if self.rang:
            raise AlarmError  # the interpreter tells of no more then
        return self


@contextmanager
def told(alarm: Alarm) -> Iterator[None]:
    """``alarm`` is told of each."""
    before = sys.gettrace()
    sys.settrace(alarm)
    try:
        yield
    finally:
        sys.settrace(before)


def in_thread(do: Callable[[], T]) -> T:
    """What ``do`` returns, which `Alarm` may ring in, in a thread of its own.

    What a trace function raises at a return can leave the exception that was handled there behind
    in Python 3.12, as the context of all that the thread raises later.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do).result()
