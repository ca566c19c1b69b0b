"""Keeps urllib3's log records of our requests away: at DEBUG they hold the whole query."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_LOGGERS: Final = ("connection", "connectionpool", "poolmanager", "response", "util.retry")

# A green thread has a context of its own, whether or not anything was patched.
_silent: Final = ContextVar("silent", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """Hold back what urllib3 logs in this context; others keep their records."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def _is_heard(_record: logging.LogRecord) -> bool:
    return not _silent.get()


def install() -> None:
    """Put the filter on urllib3's loggers; again does nothing more."""
    for name in _LOGGERS:
        logging.getLogger(f"urllib3.{name}").addFilter(_is_heard)
