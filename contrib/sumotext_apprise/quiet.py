"""Keeps numbers and texts out of the log records that Apprise makes while a text of ours is sent.

Apprise's plugins log payloads at DEBUG and targets at INFO. What they say from WARNING on is kept,
with numbers masked and the text taken out. Records made outside a send of ours are not touched.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from sumotext_backend.providers import scrub

_LOGGERS: Final = ("apprise", "urllib3.connectionpool")
_text: Final[ContextVar[str | None]] = ContextVar("text", default=None)


def _allow(record: logging.LogRecord) -> bool:
    """Whether ``record`` may be seen; what may is cleaned in place."""
    text = _text.get()
    if text is None:
        return True
    if record.levelno < logging.WARNING:
        return False
    said = record.getMessage()
    record.msg, record.args = scrub(said.replace(text, "…") if text else said), None
    record.exc_info = record.exc_text = None
    return True


@contextmanager
def private(text: str) -> Iterator[None]:
    """Clean what this thread (or task) logs through Apprise for the time of the block."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_allow)
    token = _text.set(text)
    try:
        yield
    finally:
        _text.reset(token)
