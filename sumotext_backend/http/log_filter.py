"""Keeps away what libraries log of our requests.

At DEBUG urllib3's records hold the whole query, and botocore's may hold keys.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_URLLIB3: Final = tuple(
    f"urllib3.{name}"
    for name in ("connection", "connectionpool", "poolmanager", "response", "util.retry")
)

# A green thread has a context of its own, whether or not anything was patched.
_silent: Final = ContextVar("silent", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """Hold back what the filtered loggers log in this context; others keep their records."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def _is_heard(_record: logging.LogRecord) -> bool:
    return not _silent.get()


def install(loggers: Iterable[str] = _URLLIB3) -> None:
    """Put the filter on these loggers; again does nothing more."""
    for name in loggers:
        logging.getLogger(name).addFilter(_is_heard)
