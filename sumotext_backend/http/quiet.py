"""Keeps urllib3's log records of our requests away: at DEBUG they hold the whole query."""

from __future__ import annotations

import logging
from typing import Final

from sumotext_backend.http.connections import current

_LOGGERS: Final = ("connection", "connectionpool", "poolmanager", "response", "util.retry")


def _not_ours(record: logging.LogRecord) -> bool:
    """Whether ``record`` was made outside an exchange of ours, so that others keep theirs."""
    return current.call is None


def hush() -> None:
    """Put the filter on urllib3's loggers; again does nothing more."""
    for name in _LOGGERS:
        logging.getLogger(f"urllib3.{name}").addFilter(_not_ours)
