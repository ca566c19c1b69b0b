"""Keeps away what libraries log of our requests.

At DEBUG urllib3's records hold the whole query, and botocore's may hold keys.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextvars import ContextVar, copy_context
from typing import Final, TypeVar

_URLLIB3: Final = tuple(
    f"urllib3.{name}"
    for name in ("connection", "connectionpool", "poolmanager", "response", "util.retry")
)

# A green thread has a context of its own, whether or not anything was patched.
_silent: Final = ContextVar("silent", default=False)


_T = TypeVar("_T")


def silently(do: Callable[[], _T]) -> _T:
    """What ``do`` returns; the filtered loggers hold back what they log meanwhile in its context.

    That is a copy, which the interpreter itself leaves: an alarm could keep a ``finally`` from it.
    """
    return copy_context().run(_silence, do)


def _silence(do: Callable[[], _T]) -> _T:
    _silent.set(True)
    return do()


def _is_heard(_record: logging.LogRecord) -> bool:
    return not _silent.get()


def install(loggers: Iterable[str] = _URLLIB3) -> None:
    """Put the filter on these loggers; again does nothing more."""
    for name in loggers:
        logging.getLogger(name).addFilter(_is_heard)
